//! Agent states in Harmony's terms.

use model::{AgentId, AgentState, DeviceId, NextState};
use session::Projection;

use crate::wire::{
    reply,
    words::{Availability, LoginState},
};

/// The login state of a phone, from an agent's point of view.
pub(super) fn login(projection: &Projection, agent: &AgentId, device: &DeviceId) -> LoginState {
    match projection.agent_at(device) {
        None => LoginState::Inactive,
        Some(seated) if seated == agent => LoginState::Active,
        Some(_) => LoginState::Unavailable,
    }
}

/// The availability of an agent. During a call or wrap-up it is the one that follows.
pub(super) fn availability(projection: &Projection, agent: &AgentId) -> reply::AgentState {
    let stand = projection.status(agent);
    let reason = match stand.map(|stand| (&stand.state, &stand.next)) {
        Some((AgentState::Ready, _)) => None,
        Some((AgentState::NotReady { reason }, _)) => Some(reason.as_str()),
        Some((AgentState::Busy | AgentState::WrapUp, next)) => match next {
            None | Some(NextState::Ready) => None,
            Some(NextState::NotReady { reason }) => Some(reason.as_str()),
            Some(NextState::SignedOut) => Some(""),
        },
        Some((AgentState::SignedOut, _)) | None => Some(""),
    };
    let availability = if reason.is_none() { Availability::Ready } else { Availability::NotReady };
    reply::AgentState { availability, reason: reason.unwrap_or_default().into() }
}
