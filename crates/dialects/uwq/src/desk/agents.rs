//! The agents of the softphone: what it has confirmed of each, and the next callout.

use std::{net::SocketAddr, time::Duration};

use model::{AgentId, AgentState, DeviceId};
use session::{PeerAgent, PeerState};

use super::DeskSession;
use crate::{
    Credentials,
    wire::{
        AgentLine, Callout, Token,
        limits::{REANNOUNCE, REGISTRATIONS_MAX, STEP_AGAIN},
    },
};

/// An agent of the softphone.
pub(super) type Agent = PeerAgent<SoftphoneAgent>;

/// The state of an agent at the softphone.
#[derive(Debug, Default)]
pub(super) struct SoftphoneAgent {
    pub(super) confirmed: ConfirmedState,
    /// How many times in a row the softphone had forgotten the agent.
    forgotten: u8,
}

/// The agent state that the softphone has confirmed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConfirmedState {
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

impl PeerState for SoftphoneAgent {
    type Credentials = Credentials;

    const PAUSES: &'static [Duration] = &STEP_AGAIN;

    fn forget(&mut self) {
        *self = Self::default();
    }
}

impl SoftphoneAgent {
    /// Whether the agent is logged in at the softphone.
    pub(super) fn is_logged_in(&self) -> bool {
        matches!(self.confirmed, ConfirmedState::NotReady | ConfirmedState::Ready)
    }
}

impl Step {
    /// The next callout toward the wanted state.
    pub(super) fn next(agent: &Agent) -> Option<Self> {
        let is_in = agent.wanted.is_signed_in();
        match agent.state.confirmed {
            ConfirmedState::Nothing => is_in.then_some(Self::Register),
            ConfirmedState::Registered => Some(if is_in { Self::Login } else { Self::Unregister }),
            ConfirmedState::NotReady | ConfirmedState::Ready if !is_in => Some(Self::Logout),
            ConfirmedState::NotReady => (agent.wanted == AgentState::Ready).then_some(Self::Ready),
            ConfirmedState::Ready => {
                matches!(agent.wanted, AgentState::NotReady { .. }).then_some(Self::NotReady)
            }
        }
    }

    /// The callout that carries out this step.
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

    /// Whether the agent cannot work at the softphone until this step succeeds.
    pub(super) fn is_required(self) -> bool {
        match self {
            Self::Register | Self::Login | Self::Ready | Self::NotReady => true,
            Self::Logout | Self::Unregister => false,
        }
    }
}

/// The agent's line for callouts.
pub(super) fn line(agent: &Agent) -> AgentLine {
    AgentLine { teleset: agent.device.as_str().into(), agent: agent.acd_id.clone() }
}

impl DeskSession {
    /// Agents that the softphone has registered.
    pub(super) fn registered(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter().filter(|agent| agent.state.confirmed != ConfirmedState::Nothing)
    }

    /// An inbound call was announced: the softphone gives no other one before the next `Ready` (uwq.md §5.6), and the hub will say that the
    /// agent is busy.
    pub(super) fn rings(&mut self, device: &DeviceId) {
        let Some(id) = self.agents.at(device.as_str()).map(|(id, _)| id.clone()) else { return };
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if agent.state.confirmed == ConfirmedState::Ready {
            agent.state.confirmed = ConfirmedState::NotReady;
        }
        if agent.wanted.is_signed_in() {
            self.agents.set_wanted(&id, AgentState::Busy);
        }
    }

    /// The softphone has accepted a step.
    pub(super) fn step_done(&mut self, id: &AgentId, step: Step) {
        let Some(agent) = self.agents.answered(id) else { return };
        agent.state.confirmed = match step {
            Step::Register | Step::Logout => ConfirmedState::Registered,
            Step::Login | Step::NotReady => ConfirmedState::NotReady,
            Step::Ready => ConfirmedState::Ready,
            Step::Unregister => ConfirmedState::Nothing,
        };
        if Step::next(agent).is_none() {
            agent.state.forgotten = 0;
        }
        if step == Step::Login {
            self.calls.logged_in(self.out.now() + REANNOUNCE);
        }
    }

    /// The softphone has refused a step. A refused logout or unregister counts as done. If the softphone has forgotten the agent, the earlier
    /// steps are repeated, a limited number of times in a row. A softphone that has forgotten one agent has restarted and has forgotten all.
    pub(super) fn step_refused(&mut self, id: &AgentId, step: Step, token: Option<Token>, text: &str) {
        if !step.is_required() {
            return self.step_done(id, step);
        }
        let still_confirmed = match token {
            Some(Token::NotRegistered) => {
                self.expect_calls();
                self.agents.iter_mut().for_each(|agent| agent.state.confirmed = ConfirmedState::Nothing);
                Some(ConfirmedState::Nothing)
            }
            Some(Token::NotLoggedIn) => Some(ConfirmedState::Registered),
            Some(_) | None => None,
        };
        let Some(agent) = self.agents.get_mut(id) else { return };
        if let Some(confirmed) = still_confirmed {
            agent.state.confirmed = confirmed;
            agent.state.forgotten += 1;
            if agent.state.forgotten <= REGISTRATIONS_MAX {
                return;
            }
        }
        agent.state.forgotten = 0;
        self.agents.refuse(id, text, &mut self.out);
    }

    /// The softphone gave no answer, or an invalid one. The step is repeated later. The first failure is logged and reported to the agent.
    pub(super) fn step_failed(&mut self, id: &AgentId, step: Step, why: &str) {
        let Some((times, pause)) = self.agents.unanswered(id, self.out.now()) else { return };
        let pause_s = pause.as_secs();
        if times > 1 {
            return tracing::debug!(switch = %self.switch, agent = %id, ?step, why, times, pause_s, "callout failed again; retrying later");
        }
        tracing::warn!(switch = %self.switch, agent = %id, ?step, why, pause_s, "callout failed; retrying later");
        if step.is_required() {
            let text = format!("the softphone did not answer {step:?} ({why}); Cordboard will try again");
            self.out.warn(id.clone(), None, text);
        }
    }
}
