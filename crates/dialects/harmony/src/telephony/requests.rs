//! The bridge's requests that became commands. The answers of the hub and the switch determine the response.

use model::{
    Accepted, AgentId, CommandId, Event, InteractionEvent, InteractionId, InteractionState, LinkEvent,
    Record, Rejection, RequestId, Seq, SwitchAnswer,
};
use serde_json::Value;

use super::{RequestHeader, TelephonySession, checks::refusal_text};
use crate::wire::{Object, limits::EFFECT, reply::Native};

/// The effect that a request waits for, in addition to the switch's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// No further effect.
    None,
    /// The interaction of the dialed call.
    Dial,
    /// The consult of an interaction.
    Consult(InteractionId),
    /// The end of the agent's session.
    Logout,
}

/// A request without a response.
#[derive(Debug)]
pub(super) struct PendingRequest {
    agent: AgentId,
    pub(super) asked: RequestHeader,
    effect: Effect,
    /// The sequence number of the accepted command. The request is complete after this event.
    taken: Option<Seq>,
    /// The requests to the switch that resulted from it.
    requests: Vec<RequestId>,
    refused: Option<String>,
    /// The interaction of a dialed call.
    opened: Option<InteractionId>,
}

impl PendingRequest {
    fn note_event(&mut self, request: RequestId, answer: &SwitchAnswer) {
        if !self.requests.contains(&request) {
            return;
        }
        self.requests.retain(|open| *open != request);
        if let SwitchAnswer::Refused { text, .. } = answer {
            self.refused.get_or_insert_with(|| text.to_string());
        }
    }
}

impl TelephonySession {
    /// Keeps a request until its command has a result.
    pub(super) fn open(&mut self, command: CommandId, agent: AgentId, asked: RequestHeader, effect: Effect) {
        let until = self.out.now() + EFFECT;
        let (requests, refused, opened) = (Vec::new(), None, None);
        let open = PendingRequest { agent, asked, effect, taken: None, requests, refused, opened };
        self.pending.open(command, until, open);
    }

    /// An agent's requests without a response. While there are any, the agent's events wait.
    pub(super) fn pending(&self, agent: &AgentId) -> impl Iterator<Item = (&CommandId, &PendingRequest)> {
        self.pending.iter().filter(|(_, open)| open.agent == *agent)
    }

    /// Takes the parts of an event that concern open requests.
    pub(super) fn note_event(&mut self, record: &Record) {
        if let Event::Link(LinkEvent::Requested { request, .. }) = &record.event
            && let Some(open) =
                record.origin.as_ref().and_then(|origin| self.pending.get_mut(&origin.command))
        {
            open.requests.push(*request);
        }
        let agent = record.event.agent();
        let mut pending =
            self.pending.iter_mut().map(|(_, open)| open).filter(|open| Some(&open.agent) == agent);
        if let Event::Link(LinkEvent::Answered { request, answer, .. }) = &record.event {
            pending.for_each(|open| open.note_event(*request, answer));
        } else if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event
            && interaction.state == InteractionState::Dialing
            && let Some(open) = pending.find(|open| open.effect == Effect::Dial)
        {
            open.opened = Some(interaction.id);
        }
    }

    pub(super) fn answered(&mut self, command: &CommandId, result: Result<Accepted, Rejection>) {
        let Some(open) = self.pending.get_mut(command) else { return };
        match result {
            Ok(accepted) => open.taken = Some(accepted.seq),
            Err(rejection) => open.refused = Some(refusal_text(&rejection, None)),
        }
        let agent = open.agent.clone();
        self.settle(&agent);
        self.sync(&agent);
    }

    /// Responds to all requests of an agent that have a result.
    pub(super) fn settle(&mut self, agent: &AgentId) {
        let pending = self.pending(agent);
        let done: Vec<_> =
            pending.filter_map(|(command, open)| Some((command.clone(), self.outcome(open)?))).collect();
        for (command, result) in done {
            if let Some(open) = self.pending.close(&command) {
                self.finish(open, result);
            }
        }
    }

    /// Responds to all requests after a snapshot.
    pub(super) fn settle_all(&mut self) {
        for agent in self.objects.agents() {
            self.settle(&agent);
        }
    }

    /// Fails the requests that had no effect in time.
    pub(super) fn expire_requests(&mut self) {
        while let Some((_, open)) = self.pending.close_late(self.out.now()) {
            let agent = open.agent.clone();
            self.finish(open, Err("timeout".to_owned()));
            self.sync(&agent);
        }
    }

    fn outcome(&self, open: &PendingRequest) -> Option<Result<Value, String>> {
        if let Some(text) = &open.refused {
            return Some(Err(text.clone()));
        }
        let reported = open.taken.is_some_and(|seq| seq <= self.projection.seq);
        if !reported {
            return None;
        }
        match open.effect {
            Effect::None | Effect::Logout => open.requests.is_empty().then_some(Ok(Value::Null)),
            Effect::Dial => open.opened.map(|id| Ok(self.native(id.to_string()))),
            Effect::Consult(id) => {
                let consult = self.projection.work(id).and_then(|work| work.consult.as_ref());
                consult.map(|consult| Ok(self.native(consult.id.to_string())))
            }
        }
    }

    fn native(&self, id: String) -> Value {
        Native { id: Some(id.into()) }.print(&self.words)
    }

    fn finish(&mut self, open: PendingRequest, result: Result<Value, String>) {
        let done = result.is_ok();
        let consult = match open.effect {
            Effect::Consult(id) => self.projection.work(id).and_then(|work| work.consult.as_ref()),
            Effect::None | Effect::Dial | Effect::Logout => None,
        };
        if let Some(consult) = consult.map(|consult| consult.id).filter(|_| done) {
            self.known_leg(&open.asked.target, consult);
        }
        self.respond(open.asked, result);
        let ended = self.objects.session_of(&open.agent).filter(|_| done && open.effect == Effect::Logout);
        if let Some(target) = ended.cloned() {
            self.objects.remove(&target);
        }
    }
}
