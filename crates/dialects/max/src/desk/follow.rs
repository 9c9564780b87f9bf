//! Passes the agent states of MAX to the hub.

use model::{AgentId, ReasonCode, ReasonUse, Verb};
use session::{Page, Projection};

use super::DeskSession;
use crate::wire::{AgentState, CurrentState};

/// The availability of an agent in MAX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Availability {
    /// Waits for calls.
    Ready,
    /// Accepts no calls.
    NotReady(Option<ReasonCode>),
}

impl DeskSession {
    /// Handles an agent state of MAX. The hub derives busy and wrap-up from the calls.
    pub(super) fn follow(&mut self, page: Page, agent: &AgentId, state: &AgentState) {
        let availability = match state.state {
            CurrentState::LoggedOut => return self.left(page, agent),
            CurrentState::Available => Availability::Ready,
            CurrentState::Unavailable if state.is_wrap_up => return,
            CurrentState::Unavailable | CurrentState::LoggedIn => Availability::NotReady(
                self.projection.as_ref().and_then(|projection| reason(projection, &state.reason)),
            ),
            CurrentState::InboundContact
            | CurrentState::OutboundContact
            | CurrentState::InboundConsult
            | CurrentState::OutboundConsult
            | CurrentState::Dialer
            | CurrentState::DialerPending => return self.page_opened_by(page, agent),
        };
        self.page_opened_by(page, agent);
        let Some(max_agent) = self
            .max_agents
            .get_mut(agent)
            .filter(|max_agent| max_agent.availability.as_ref() != Some(&availability))
        else {
            return;
        };
        max_agent.availability = Some(availability.clone());
        self.command(
            page,
            agent,
            match availability {
                Availability::Ready => Verb::Ready,
                Availability::NotReady(reason) => Verb::NotReady { reason },
            },
        );
    }

    /// Signs the agent in, if that has not happened.
    fn page_opened_by(&mut self, page: Page, agent: &AgentId) {
        let is_in = |projection: &Projection| {
            projection.status(agent).is_some_and(|stand| stand.state.is_signed_in())
        };
        if !self.projection.as_ref().is_some_and(is_in) {
            let device = self.max_agents.get_mut(agent).map(|max_agent| {
                max_agent.availability = None;
                max_agent.device.clone()
            });
            self.command(page, agent, Verb::SignIn { device, queues: None });
        }
    }

    /// Signs the agent out.
    pub(super) fn left(&mut self, page: Page, agent: &AgentId) {
        if let Some(max_agent) = self.max_agents.get_mut(agent) {
            max_agent.availability = None;
        }
        self.command(page, agent, Verb::SignOut { reason: None });
    }

    fn command(&mut self, page: Page, agent: &AgentId, verb: Verb) {
        let Some(by) = self.embedded_pages.get(&page).map(|embedded| embedded.by.clone()) else { return };
        let id = self.out.command_id("max-desk", self.instance);
        self.out.command(id, by, agent.clone(), None, verb);
    }
}

/// The floor's reason with the code or name that MAX has reported.
fn reason(projection: &Projection, name: &str) -> Option<ReasonCode> {
    let reasons = projection.floor.reasons.iter().filter(|reason| reason.used_for == ReasonUse::NotReady);
    let mut named =
        reasons.filter(|reason| reason.name.eq_ignore_ascii_case(name) || reason.code.as_str() == name);
    named.next().map(|reason| reason.code.clone())
}
