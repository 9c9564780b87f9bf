//! Indexes of the state. They are derived from the rest of the state and are never stored.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use model::{
    AgentId, AgentState, CallId, DeviceId, GraceMs, Interaction, InteractionId, Leg, QueueId, RequestId,
    SwitchId, SwitchRequest, Timestamp,
};

use super::{Agent, LiveInteraction, PendingRequest, State, Switch};

/// A timer and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// An offered call rang too long.
    Offer(AgentId),
    /// The wrap-up time is over.
    WrapUp(InteractionId),
    /// The directory did not answer in time.
    Lookup(InteractionId),
    /// A switch did not answer in time.
    Request(RequestId),
    /// A switch did not hang up in time.
    Release(InteractionId),
    /// An agent had no desk for too long.
    Desk(AgentId),
    /// A switch could not be reached for too long.
    Switch(SwitchId),
}

/// How long a switch can take to answer a request. Milliseconds. Our choice: longer than the 30 s that Harmony's bridge waits for a response
/// (harmony.md §2.3), the longest limit of a dialect. A slower switch has lost the request.
const REQUEST_MS_MAX: u64 = 35_000;

/// How long the directory can take before desks continue without a contact. Milliseconds. Our choice: not noticeable
/// when a call rings.
pub(crate) const LOOKUP_MS_MAX: u64 = 250;

/// Indexes of the state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Index {
    /// The agent who is signed in at each phone.
    pub(crate) seats: BTreeMap<(SwitchId, DeviceId), AgentId>,
    /// The agents who are free for each queue, the longest idle first.
    pub(crate) idle: BTreeMap<QueueId, BTreeSet<(Timestamp, AgentId)>>,
    /// The number of agents signed in to each queue.
    pub(crate) members: BTreeMap<QueueId, usize>,
    /// The conversations of each call.
    pub(crate) calls: BTreeMap<(SwitchId, CallId), Vec<(InteractionId, Leg)>>,
    /// The queue of each waiting call.
    pub(crate) waiting: BTreeMap<(SwitchId, CallId), QueueId>,
    /// All timers, the earliest first.
    pub(crate) due: BTreeSet<(Timestamp, Timer)>,
    /// Open requests by the phone or call that they are about.
    pub(crate) requested: BTreeMap<(SwitchId, CompactString), BTreeSet<RequestId>>,
}

impl Index {
    /// Builds the indexes.
    pub(crate) fn of(state: &State) -> Self {
        let mut index = Self::default();
        for (id, agent) in &state.agents {
            index.put_agent(id, agent, state.floor.desk_grace_ms);
        }
        for live in state.interactions.values() {
            index.put_interaction(live);
        }
        for (queue, waiting) in &state.queues {
            for one in waiting {
                index.waiting.insert((one.switch.clone(), one.call.clone()), queue.clone());
            }
        }
        for (id, switch) in &state.switches {
            index.put_switch(id, switch, state.floor.switch_grace_ms);
        }
        for (request, pending) in &state.requests {
            index.put_request(*request, pending);
        }
        index
    }

    pub(crate) fn put_switch(&mut self, id: &SwitchId, switch: &Switch, grace: GraceMs) {
        let until = switch.down_since.and_then(|since| grace.over_at(since));
        self.due.extend(until.map(|until| (until, Timer::Switch(id.clone()))));
    }

    pub(crate) fn take_switch(&mut self, id: &SwitchId, switch: &Switch, grace: GraceMs) {
        if let Some(until) = switch.down_since.and_then(|since| grace.over_at(since)) {
            self.due.remove(&(until, Timer::Switch(id.clone())));
        }
    }

    pub(crate) fn put_agent(&mut self, id: &AgentId, agent: &Agent, grace: GraceMs) {
        self.due.extend(agent.desk_until(grace).map(|until| (until, Timer::Desk(id.clone()))));
        let Some(seat) = &agent.seat else { return };
        self.seats.insert((seat.switch.clone(), seat.device.clone()), id.clone());
        for queue in &seat.queues {
            *self.members.entry(queue.clone()).or_default() += 1;
        }
        if let Some(offer) = &agent.offer {
            self.due.insert((offer.until, Timer::Offer(id.clone())));
        } else if agent.state == AgentState::Ready {
            for queue in &seat.queues {
                self.idle.entry(queue.clone()).or_default().insert((agent.since, id.clone()));
            }
        }
    }

    pub(crate) fn take_agent(&mut self, id: &AgentId, agent: &Agent, grace: GraceMs) {
        if let Some(until) = agent.desk_until(grace) {
            self.due.remove(&(until, Timer::Desk(id.clone())));
        }
        let Some(seat) = &agent.seat else { return };
        self.seats.remove(&(seat.switch.clone(), seat.device.clone()));
        if let Some(offer) = &agent.offer {
            self.due.remove(&(offer.until, Timer::Offer(id.clone())));
        }
        for queue in &seat.queues {
            self.leave(queue);
            if let Some(idle) = self.idle.get_mut(queue) {
                idle.remove(&(agent.since, id.clone()));
                if idle.is_empty() {
                    self.idle.remove(queue);
                }
            }
        }
    }

