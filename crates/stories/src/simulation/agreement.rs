//! Whether hub and switches agree on every call.

use std::collections::BTreeMap;

use model::{AgentView, ConversationState, Snapshot, SwitchId, Timestamp};
use serde_json::Value;

use super::{
    Broken,
    hub::Side,
    plan::{asterisk_switch, switch},
    wires::Sent,
    world::World,
};
use crate::depth::control;

/// A phone's place in a call: the call, the phone, and how it is connected.
type Places = BTreeMap<(String, String), String>;

/// What one switch and the hub say of the switch's calls.
struct Views {
    phones_at_switch: Places,
    phones_at_hub: Places,
    /// Calls that wait, with the queue.
    waiting_at_switch: BTreeMap<String, String>,
    waiting_at_hub: BTreeMap<String, String>,
}

impl World {
    /// Asks the built-in switch what it knows of its calls.
    pub(super) fn question(&mut self) -> Result<Vec<Value>, Broken> {
        self.request(Side::Phones, self.switch, control::calls(), Sent::Question);
        self.run_until(Timestamp(self.now.0 + 1_000))?;
        let told = self.told.take().ok_or("the switch did not answer its control interface")?;
        Ok(control::items(&told))
    }

    /// What the hub sees is at the switch. What is at the switch the hub may not see: of a phone at which nobody was signed in when its
    /// call began it is told nothing before the next full picture.
    pub(super) fn nothing_is_invented(&mut self) -> Result<(), Broken> {
        for Views { phones_at_switch, phones_at_hub, .. } in self.views()? {
            let mut at_hub = phones_at_hub.into_iter();
            if let Some(invented) = at_hub.find(|(place, state)| phones_at_switch.get(place) != Some(state)) {
                return Err(format!("the hub has {invented:?}, the switch has {phones_at_switch:?}"));
            }
        }
        Ok(())
    }

    /// Hub and switch see the same calls in the same places.
    pub(super) fn agree(&mut self) -> Result<(), Broken> {
        for views in self.views()? {
            let (at_switch, at_hub) = (views.phones_at_switch, views.phones_at_hub);
            if at_switch != at_hub {
                return Err(format!("the switch has {at_switch:?}, the hub has {at_hub:?}"));
            }
            let (at_switch, at_hub) = (views.waiting_at_switch, views.waiting_at_hub);
            if at_switch != at_hub {
                return Err(format!("at the switch {at_switch:?} wait, at the hub {at_hub:?}"));
            }
        }
        Ok(())
    }

    fn views(&mut self) -> Result<[Views; 2], Broken> {
        let built_in = self.question()?;
        let snapshot = self.hubs[Side::Phones].snapshot(self.now)?;
        Ok([
            self.views_of(&switch(), &built_in, &snapshot),
            self.views_of(&asterisk_switch(), &self.site.calls(), &snapshot),
        ])
    }

    fn views_of(&self, switch: &SwitchId, calls: &[Value], snapshot: &Snapshot) -> Views {
        let is_asterisk = *switch == asterisk_switch();
        let mut phones_at_hub = phones_at_hub(switch, snapshot);
        let mut phones_at_switch = self.phones_at_switch(switch, calls, snapshot);
        if is_asterisk && self.site.rings_at_desk() {
            phones_at_hub.retain(|_, state| state != "alerting");
            phones_at_switch.retain(|_, state| state != "alerting");
        }
        Views {
            phones_at_switch: as_the_hub_says(phones_at_switch, &phones_at_hub),
            phones_at_hub,
            waiting_at_switch: waiting_at_switch(calls),
            // What is written on a caller's channel does not say whether the call is offered at the moment.
            waiting_at_hub: waiting_at_hub(switch, is_asterisk, snapshot),
        }
    }

    /// Where agents' phones are, as the switch says.
    fn phones_at_switch(&self, switch: &SwitchId, calls: &[Value], snapshot: &Snapshot) -> Places {
        let mut places = Places::new();
        for call in calls {
            for connection in call["connections"].as_array().into_iter().flatten() {
                let Some(device) = connection["party"]["at"]["device"].as_str() else { continue };
                let sits = |agent: &AgentView| {
                    let is_here = self.site.switch_of(agent.id.as_str()) == *switch;
                    is_here && agent.device.as_ref().is_some_and(|seat| seat.as_str() == device)
                };
                // A phone at which nobody is signed in is nobody's work.
                if snapshot.agents.iter().any(|agent| agent.state.is_signed_in() && sits(agent)) {
                    let state = connected(call, connection);
                    places.insert((text(&call["call"]), device.to_owned()), state.to_owned());
                }
            }
        }
        places
    }
}

/// Whoever has talked and waits for somebody else, after a transfer, talks on for the hub: a leg does not go back to dialling.
fn as_the_hub_says(mut at_switch: Places, at_hub: &Places) -> Places {
    for (place, state) in &mut at_switch {
        if state == "dialing" && at_hub.get(place).is_some_and(|said| said == "talking") {
            state.replace_range(.., "talking");
        }
    }
    at_switch
}

/// How a phone is connected, in the hub's words.
fn connected(call: &Value, own: &Value) -> &'static str {
    let mut others = call["connections"].as_array().into_iter().flatten().filter(|other| *other != own);
    match own["state"].as_str() {
        Some("initiated" | "queued") => "dialing",
        Some("alerting") => "alerting",
        Some("held") => "held",
        // Whoever is connected while all others only ring waits for an answer.
        _ if others.all(|other| other["state"] == "alerting") => "dialing",
        _ => "talking",
    }
}

/// Where agents' phones are, as the hub says.
fn phones_at_hub(switch: &SwitchId, snapshot: &Snapshot) -> Places {
    let mut places = Places::new();
    let interactions = snapshot.interactions.iter().map(|view| &view.interaction);
    for one in interactions.filter(|one| one.switch.as_ref() == Some(switch)) {
        for (_, leg) in one.conversations() {
            let state = match leg.state {
                ConversationState::Alerting => "alerting",
                ConversationState::Dialing => "dialing",
                ConversationState::Talking => "talking",
                ConversationState::Held => "held",
                ConversationState::Ended => "ended",
            };
            places.insert((leg.call.to_string(), one.device.to_string()), state.to_owned());
        }
    }
    places
}

/// Calls that wait or ring out of a queue, with the queue.
fn waiting_at_switch(calls: &[Value]) -> BTreeMap<String, String> {
    let waits = |call: &&Value| {
        let mut connections = call["connections"].as_array().into_iter().flatten();
        connections.any(|connection| connection["state"] == "queued")
    };
    calls.iter().filter(waits).map(|call| (text(&call["call"]), text(&call["queue"]))).collect()
}

/// Calls that wait at the hub; those that are offered too, or not.
fn waiting_at_hub(switch: &SwitchId, offered_too: bool, snapshot: &Snapshot) -> BTreeMap<String, String> {
    let all = snapshot.queues.iter().flat_map(|queue| queue.waiting.iter().map(move |call| (queue, call)));
    let here = all.filter(|(_, call)| call.switch == *switch && (offered_too || call.offered.is_none()));
    here.map(|(queue, call)| (call.call.to_string(), queue.id.to_string())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
