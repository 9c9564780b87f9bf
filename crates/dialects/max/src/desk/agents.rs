//! The agents whose MAX tells us, with their calls.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, CallId, DeviceId, SwitchEvent, Timestamp, switch::CallPicture};
use session::{Projection, Timers};

use super::{calls::Call, follow::Stance};
use crate::wire::{
    CallContact, ContactId,
    limits::{CALLS_PER_AGENT_MAX, PAGE_BACK_WITHIN},
};

/// The agents whose MAX tells us.
#[derive(Debug, Default)]
pub(super) struct Seats {
    all: BTreeMap<AgentId, Seat>,
    /// Agents with calls and without a page, and until when one may come back.
    deserted: Timers<AgentId>,
}

/// An agent whose MAX tells us.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) device: DeviceId,
    pub(super) calls: BTreeMap<ContactId, Call>,
    pub(super) is_muted: bool,
    /// What the hub was last told that the agent is.
    pub(super) stance: Option<Stance>,
    /// The calls that a picture under way has not shown yet.
    unseen: Option<BTreeSet<ContactId>>,
}

impl Seats {
    pub(super) fn held(&self) -> usize {
        self.all.values().map(|seat| seat.calls.len()).sum()
    }

    /// The agent has its phone at MAX. One that was given another phone has it from the next call on.
    pub(super) fn take(&mut self, agent: &AgentId, device: &DeviceId) {
        let seat = self.all.entry(agent.clone()).or_insert_with(|| Seat {
            device: device.clone(),
            calls: BTreeMap::new(),
            is_muted: false,
            stance: None,
            unseen: None,
        });
        if seat.calls.is_empty() {
            seat.device.clone_from(device);
        }
    }

    pub(super) fn get_mut(&mut self, agent: &AgentId) -> Option<&mut Seat> {
        self.all.get_mut(agent)
    }

    /// The agent at a phone, and its call of an id.
    pub(super) fn find(
        &self,
        device: &DeviceId,
        call: &CallId,
    ) -> Option<(&AgentId, &Seat, &ContactId, &Call)> {
        let (agent, seat) = self.all.iter().find(|(_, seat)| seat.device == *device)?;
        let (contact, call) = seat.calls.iter().find(|(_, one)| one.id == *call)?;
        Some((agent, seat, contact, call))
    }

    pub(super) fn mute(&mut self, agent: &AgentId, muted: bool) {
        if let Some(seat) = self.all.get_mut(agent) {
            seat.is_muted = muted;
        }
    }

    /// MAX tells of a call.
    pub(super) fn call(
        &mut self,
        agent: &AgentId,
        contact: &CallContact,
        projection: Option<&Projection>,
    ) -> Vec<SwitchEvent> {
        let Some(seat) = self.all.get_mut(agent) else { return Vec::new() };
        if let Some(unseen) = &mut seat.unseen {
            unseen.remove(&contact.id);
        }
        let mut events = Vec::new();
        if !seat.calls.contains_key(&contact.id) {
            if contact.status.is_over() {
                return events;
            }
            events.extend(seat.make_room());
            seat.calls.insert(contact.id.clone(), Call::new(contact, &seat.device, projection));
        }
        let Some(call) = seat.calls.get_mut(&contact.id) else { return events };
        events.extend(call.apply(contact));
        if contact.status.is_over() {
            seat.calls.remove(&contact.id);
        }
        events
    }

    /// What comes is everything there is.
    pub(super) fn begin_picture(&mut self, agent: &AgentId) {
        self.deserted.cancel(agent);
        if let Some(seat) = self.all.get_mut(agent) {
            seat.unseen = Some(seat.calls.keys().cloned().collect());
        }
    }

    /// What did not come is over.
    pub(super) fn end_picture(&mut self, agent: &AgentId) -> Vec<SwitchEvent> {
        let Some(seat) = self.all.get_mut(agent) else { return Vec::new() };
        let unseen = seat.unseen.take().unwrap_or_default();
        let gone: Vec<Call> = unseen.iter().filter_map(|id| seat.calls.remove(id)).collect();
        gone.iter().flat_map(Call::lose).collect()
    }

    /// Every call there is.
    pub(super) fn pictures(&self) -> Vec<CallPicture> {
        self.all.values().flat_map(|seat| seat.calls.values()).map(Call::picture).collect()
    }

    /// Notes which agents have calls and no page.
    pub(super) fn desert(&mut self, now: Timestamp, has_page: impl Fn(&AgentId) -> bool) {
        for (agent, seat) in &self.all {
            if !has_page(agent) && !seat.calls.is_empty() && !self.deserted.contains(agent) {
                self.deserted.set(agent.clone(), now + PAGE_BACK_WITHIN);
            }
        }
    }

    pub(super) fn due(&self) -> Option<Timestamp> {
        self.deserted.next().map(|(at, _)| at)
    }

    /// Gives up the calls of agents whose page has not come back.
    pub(super) fn lose(&mut self, now: Timestamp) -> Vec<SwitchEvent> {
        let mut events = Vec::new();
        while let Some(agent) = self.deserted.take(now) {
            let Some(seat) = self.all.get_mut(&agent) else { continue };
            seat.stance = None;
            events.extend(std::mem::take(&mut seat.calls).values().flat_map(Call::lose));
        }
        events
    }
}

impl Seat {
    /// An agent has only so many calls: the one of the smallest number must be over, and its end was missed.
    fn make_room(&mut self) -> Vec<SwitchEvent> {
        if self.calls.len() < CALLS_PER_AGENT_MAX {
            return Vec::new();
        }
        self.calls.pop_first().map(|(_, call)| call.lose()).unwrap_or_default()
    }
}
