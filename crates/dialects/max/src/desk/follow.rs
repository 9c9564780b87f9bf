//! The agent at the hub follows the agent at MAX.

use model::{AgentId, ReasonCode, ReasonUse, Verb};
use session::{Page, Projection};

use super::Desk;
use crate::wire::{AgentState, CurrentState};

/// What an agent is at MAX, as far as the hub is to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stance {
    /// Waits for calls.
    Ready,
    /// Takes none.
    NotReady(Option<ReasonCode>),
}

impl Desk {
    /// MAX tells what the agent does. Calls and what they leave to do the hub sees by itself.
    pub(super) fn follow(&mut self, page: Page, agent: &AgentId, state: &AgentState) {
        let stance = match state.state {
            CurrentState::LoggedOut => return self.left(page, agent),
            CurrentState::Available => Stance::Ready,
            CurrentState::Unavailable if state.is_wrap_up => return,
            CurrentState::Unavailable | CurrentState::LoggedIn => Stance::NotReady(
                self.projection.as_ref().and_then(|projection| reason(projection, &state.reason)),
            ),
            CurrentState::InboundContact
            | CurrentState::OutboundContact
            | CurrentState::InboundConsult
            | CurrentState::OutboundConsult
            | CurrentState::Dialer
            | CurrentState::DialerPending => return self.come(page, agent),
        };
        self.come(page, agent);
        let Some(seat) = self.seats.get_mut(agent).filter(|seat| seat.stance.as_ref() != Some(&stance))
        else {
            return;
        };
        seat.stance = Some(stance.clone());
        self.command(
            page,
            agent,
            match stance {
                Stance::Ready => Verb::Ready,
                Stance::NotReady(reason) => Verb::NotReady { reason },
            },
        );
    }

    /// The agent is at work: at the hub as well.
    fn come(&mut self, page: Page, agent: &AgentId) {
        let is_in = |projection: &Projection| {
            projection.status(agent).is_some_and(|stand| stand.state.is_signed_in())
        };
        if !self.projection.as_ref().is_some_and(is_in) {
            let device = self.seats.get_mut(agent).map(|seat| {
                seat.stance = None;
                seat.device.clone()
            });
            self.command(page, agent, Verb::SignIn { device, queues: None });
        }
    }

    /// The agent left.
    pub(super) fn left(&mut self, page: Page, agent: &AgentId) {
        if let Some(seat) = self.seats.get_mut(agent) {
            seat.stance = None;
        }
        self.command(page, agent, Verb::SignOut { reason: None });
    }

    fn command(&mut self, page: Page, agent: &AgentId, verb: Verb) {
        let Some(by) = self.guests.get(&page).map(|guest| guest.by.clone()) else { return };
        let id = self.out.command_id("max-desk", self.instance);
        self.out.command(id, by, agent.clone(), None, verb);
    }
}

/// The floor's reason that goes by MAX's name of it.
fn reason(projection: &Projection, name: &str) -> Option<ReasonCode> {
    let reasons = projection.floor.reasons.iter().filter(|reason| reason.used_for == ReasonUse::NotReady);
    let mut named =
        reasons.filter(|reason| reason.name.eq_ignore_ascii_case(name) || reason.code.as_str() == name);
    named.next().map(|reason| reason.code.clone())
}
