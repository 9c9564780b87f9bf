//! One decision: its events and requests so far.

use std::{collections::BTreeSet, sync::Arc};

use model::{
    Accepted, AgentId, Event, FloorEvent, InteractionId, LinkEvent, Notice, NoticeTopic, Origin, QueueId,
    Record, Rejection, RequestId, SwitchId, SwitchRequest, Timestamp,
};
use uuid::Uuid;

use crate::{Ids, Outcome, OutgoingRequest, State, apply, lookup::CallerCache};

/// One decision. The state changes only through [`Turn::emit`], so later steps of the decision see the effects of
/// earlier ones.
pub(crate) struct Turn<'a> {
    /// The time of the decision.
    pub(crate) now: Timestamp,
    /// The command that is being decided, for the origin of the records.
    pub(crate) origin: Option<Origin>,
    /// Agents who may now be free for a call.
    pub(crate) free_agents: BTreeSet<AgentId>,
    /// Queues that may have a call to offer.
    pub(crate) queues_to_offer: BTreeSet<QueueId>,
    /// Directory results for waiting callers.
    pub(crate) callers: &'a mut CallerCache,
    state: &'a mut State,
    ids: &'a mut dyn Ids,
    records: Vec<Arc<Record>>,
    requests: Vec<OutgoingRequest>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(
        state: &'a mut State,
        callers: &'a mut CallerCache,
        now: Timestamp,
        ids: &'a mut dyn Ids,
    ) -> Self {
        Self {
            now,
            origin: None,
            free_agents: BTreeSet::new(),
            queues_to_offer: BTreeSet::new(),
            callers,
            state,
            ids,
            records: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// The state including everything emitted so far.
    pub(crate) fn state(&self) -> &State {
        self.state
    }

    /// A new UUID.
    pub(crate) fn uuid(&mut self) -> Uuid {
        self.ids.uuid(self.now)
    }

    /// Emits an event: numbers it, applies it and adds it to the outcome.
    pub(crate) fn emit(&mut self, event: Event) {
        let record = Record { seq: self.state.seq.next(), at: self.now, origin: self.origin.clone(), event };
        apply::apply(self.state, &record);
        if let Event::Floor(FloorEvent::QueueChanged { change, .. }) = &record.event {
            self.callers.update(change);
        }
        self.records.push(Arc::new(record));
    }

    /// Sends a request to a switch, unless the same request is already open.
    pub(crate) fn request(
        &mut self,
        switch: &SwitchId,
        agent: Option<&AgentId>,
        interaction: Option<InteractionId>,
        what: SwitchRequest,
    ) {
        if self.state.is_requested(switch, &what) {
            return;
        }
        let request = RequestId(self.state.last_request + 1);
        let outgoing = OutgoingRequest { request, switch: switch.clone(), what };
        self.emit(Event::Link(LinkEvent::Requested {
            request,
            switch: switch.clone(),
            agent: agent.cloned(),
            interaction,
            requested: Box::new(outgoing.what.without_digits()),
        }));
        self.requests.push(outgoing);
    }

    /// Sends unanswered requests to a switch again. The hub removes duplicates of requests from this turn.
    pub(crate) fn resend_requests(&mut self, switch: &SwitchId) {
        self.requests.extend(self.state.unanswered(switch));
    }

    /// Raises a notice for an agent, or for all agents.
    pub(crate) fn notice(
        &mut self,
        agent: Option<&AgentId>,
        interaction: Option<InteractionId>,
        topic: NoticeTopic,
    ) {
        let notice = topic.into();
        self.emit(Event::Floor(FloorEvent::NoticeRaised { agent: agent.cloned(), interaction, notice }));
    }

    /// Raises a notice that a session sent for an agent. Ignores unknown agents.
    pub(crate) fn forward_notice(
        &mut self,
        agent: &AgentId,
        interaction: Option<InteractionId>,
        notice: Notice,
    ) {
        if self.state.agent(agent).is_some() {
            let interaction = interaction.filter(|id| self.state.interaction(*id).is_some());
            self.emit(Event::Floor(FloorEvent::NoticeRaised {
                agent: Some(agent.clone()),
                interaction,
                notice,
            }));
        }
    }

    /// The reply to an accepted input.
    pub(crate) fn accepted(&self) -> Accepted {
        let interaction = self.records.iter().find_map(|record| record.event.interaction());
        Accepted { seq: self.state.seq, interaction }
    }

    /// Ends the decision. A rejected command has emitted nothing.
    pub(crate) fn finish(self, reply: Result<Accepted, Rejection>) -> Outcome {
        Outcome { records: self.records, requests: self.requests, reply }
    }

    /// Whether nothing was emitted yet.
    pub(crate) fn is_untouched(&self) -> bool {
        self.records.is_empty()
    }
}
