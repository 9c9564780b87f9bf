//! How an agent stands, in the words of Harmony.

use model::{AgentId, AgentState, DeviceId, NextState};
use session::Projection;

use crate::wire::{
    reply,
    words::{Availability, LoginState},
};

/// Who is logged in at a phone, as its own agent sees it.
pub(super) fn login(projection: &Projection, agent: &AgentId, device: &DeviceId) -> LoginState {
    match projection.agent_at(device) {
        None => LoginState::Inactive,
        Some(seated) if seated == agent => LoginState::Active,
        Some(_) => LoginState::Unavailable,
    }
}

/// Whether an agent takes calls. One who works on a call is what it will be afterwards.
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