    fn leave(&mut self, queue: &QueueId) {
        let Some(members) = self.members.get_mut(queue) else { return };
        *members -= 1;
        if *members == 0 {
            self.members.remove(queue);
        }
    }

    pub(crate) fn put_interaction(&mut self, live: &LiveInteraction) {
        if let Some(until) = live.wrap_up_until {
            self.due.insert((until, Timer::WrapUp(live.interaction.id)));
        }
        self.due.extend(lookup_due(live));
        for until in live.releasing.values() {
            self.due.insert((*until, Timer::Release(live.interaction.id)));
        }
        let Some(switch) = &live.interaction.switch else { return };
        for (leg, conversation) in live.interaction.conversations() {
            let key = (switch.clone(), conversation.call.clone());
            let legs = self.calls.entry(key).or_default();
            legs.push((live.interaction.id, leg));
            legs.sort_unstable_by_key(|(id, leg)| (*id, *leg == Leg::Consult));
        }
    }

    pub(crate) fn take_interaction(&mut self, live: &LiveInteraction) {
        if let Some(until) = live.wrap_up_until {
            self.due.remove(&(until, Timer::WrapUp(live.interaction.id)));
        }
        if let Some(due) = lookup_due(live) {
            self.due.remove(&due);
        }
        for until in live.releasing.values() {
            self.due.remove(&(*until, Timer::Release(live.interaction.id)));
        }
        let Some(switch) = &live.interaction.switch else { return };
        for (leg, conversation) in live.interaction.conversations() {
            let key = (switch.clone(), conversation.call.clone());
            if let Some(legs) = self.calls.get_mut(&key) {
                legs.retain(|one| *one != (live.interaction.id, leg));
                if legs.is_empty() {
                    self.calls.remove(&key);
                }
            }
        }
    }

    pub(crate) fn put_request(&mut self, request: RequestId, pending: &PendingRequest) {
        self.due.insert((Timestamp(pending.since.0 + REQUEST_MS_MAX), Timer::Request(request)));
        let key = (pending.switch.clone(), subject(&pending.what));
        self.requested.entry(key).or_default().insert(request);
    }

    pub(crate) fn take_request(&mut self, request: RequestId, pending: &PendingRequest) {
        self.due.remove(&(Timestamp(pending.since.0 + REQUEST_MS_MAX), Timer::Request(request)));
        let key = (pending.switch.clone(), subject(&pending.what));
        if let Some(requested) = self.requested.get_mut(&key) {
            requested.remove(&request);
            if requested.is_empty() {
                self.requested.remove(&key);
            }
        }
    }

    /// Open requests about the same phone or call.
    pub(crate) fn requested_of(
        &self,
        switch: &SwitchId,
        what: &SwitchRequest,
    ) -> impl Iterator<Item = RequestId> {
        self.requested.get(&(switch.clone(), subject(what))).into_iter().flatten().copied()
    }
}

/// When to stop waiting for the directory.
fn lookup_due(live: &LiveInteraction) -> Option<(Timestamp, Timer)> {
    let Interaction { id, opened_at, contact_pending, .. } = live.interaction;
    let until = live.lookup_until.unwrap_or(Timestamp(opened_at.0 + LOOKUP_MS_MAX));
    contact_pending.then_some((until, Timer::Lookup(id)))
}

/// The phone or call that a request is about.
fn subject(what: &SwitchRequest) -> CompactString {
    match what {
        SwitchRequest::MakeCall { device, .. }
        | SwitchRequest::AlternateCall { device, .. }
        | SwitchRequest::TransferCall { device, .. }
        | SwitchRequest::ConferenceCall { device, .. } => CompactString::new(device.as_str()),
        SwitchRequest::AnswerCall { call, .. }
        | SwitchRequest::ClearConnection { call, .. }
        | SwitchRequest::HoldCall { call, .. }
        | SwitchRequest::RetrieveCall { call, .. }
        | SwitchRequest::ConsultationCall { call, .. }
        | SwitchRequest::SingleStepTransfer { call, .. }
        | SwitchRequest::DeflectCall { call, .. }
        | SwitchRequest::GenerateDigits { call, .. }
        | SwitchRequest::SetMute { call, .. }
        | SwitchRequest::StartRecording { call, .. }
        | SwitchRequest::PauseRecording { call, .. }
        | SwitchRequest::ResumeRecording { call, .. } => CompactString::new(call.as_str()),
        SwitchRequest::Snapshot => CompactString::default(),
    }
}
