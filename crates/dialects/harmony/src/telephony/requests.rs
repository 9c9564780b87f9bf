//! Requests of the bridge's that became commands: what the hub and its switch say to each is what the bridge is told.

use model::{
    Accepted, AgentId, CommandId, Event, InteractionEvent, InteractionId, InteractionState, LinkEvent,
    Record, Rejection, RequestId, Seq, SwitchAnswer,
};
use serde_json::Value;

use super::{Asked, Telephony, checks::sentence};
use crate::wire::{Object, limits::EFFECT, reply::Native};

/// What has to be there before a request is answered, beside the switch's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// An interaction that the agent dialled.
    Dial,
    /// A consult of an interaction.
    Consult(InteractionId),
    /// The agent's session is over.
    Logout,
}

/// A request that is not answered yet; its command is the key.
#[derive(Debug)]
pub(super) struct Open {
    agent: AgentId,
    pub(super) asked: Asked,
    effect: Effect,
    /// The command was taken; its events are told when this one is.
    taken: Option<Seq>,
    /// What the switch was asked for it.
    requests: Vec<RequestId>,
    refused: Option<String>,
    /// What came of a dial.
    opened: Option<InteractionId>,
}

impl Open {
    fn hear(&mut self, request: RequestId, answer: &SwitchAnswer) {
        if !self.requests.contains(&request) {
            return;
        }
        self.requests.retain(|open| *open != request);
        if let SwitchAnswer::Refused { text, .. } = answer {
            self.refused.get_or_insert_with(|| text.to_string());
        }
    }
}

impl Telephony {
    /// Keeps a request until its command has come to something.
    pub(super) fn open(&mut self, command: CommandId, agent: AgentId, asked: Asked, effect: Effect) {
        let until = self.out.now() + EFFECT;
        let (requests, refused, opened) = (Vec::new(), None, None);
        let open = Open { agent, asked, effect, taken: None, requests, refused, opened };
        self.opens.open(command, until, open);
    }

    /// An agent's requests that are not answered yet. As long as there is one the agent's events wait.
    pub(super) fn opens(&self, agent: &AgentId) -> impl Iterator<Item = (&CommandId, &Open)> {
        self.opens.iter().filter(|(_, open)| open.agent == *agent)
    }

    /// Takes from an event what concerns open requests.
    pub(super) fn hear(&mut self, record: &Record) {
        if let Event::Link(LinkEvent::Requested { request, .. }) = &record.event
            && let Some(open) = record.origin.as_ref().and_then(|origin| self.opens.get_mut(&origin.command))
        {
            open.requests.push(*request);
        }
        let agent = record.event.agent();
        let mut opens = self.opens.iter_mut().map(|(_, open)| open).filter(|open| Some(&open.agent) == agent);
        if let Event::Link(LinkEvent::Answered { request, answer, .. }) = &record.event {
            opens.for_each(|open| open.hear(*request, answer));
        } else if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event
            && interaction.state == InteractionState::Dialing
            && let Some(open) = opens.find(|open| open.effect == Effect::Dial)
        {
            open.opened = Some(interaction.id);
        }
    }

    pub(super) fn answered(&mut self, command: &CommandId, result: Result<Accepted, Rejection>) {
        let Some(open) = self.opens.get_mut(command) else { return };
        match result {
            Ok(accepted) => open.taken = Some(accepted.seq),
            Err(rejection) => open.refused = Some(sentence(&rejection, None)),
        }
        let agent = open.agent.clone();
        self.settle(&agent);
        self.sync(&agent);
    }

    /// Answers what can be answered of an agent's requests.
    pub(super) fn settle(&mut self, agent: &AgentId) {
        let opens = self.opens(agent);
        let done: Vec<_> =
            opens.filter_map(|(command, open)| Some((command.clone(), self.outcome(open)?))).collect();
        for (command, result) in done {
            if let Some(open) = self.opens.close(&command) {
                self.finish(open, result);
            }
        }
    }

    /// The hub has told everything anew.
    pub(super) fn settle_all(&mut self) {
        for agent in self.objects.agents() {
            self.settle(&agent);
        }
    }

    /// Gives up on what has had no effect.
    pub(super) fn run_out(&mut self) {
        while let Some((_, open)) = self.opens.close_late(self.out.now()) {
            let agent = open.agent.clone();
            self.finish(open, Err("timeout".to_owned()));
            self.sync(&agent);
        }
    }

    fn outcome(&self, open: &Open) -> Option<Result<Value, String>> {
        if let Some(text) = &open.refused {
            return Some(Err(text.clone()));
        }
        let told = open.taken.is_some_and(|seq| seq <= self.projection.seq);
        if !told {
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

    fn finish(&mut self, open: Open, result: Result<Value, String>) {
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
