//! The bridge's requests that became commands. The answers of the hub and the switch determine the response.

use model::{
    Accepted, AgentId, CommandId, ConversationState, Event, InteractionEvent, InteractionId,
    InteractionState, LinkEvent, Record, Rejection, RequestId, Seq, SwitchAnswer, Verb,
};
use serde_json::Value;

use super::{
    RequestHeader, TelephonySession,
    bridge_requests::{RequestOwner, part_set},
    checks::refusal_text,
};
use crate::wire::{
    Object,
    limits::{EFFECT, INVITE},
    reply::Native,
};

/// The failure if an invited person does not answer (harmony.md §12).
const NOT_ANSWERED: &str = "the invited person did not answer";

/// The effect that a request waits for, in addition to the switch's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// No further effect.
    None,
    /// Data of an interaction, of which a part could not be set. Contains the text that names this part.
    PartOfData(String),
    /// The answer of a person who is invited into the conversation of an interaction, and whether that person was called.
    Invite(InteractionId, bool),
    /// The conference with the invited person.
    Join(InteractionId),
    /// The interaction of the dialed call.
    Dial,
    /// The consult of an interaction.
    Consult(InteractionId),
    /// The end of the agent's session.
    Logout,
}

/// The next step of a request.
enum Step {
    Respond(Result<Value, String>),
    /// The invited person has answered.
    Join(InteractionId),
}

/// A request without a response.
#[derive(Debug)]
pub(super) struct PendingRequest {
    agent: AgentId,
    pub(super) header: RequestHeader,
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
    pub(super) fn open(&mut self, command: CommandId, agent: AgentId, header: RequestHeader, effect: Effect) {
        let limit = if matches!(effect, Effect::Invite(..)) { INVITE } else { EFFECT };
        let until = self.out.now() + limit;
        let (requests, refused, opened) = (Vec::new(), None, None);
        let open = PendingRequest { agent, header, effect, taken: None, requests, refused, opened };
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
        self.note_invitations(agent);
        let pending = self.pending(agent);
        let done: Vec<_> =
            pending.filter_map(|(command, open)| Some((command.clone(), self.step(open)?))).collect();
        for (command, step) in done {
            let Some(open) = self.pending.close(&command) else { continue };
            match step {
                Step::Respond(result) => self.finish(open, result),
                Step::Join(id) => self.join(open, id),
            }
        }
    }

    /// Notes which invited persons were called.
    fn note_invitations(&mut self, agent: &AgentId) {
        for (_, open) in self.pending.iter_mut().filter(|(_, open)| open.agent == *agent) {
            if let Effect::Invite(id, called) = &mut open.effect {
                *called |=
                    self.projection.interaction(*id).is_some_and(|interaction| interaction.consult.is_some());
            }
        }
    }

    /// The invited person has answered: connects everybody.
    fn join(&mut self, open: PendingRequest, id: InteractionId) {
        if let Err(text) = self.command(&open.header, Some(id), Verb::Merge, Effect::Join(id)) {
            self.finish(open, Err(text));
        }
    }

    /// Hangs up on a person who could not be invited.
    fn uninvite(&mut self, header: &RequestHeader, id: InteractionId) {
        let Ok(RequestOwner { by, agent }) = self.owner(header) else { return };
        if self.projection.interaction(id).is_some_and(|interaction| interaction.consult.is_some()) {
            let command = self.out.command_id("harmony", self.instance);
            self.out.command(command, by, agent, Some(id), Verb::CancelConsult);
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

    fn step(&self, open: &PendingRequest) -> Option<Step> {
        let Effect::Invite(id, called) = open.effect else { return self.outcome(open).map(Step::Respond) };
        if let Some(text) = &open.refused {
            return Some(Step::Respond(Err(text.clone())));
        }
        let consult = self.projection.interaction(id).and_then(|interaction| interaction.consult.as_ref());
        match consult.map(|consult| consult.state) {
            Some(ConversationState::Talking) => Some(Step::Join(id)),
            Some(
                ConversationState::Alerting
                | ConversationState::Dialing
                | ConversationState::Held
                | ConversationState::Ended,
            ) => None,
            None => called.then(|| Step::Respond(Err(NOT_ANSWERED.to_owned()))),
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
        match &open.effect {
            Effect::None | Effect::Logout => open.requests.is_empty().then_some(Ok(Value::Null)),
            Effect::Join(id) => {
                let is_joined =
                    self.projection.interaction(*id).is_none_or(|interaction| interaction.consult.is_none());
                (open.requests.is_empty() && is_joined).then_some(Ok(Value::Null))
            }
            Effect::PartOfData(omitted) => Some(Err(part_set(omitted))),
            Effect::Invite(..) => None,
            Effect::Dial => open.opened.map(|id| Ok(self.native(id.to_string()))),
            Effect::Consult(id) => {
                let consult =
                    self.projection.interaction(*id).and_then(|interaction| interaction.consult.as_ref());
                consult.map(|consult| Ok(self.native(consult.id.to_string())))
            }
        }
    }

    fn native(&self, id: String) -> Value {
        Native { id: Some(id.into()) }.print(&self.words)
    }

    fn finish(&mut self, open: PendingRequest, result: Result<Value, String>) {
        let done = result.is_ok();
        match &open.effect {
            Effect::Consult(id) if done => {
                let consult =
                    self.projection.interaction(*id).and_then(|interaction| interaction.consult.as_ref());
                if let Some(consult) = consult.map(|consult| consult.id) {
                    self.known_leg(&open.header.target, consult);
                }
            }
            Effect::Invite(id, _) | Effect::Join(id) if !done => self.uninvite(&open.header, *id),
            // The bridge does not know which of its data is set, so all data is sent in an event.
            Effect::PartOfData(_) => self.data_unreported(&open.header.target),
            Effect::None
            | Effect::Dial
            | Effect::Consult(_)
            | Effect::Invite(..)
            | Effect::Join(_)
            | Effect::Logout => {}
        }
        self.respond(open.header, result);
        let ended = self.objects.session_of(&open.agent).filter(|_| done && open.effect == Effect::Logout);
        if let Some(target) = ended.cloned() {
            self.objects.remove(&target);
        }
    }
}
