//! One decision: what was emitted and asked so far.

use std::{collections::BTreeSet, sync::Arc};

use model::{
    Accepted, AgentId, Code, Event, FloorEvent, InteractionId, LinkEvent, Notice, NoticeLevel, Origin,
    QueueId, Record, Rejection, RequestId, SwitchId, SwitchRequest, Timestamp,
};
use uuid::Uuid;

use crate::{Asked, Ids, Outcome, State, apply, lookup::Callers};

/// One decision. The state changes by [`Turn::emit`] only, so that what is decided later in the turn sees what came before.
pub(crate) struct Turn<'a> {
    /// Time of the decision.
    pub(crate) now: Timestamp,
    /// The command that is being decided, for the records' origin.
    pub(crate) origin: Option<Origin>,
    /// Agents who may have become free.
    pub(crate) freed: BTreeSet<AgentId>,
    /// Queues that may have a call without an offer.
    pub(crate) fed: BTreeSet<QueueId>,
    /// Callers that wait and were looked up.
    pub(crate) callers: &'a mut Callers,
    state: &'a mut State,
    ids: &'a mut dyn Ids,
    records: Vec<Arc<Record>>,
    requests: Vec<Asked>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(
        state: &'a mut State,
        callers: &'a mut Callers,
        now: Timestamp,
        ids: &'a mut dyn Ids,
    ) -> Self {
        Self {
            now,
            origin: None,
            freed: BTreeSet::new(),
            fed: BTreeSet::new(),
            callers,
            state,
            ids,
            records: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// The state with everything emitted so far.
    pub(crate) fn state(&self) -> &State {
        self.state
    }

    /// A new id.
    pub(crate) fn uuid(&mut self) -> Uuid {
        self.ids.uuid(self.now)
    }

    /// Lets something have happened.
    pub(crate) fn emit(&mut self, event: Event) {
        let record = Record { seq: self.state.seq.next(), at: self.now, origin: self.origin.clone(), event };
        apply::apply(self.state, &record);
        if let Event::Floor(FloorEvent::QueueChanged { change, .. }) = &record.event {
            self.callers.follow(change);
        }
        self.records.push(Arc::new(record));
    }

    /// Asks something of a switch, unless the very same is asked already.
    pub(crate) fn ask(
        &mut self,
        switch: &SwitchId,
        agent: Option<&AgentId>,
        interaction: Option<InteractionId>,
        what: SwitchRequest,
    ) {
        if self.state.is_asked(switch, &what) {
            return;
        }
        let request = RequestId(self.state.last_request + 1);
        let asked = Asked { request, switch: switch.clone(), what };
        self.emit(Event::Link(LinkEvent::Requested {
            request,
            switch: switch.clone(),
            agent: agent.cloned(),
            interaction,
            asked: Box::new(asked.what.without_digits()),
        }));
        self.requests.push(asked);
    }

    /// Sends again what a switch has not answered. What was asked in this turn, the hub sends once.
    pub(crate) fn ask_again(&mut self, switch: &SwitchId) {
        self.requests.extend(self.state.unanswered(switch));
    }

    /// Tells a person something.
    pub(crate) fn notice(
        &mut self,
        level: NoticeLevel,
        code: Code,
        agent: Option<&AgentId>,
        interaction: Option<InteractionId>,
        text: impl Into<String>,
    ) {
        let notice = Notice { level, code, text: text.into().into() };
        self.emit(Event::Floor(FloorEvent::NoticeRaised { agent: agent.cloned(), interaction, notice }));
    }

    /// Tells an agent of the floor what a session has for it.
    pub(crate) fn pass_on(&mut self, agent: &AgentId, interaction: Option<InteractionId>, notice: Notice) {
        if self.state.agent(agent).is_some() {
            let interaction = interaction.filter(|id| self.state.interaction(*id).is_some());
            self.emit(Event::Floor(FloorEvent::NoticeRaised {
                agent: Some(agent.clone()),
                interaction,
                notice,
            }));
        }
    }

    /// What to say when all went well.
    pub(crate) fn accepted(&self) -> Accepted {
        let interaction = self.records.iter().find_map(|record| record.event.interaction());
        Accepted { seq: self.state.seq, interaction }
    }

    /// Ends the decision. A rejected command has changed nothing.
    pub(crate) fn finish(self, reply: Result<Accepted, Rejection>) -> Outcome {
        Outcome { records: self.records, requests: self.requests, reply }
    }

    /// Whether nothing was emitted yet.
    pub(crate) fn is_untouched(&self) -> bool {
        self.records.is_empty()
    }
}
