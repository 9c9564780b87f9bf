//! What the softphone was told of its agents, and what it is told next.

use std::{net::SocketAddr, time::Duration};

use model::{AgentId, AgentState, DeviceId};
use session::{PeerAgent, PeerState};

use super::Desk;
use crate::{
    Credentials,
    wire::{
        Callout, Line, Token,
        limits::{REANNOUNCE, REGISTRATIONS_MAX, STEP_AGAIN},
    },
};

/// An agent whom the softphone serves.
pub(super) type Agent = PeerAgent<AtSoftphone>;

/// What the softphone knows of an agent.
#[derive(Debug, Default)]
pub(super) struct AtSoftphone {
    pub(super) told: Told,
    /// How often in a row the softphone did not know the agent any longer.
    forgotten: u8,
}

/// What the softphone was told of an agent, and took.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    #[default]
    Nothing,
    Registered,
    NotReady,
    Ready,
}

/// The next callout for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Register,
    Login,
    Ready,
    NotReady,
    Logout,
    Unregister,
}

impl PeerState for AtSoftphone {
    type Credentials = Credentials;

    const PAUSES: &'static [Duration] = &STEP_AGAIN;

    fn forget(&mut self) {
        *self = Self::default();
    }
}

impl AtSoftphone {
    /// Whether the softphone has the agent logged in.
    pub(super) fn is_logged_in(&self) -> bool {
        matches!(self.told, Told::NotReady | Told::Ready)
    }
}

impl Step {
    /// The callout that brings the softphone nearer to what is wanted.
    pub(super) fn next(agent: &Agent) -> Option<Self> {
        let is_in = agent.wanted.is_signed_in();
        match agent.state.told {
            Told::Nothing => is_in.then_some(Self::Register),
            Told::Registered => Some(if is_in { Self::Login } else { Self::Unregister }),
            Told::NotReady | Told::Ready if !is_in => Some(Self::Logout),
            Told::NotReady => (agent.wanted == AgentState::Ready).then_some(Self::Ready),
            Told::Ready => matches!(agent.wanted, AgentState::NotReady { .. }).then_some(Self::NotReady),
        }
    }

    /// What is said to the softphone.
    pub(super) fn callout(self, agent: &Agent, listener: SocketAddr) -> Callout {
        let (line, password, queue) =
            (line(agent), agent.credentials.password.clone(), agent.credentials.queue.clone());
        match self {
            Self::Register => Callout::Register { line, listener },
            Self::Login => Callout::Login { line, password, queue },
            Self::Ready => Callout::Ready(line),
            Self::NotReady => Callout::NotReady(line),
            Self::Logout => Callout::Logout { line, password: Some(password), queue },
            Self::Unregister => Callout::Unregister(line),
        }
    }

    /// Whether the agent cannot work at the softphone before it is done.
    pub(super) fn matters(self) -> bool {
        match self {
            Self::Register | Self::Login | Self::Ready | Self::NotReady => true,
            Self::Logout | Self::Unregister => false,
        }
    }
}

/// The agent's line as callouts name it.
pub(super) fn line(agent: &Agent) -> Line {
    Line { teleset: agent.device.as_str().into(), agent: agent.acd_id.clone() }
}

impl Desk {
    /// Agents of whom the softphone was told.
    pub(super) fn registered(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter().filter(|agent| agent.state.told != Told::Nothing)
    }

    /// An inbound call was announced: the softphone gives no other one before the next `Ready` (uwq.md §5.6), and the hub will say that the
    /// agent is busy.
    pub(super) fn rings(&mut self, device: &DeviceId) {
        let Some(id) = self.agents.at(device.as_str()).map(|(id, _)| id.clone()) else { return };
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if agent.state.told == Told::Ready {
            agent.state.told = Told::NotReady;
        }
        if agent.wanted.is_signed_in() {
            self.agents.set_wanted(&id, AgentState::Busy);
        }
    }

    /// The softphone took a step.
    pub(super) fn step_done(&mut self, id: &AgentId, step: Step) {
        let Some(agent) = self.agents.answered(id) else { return };
        agent.state.told = match step {
            Step::Register | Step::Logout => Told::Registered,
            Step::Login | Step::NotReady => Told::NotReady,
            Step::Ready => Told::Ready,
            Step::Unregister => Told::Nothing,
        };
        if Step::next(agent).is_none() {
            agent.state.forgotten = 0;
        }
        if step == Step::Login {
            self.calls.logged_in(self.out.now() + REANNOUNCE);
        }
    }

    /// The softphone refused a step. Leaving counts as done: nothing else can be done about it. What the softphone no longer knows of an
    /// agent it is told again, a few times in a row at most. One that does not know an agent was started again and knows nobody.
    pub(super) fn step_refused(&mut self, id: &AgentId, step: Step, token: Option<Token>, text: &str) {
        if !step.matters() {
            return self.step_done(id, step);
        }
        let still_told = match token {
            Some(Token::NotRegistered) => {
                self.expect_calls();
                self.agents.iter_mut().for_each(|agent| agent.state.told = Told::Nothing);
                Some(Told::Nothing)
            }
            Some(Token::NotLoggedIn) => Some(Told::Registered),
            Some(_) | None => None,
        };
        let Some(agent) = self.agents.get_mut(id) else { return };
        if let Some(told) = still_told {
            agent.state.told = told;
            agent.state.forgotten += 1;
            if agent.state.forgotten <= REGISTRATIONS_MAX {
                return;
            }
        }
        agent.state.forgotten = 0;
        self.agents.refuse(id, text, &mut self.out);
    }

    /// The softphone did not answer, or not with sense. It is asked again; the first time somebody is told.
    pub(super) fn step_failed(&mut self, id: &AgentId, step: Step, why: &str) {
        let Some((times, pause)) = self.agents.unanswered(id, self.out.now()) else { return };
        let pause_s = pause.as_secs();
        if times > 1 {
            return tracing::debug!(switch = %self.switch, agent = %id, ?step, why, times, pause_s, "callout failed again");
        }
        tracing::warn!(switch = %self.switch, agent = %id, ?step, why, pause_s, "callout failed, sent again later");
        if step.matters() {
            let text = format!("the softphone did not answer {step:?} ({why}): it is asked again");
            self.out.warn(id.clone(), None, text);
        }
    }
}
