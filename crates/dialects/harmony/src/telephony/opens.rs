//! Requests of the bridge's that became commands: what the hub and its switch say to each is what the bridge is told.

use std::collections::{BTreeMap, VecDeque};

use model::{
    Accepted, AgentId, CommandId, Event, InteractionEvent, InteractionId, InteractionState, LinkEvent,
    Record, Rejection, RequestId, Seq, SwitchAnswer, Timestamp,
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

/// A request that is not answered yet.
#[derive(Debug)]
pub(super) struct Open {
    asked: Asked,
    effect: Effect,
    /// The command was taken; its events are told when this one is.
    taken: Option<Seq>,
    /// What the switch was asked for it.
    requests: Vec<RequestId>,
    refused: Option<String>,
    /// What came of a dial.
    opened: Option<InteractionId>,
}

/// All requests that are not answered yet.
#[derive(Debug, Default)]
pub(super) struct Opens {
    by_agent: BTreeMap<AgentId, BTreeMap<CommandId, Open>>,
    agents: BTreeMap<CommandId, AgentId>,
    /// When each is given up, in order; the first one is open.
    ends: VecDeque<(Timestamp, CommandId)>,
}

impl Opens {
    pub(super) fn len(&self) -> usize {
        self.agents.len()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether an agent's events have to wait for a response.
    pub(super) fn has(&self, agent: &AgentId) -> bool {
        self.by_agent.contains_key(agent)
    }

    /// Whether a request of that id waits for a response.
    pub(super) fn is_open(&self, agent: &AgentId, id: &str) -> bool {
        self.of(agent).any(|(_, open)| open.asked.id == id)
    }

    /// When the first one is given up.
    pub(super) fn first(&self) -> Option<Timestamp> {
        self.ends.front().map(|(until, _)| *until)
    }

    fn of(&self, agent: &AgentId) -> impl Iterator<Item = (&CommandId, &Open)> {
        self.by_agent.get(agent).into_iter().flatten()
    }

    fn put(&mut self, agent: AgentId, command: CommandId, until: Timestamp, open: Open) {
        self.ends.push_back((until, command.clone()));
        self.agents.insert(command.clone(), agent.clone());
        self.by_agent.entry(agent).or_default().insert(command, open);
    }

    fn get_mut(&mut self, command: &CommandId) -> Option<&mut Open> {
        let agent = self.agents.get(command)?;
        self.by_agent.get_mut(agent)?.get_mut(command)
    }

    fn take(&mut self, command: &CommandId) -> Option<(AgentId, Open)> {
        let agent = self.agents.remove(command)?;
        let opens = self.by_agent.get_mut(&agent)?;
        let open = opens.remove(command)?;
        if opens.is_empty() {
            self.by_agent.remove(&agent);
        }
        while self.ends.front().is_some_and(|(_, first)| !self.agents.contains_key(first)) {
            self.ends.pop_front();
        }
        Some((agent, open))
    }

    /// Takes from an event what concerns open requests.
    pub(super) fn hear(&mut self, record: &Record) {
        if let Event::Link(LinkEvent::Requested { request, .. }) = &record.event
            && let Some(open) = record.origin.as_ref().and_then(|origin| self.get_mut(&origin.command))
        {
            open.requests.push(*request);
        }
        let agent = record.event.agent();
        let Some(opens) = agent.and_then(|agent| self.by_agent.get_mut(agent)) else { return };
        if let Event::Link(LinkEvent::Answered { request, answer, .. }) = &record.event {
            opens.values_mut().for_each(|open| open.hear(*request, answer));
        }
        if let Event::Interaction(InteractionEvent::Opened { interaction }) = &record.event
            && interaction.state == InteractionState::Dialing
            && let Some(open) = opens.values_mut().find(|open| open.effect == Effect::Dial)
        {
            open.opened = Some(interaction.id);
        }
    }
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
        let open = Open { asked, effect, taken: None, requests, refused, opened };
        self.opens.put(agent, command, until, open);
    }

    pub(super) fn answered(&mut self, command: &CommandId, result: Result<Accepted, Rejection>) {
        let Some(open) = self.opens.get_mut(command) else { return };
        match result {
            Ok(accepted) => open.taken = Some(accepted.seq),
            Err(rejection) => open.refused = Some(sentence(&rejection, None)),
        }
        if let Some(agent) = self.opens.agents.get(command).cloned() {
            self.settle(&agent);
            self.sync(&agent);
        }
    }

    /// Answers what can be answered of an agent's requests.
    pub(super) fn settle(&mut self, agent: &AgentId) {
        let opens = self.opens.of(agent);
        let done: Vec<_> =
            opens.filter_map(|(command, open)| Some((command.clone(), self.outcome(open)?))).collect();
        for (command, result) in done {
            self.finish(&command, result);
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
        while let Some((_, command)) = self.opens.ends.front().filter(|(until, _)| *until <= self.out.now()) {
            let command = command.clone();
            let agent = self.opens.agents.get(&command).cloned();
            self.finish(&command, Err("timeout".to_owned()));
            agent.iter().for_each(|agent| self.sync(agent));
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

    fn finish(&mut self, command: &CommandId, result: Result<Value, String>) {
        let Some((agent, open)) = self.opens.take(command) else { return };
        let done = result.is_ok();
        let consult = match open.effect {
            Effect::Consult(id) => self.projection.work(id).and_then(|work| work.consult.as_ref()),
            Effect::None | Effect::Dial | Effect::Logout => None,
        };
        if let Some(consult) = consult.map(|consult| consult.id).filter(|_| done) {
            self.known_leg(&open.asked.target, consult);
        }
        self.respond(open.asked.clone(), result);
        let ended = self.objects.session_of(&agent).filter(|_| done && open.effect == Effect::Logout);
        if let Some(target) = ended.cloned() {
            self.objects.remove(&target);
        }
    }
}
