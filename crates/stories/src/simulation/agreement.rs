//! Checks that hub and switches agree on every call.

use std::collections::BTreeMap;

use model::{AgentView, ConversationState, Snapshot, SwitchId, Timestamp};
use serde_json::Value;

use super::{
    Broken,
    hub::Side,
    network::Sent,
    plan::{asterisk_switch, switch},
    world::World,
};
use crate::depth::control;

/// The state of each phone in a call, by call and phone.
type Places = BTreeMap<(String, String), String>;

/// The calls of one switch, as the switch and the hub report them.
struct Views {
    phones_at_switch: Places,
    phones_at_hub: Places,
    /// The queue of each waiting call, by call.
    waiting_at_switch: BTreeMap<String, String>,
    waiting_at_hub: BTreeMap<String, String>,
}

impl World {
    /// Requests the calls of the built-in switch.
    pub(super) fn question(&mut self) -> Result<Vec<Value>, Broken> {
        self.request(Side::Phones, self.switch, control::calls(), Sent::Question);
        self.run_until(Timestamp(self.now.0 + 1_000))?;
        let answer = self.control_answer.take().ok_or("the switch did not answer its control interface")?;
        Ok(control::items(&answer))
    }

    /// Checks that the hub has only calls that the switch has. The opposite need not hold: if no agent was signed in at a phone when its
    /// call began, the hub gets no events about that phone before the next snapshot.
    pub(super) fn nothing_is_invented(&mut self) -> Result<(), Broken> {
        for Views { phones_at_switch, phones_at_hub, .. } in self.views()? {
            let mut at_hub = phones_at_hub.into_iter();
            if let Some(invented) = at_hub.find(|(place, state)| phones_at_switch.get(place) != Some(state)) {
                return Err(format!(
                    "the hub has {invented:?}, which is not at the switch: {phones_at_switch:?}"
                ));
            }
        }
        Ok(())
    }

    /// Checks that hub and switch have the same calls with the same states.
    pub(super) fn agree(&mut self) -> Result<(), Broken> {
        for views in self.views()? {
            let (at_switch, at_hub) = (views.phones_at_switch, views.phones_at_hub);
            if at_switch != at_hub {
                return Err(format!("the switch has {at_switch:?}, the hub has {at_hub:?}"));
            }
            let (at_switch, at_hub) = (views.waiting_at_switch, views.waiting_at_hub);
            if at_switch != at_hub {
                return Err(format!("waiting at the switch: {at_switch:?}; waiting at the hub: {at_hub:?}"));
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
            phones_at_switch: as_at_hub(phones_at_switch, &phones_at_hub),
            phones_at_hub,
            waiting_at_switch: waiting_at_switch(calls),
            // The variables of a caller's channel do not say whether the call is being offered.
            waiting_at_hub: waiting_at_hub(switch, is_asterisk, snapshot),
        }
    }

    /// The states of the agents' phones, as the switch reports them.
    fn phones_at_switch(&self, switch: &SwitchId, calls: &[Value], snapshot: &Snapshot) -> Places {
        let mut places = Places::new();
        for call in calls {
            for connection in call["connections"].as_array().into_iter().flatten() {
                let Some(device) = connection["party"]["at"]["device"].as_str() else { continue };
                let sits = |agent: &AgentView| {
                    let is_here = self.site.switch_of(agent.id.as_str()) == *switch;
                    is_here && agent.device.as_ref().is_some_and(|seat| seat.as_str() == device)
                };
                // A call at a phone without a signed-in agent is not an agent's work.
                if snapshot.agents.iter().any(|agent| agent.state.is_signed_in() && sits(agent)) {
                    let state = connected(call, connection);
                    places.insert((text(&call["call"]), device.to_owned()), state.to_owned());
                }
            }
        }
        places
    }
}

/// Adjusts the switch's view to the hub's rule that a leg does not return to dialing: after a transfer, a party that has talked and waits
/// for somebody else still counts as talking.
fn as_at_hub(mut at_switch: Places, at_hub: &Places) -> Places {
    for (place, state) in &mut at_switch {
        if state == "dialing" && at_hub.get(place).is_some_and(|state_at_hub| state_at_hub == "talking") {
            state.replace_range(.., "talking");
        }
    }
    at_switch
}

/// The state of a phone's connection, in the hub's terms.
fn connected(call: &Value, own: &Value) -> &'static str {
    let mut others = call["connections"].as_array().into_iter().flatten().filter(|other| *other != own);
    match own["state"].as_str() {
        Some("initiated" | "queued") => "dialing",
        Some("alerting") => "alerting",
        Some("held") => "held",
        // A party that is connected while all others only ring is waiting for an answer.
        _ if others.all(|other| other["state"] == "alerting") => "dialing",
        _ => "talking",
    }
}

/// The states of the agents' phones, as the hub reports them.
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

/// The calls that wait in a queue or ring from it, with the queue.
fn waiting_at_switch(calls: &[Value]) -> BTreeMap<String, String> {
    let waits = |call: &&Value| {
        let mut connections = call["connections"].as_array().into_iter().flatten();
        connections.any(|connection| connection["state"] == "queued")
    };
    calls.iter().filter(waits).map(|call| (text(&call["call"]), text(&call["queue"]))).collect()
}

/// The calls that wait at the hub, with the queue. `offered_too` includes calls that are being offered.
fn waiting_at_hub(switch: &SwitchId, offered_too: bool, snapshot: &Snapshot) -> BTreeMap<String, String> {
    let all = snapshot.queues.iter().flat_map(|queue| queue.waiting.iter().map(move |call| (queue, call)));
    let here = all.filter(|(_, call)| call.switch == *switch && (offered_too || call.offered.is_none()));
    here.map(|(queue, call)| (call.call.to_string(), queue.id.to_string())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
