//! The agents of the client, and commands that follow their actions at the phone.

use compact_str::CompactString;
use model::{AgentId, AgentState, CommandId, ReasonCode, ReasonUse, Seq, reason};
use session::PeerState;

use super::DeskSession;
use crate::{
    Credentials,
    wire::{reply, words::Availability},
};

/// The state of an agent at the client.
#[derive(Debug, Default)]
pub(super) struct ClientAgentState {
    pub(super) known: KnownAvailability,
    pub(super) progress: SessionProgress,
    /// Whether the session was created for a phone that is no longer the agent's.
    pub(super) moved: bool,
    /// Whether a request that changes the agent's state is in flight.
    pub(super) steering: bool,
}

/// The availability that the client has reported for an agent.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum KnownAvailability {
    #[default]
    Nothing,
    Ready,
    /// Not ready, with the reason if there was one.
    NotReady(Option<CompactString>),
}

/// The progress of an agent's session.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum SessionProgress {
    #[default]
    None,
    /// The client checks the credentials.
    Beginning,
    /// The session exists or is being created.
    Session(CompactString),
}

/// The progress of a command that follows an action at the phone. Until it is complete, the client gets no request to change the agent.
#[derive(Debug)]
pub(super) enum HubUpdate {
    /// The command was sent. Contains the state that was wanted before.
    Requested(CommandId, AgentState),
    /// The command was accepted. Its events come up to this sequence number.
    Accepted(Seq),
}

impl From<reply::AgentState> for KnownAvailability {
    fn from(state: reply::AgentState) -> Self {
        match state.availability {
            Availability::Ready => Self::Ready,
            Availability::NotReady => Self::NotReady(Some(state.reason).filter(|reason| !reason.is_empty())),
        }
    }
}

impl PeerState for ClientAgentState {
    type Credentials = Credentials;

    fn forget(&mut self) {
        *self = Self::default();
    }

    fn device_changed(&mut self) {
        self.moved = self.session().is_some();
    }
}

impl ClientAgentState {
    pub(super) fn session(&self) -> Option<&CompactString> {
        match &self.progress {
            SessionProgress::Session(target) => Some(target),
            SessionProgress::None | SessionProgress::Beginning => None,
        }
    }
}

/// The reason to send to the client. The hub's own reasons mean nothing there.
pub(super) fn named(wanted: &ReasonCode) -> Option<&ReasonCode> {
    Some(wanted).filter(|code| !reason::ALL.contains(&code.as_str()))
}

impl DeskSession {
    /// Whether the client needs no change for an agent.
    pub(super) fn is_settled(&self, id: &AgentId) -> bool {
        let Some(agent) = self.agents.get(id).filter(|_| !self.hub_updates.contains_key(id)) else {
            return true;
        };
        match (&agent.wanted, &agent.state.known) {
            (AgentState::Ready, known) => *known == KnownAvailability::Ready,
            (AgentState::NotReady { reason }, KnownAvailability::NotReady(known)) => {
                named(reason).is_none_or(|reason| known.as_deref() == Some(reason.as_str()))
            }
            (AgentState::NotReady { .. }, KnownAvailability::Nothing | KnownAvailability::Ready) => false,
            (AgentState::SignedOut | AgentState::Busy | AgentState::WrapUp, _) => true,
        }
    }

    /// Sets the progress of an agent's session and resets everything else.
    pub(super) fn progress(&mut self, id: &AgentId, progress: SessionProgress) {
        if let Some(agent) = self.agents.get_mut(id) {
            agent.state = ClientAgentState { progress, ..ClientAgentState::default() };
        }
    }

    pub(super) fn session_of(&self, id: &AgentId) -> Option<&CompactString> {
        self.agents.get(id)?.state.session()
    }

    /// The reason as a code of the floor; `None` if the floor does not define it.
    pub(super) fn reason(&self, given: Option<CompactString>) -> Option<ReasonCode> {
        let given = ReasonCode::new(given?).ok()?;
        let reasons = self.agents.floor().reasons.iter();
        let mut known = reasons.filter(|reason| reason.used_for == ReasonUse::NotReady).peekable();
        (known.peek().is_none() || known.any(|reason| reason.code == given)).then_some(given)
    }

    /// Handles the hub's answer to such a command. After a refusal the earlier state is wanted again.
    pub(super) fn followed(&mut self, command: &CommandId, taken: Option<Seq>) {
        let is_requested =
            |following: &HubUpdate| matches!(following, HubUpdate::Requested(id, _) if id == command);
        let requested = self.hub_updates.iter().find(|(_, following)| is_requested(following));
        let Some(id) = requested.map(|(id, _)| id.clone()) else { return };
        match (taken, self.hub_updates.remove(&id), self.agents.get_mut(&id)) {
            (Some(seq), ..) => drop(self.hub_updates.insert(id, HubUpdate::Accepted(seq))),
            (None, Some(HubUpdate::Requested(_, before)), Some(agent)) => agent.wanted = before,
            (None, ..) => {}
        }
        self.seen(self.seen);
    }

    /// The hub has sent its events up to `seq`.
    pub(super) fn seen(&mut self, seq: Seq) {
        self.seen = self.seen.max(seq);
        let is_over =
            |following: &HubUpdate| matches!(following, HubUpdate::Accepted(seq) if *seq <= self.seen);
        let over = self.hub_updates.extract_if(.., |_, following| is_over(following));
        over.for_each(|(id, _)| self.agents.enqueue(&id));
    }
}
