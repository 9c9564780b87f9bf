//! What the client knows of its agents, and the agents whom the hub has yet to follow.

use compact_str::CompactString;
use model::{AgentId, AgentState, CommandId, ReasonCode, ReasonUse, Seq, reason};
use session::PeerState;

use super::Desk;
use crate::{
    Credentials,
    wire::{reply, words::Availability},
};

/// What an agent is at the client.
#[derive(Debug, Default)]
pub(super) struct AtClient {
    pub(super) known: Known,
    pub(super) progress: Progress,
    /// The phone that the session was made for is not the agent's any longer.
    pub(super) moved: bool,
    /// A request that changes how the agent stands is on its way.
    pub(super) steering: bool,
}

/// What an agent is known to be at the client.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum Known {
    #[default]
    Nothing,
    Ready,
    /// With the reason, where one was given.
    NotReady(Option<CompactString>),
}

/// How far an agent's session has come.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    #[default]
    None,
    /// The client checks who it is.
    Beginning,
    /// It is there, or is being made.
    Session(CompactString),
}

/// Whether the hub follows what an agent did at the phone. Until it is clear, nothing is asked of the client.
#[derive(Debug)]
pub(super) enum Following {
    /// It was asked; this was wanted before.
    Asked(CommandId, AgentState),
    /// It does; the events up to this one say so.
    Taken(Seq),
}

impl From<reply::AgentState> for Known {
    fn from(state: reply::AgentState) -> Self {
        match state.availability {
            Availability::Ready => Self::Ready,
            Availability::NotReady => Self::NotReady(Some(state.reason).filter(|reason| !reason.is_empty())),
        }
    }
}

impl PeerState for AtClient {
    type Credentials = Credentials;

    fn forget(&mut self) {
        *self = Self::default();
    }

    fn device_changed(&mut self) {
        self.moved = self.session().is_some();
    }
}

impl AtClient {
    pub(super) fn session(&self) -> Option<&CompactString> {
        match &self.progress {
            Progress::Session(target) => Some(target),
            Progress::None | Progress::Beginning => None,
        }
    }
}

/// The reason to name to the client: one of the hub's own means nothing to it.
pub(super) fn named(wanted: &ReasonCode) -> Option<&ReasonCode> {
    Some(wanted).filter(|code| !reason::ALL.contains(&code.as_str()))
}

impl Desk {
    /// Whether nothing is to be asked of the client.
    pub(super) fn is_settled(&self, id: &AgentId) -> bool {
        let Some(agent) = self.agents.get(id).filter(|_| !self.follows.contains_key(id)) else { return true };
        match (&agent.wanted, &agent.state.known) {
            (AgentState::Ready, known) => *known == Known::Ready,
            (AgentState::NotReady { reason }, Known::NotReady(known)) => {
                named(reason).is_none_or(|reason| known.as_deref() == Some(reason.as_str()))
            }
            (AgentState::NotReady { .. }, Known::Nothing | Known::Ready) => false,
            (AgentState::SignedOut | AgentState::Busy | AgentState::WrapUp, _) => true,
        }
    }

    /// An agent's session began, or is gone: nothing else is known of the agent.
    pub(super) fn progress(&mut self, id: &AgentId, progress: Progress) {
        if let Some(agent) = self.agents.get_mut(id) {
            agent.state = AtClient { progress, ..AtClient::default() };
        }
    }

    pub(super) fn session_of(&self, id: &AgentId) -> Option<&CompactString> {
        self.agents.get(id)?.state.session()
    }

    /// A reason as the floor takes it; none where it does not know it.
    pub(super) fn reason(&self, given: Option<CompactString>) -> Option<ReasonCode> {
        let given = ReasonCode::new(given?).ok()?;
        let reasons = self.agents.floor().reasons.iter();
        let mut known = reasons.filter(|reason| reason.used_for == ReasonUse::NotReady).peekable();
        (known.peek().is_none() || known.any(|reason| reason.code == given)).then_some(given)
    }

    /// The hub follows, or does not: then the agent is to be what it was to be before.
    pub(super) fn followed(&mut self, command: &CommandId, taken: Option<Seq>) {
        let is_asked = |following: &Following| matches!(following, Following::Asked(id, _) if id == command);
        let asked = self.follows.iter().find(|(_, following)| is_asked(following));
        let Some(id) = asked.map(|(id, _)| id.clone()) else { return };
        match (taken, self.follows.remove(&id), self.agents.get_mut(&id)) {
            (Some(seq), ..) => drop(self.follows.insert(id, Following::Taken(seq))),
            (None, Some(Following::Asked(_, before)), Some(agent)) => agent.wanted = before,
            (None, ..) => {}
        }
        self.seen(self.seen);
    }

    /// The hub has told its events up to this one.
    pub(super) fn seen(&mut self, seq: Seq) {
        self.seen = self.seen.max(seq);
        let is_over = |following: &Following| matches!(following, Following::Taken(seq) if *seq <= self.seen);
        let over = self.follows.extract_if(.., |_, following| is_over(following));
        over.for_each(|(id, _)| self.agents.enqueue(&id));
    }
}
