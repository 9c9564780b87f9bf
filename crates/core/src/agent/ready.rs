//! `ready` and `not-ready`: immediately, or as the next state during a call.

use model::{AgentId, AgentState, NextState, ReasonCode, ReasonUse, Rejection};

use super::{change, change_next, desk::restart_grace, known_reason, sign_out, signed_in_agent};
use crate::{floor::check_not_retiring, interaction, routing, turn::Turn};

pub(crate) fn ready(turn: &mut Turn, id: &AgentId) -> Result<(), Rejection> {
    let state = signed_in_agent(turn, id)?.state.clone();
    check_not_retiring(turn.state(), id)?;
    match state {
        AgentState::Ready | AgentState::SignedOut => {}
        AgentState::NotReady { .. } => change(turn, id, AgentState::Ready, None),
        AgentState::Busy => change_next(turn, id, Some(NextState::Ready)),
        AgentState::WrapUp => {
            interaction::complete_ended(turn, id)?;
            change(turn, id, AgentState::Ready, None);
        }
    }
    restart_grace(turn, id);
    Ok(())
}

/// Sets an agent not ready. An agent who is being removed from the floor is signed out instead.
pub(crate) fn not_ready(turn: &mut Turn, id: &AgentId, reason: Option<&ReasonCode>) -> Result<(), Rejection> {
    let reason = known_reason(turn, reason, ReasonUse::NotReady)?;
    if turn.state().floor.is_agent_retiring(id) {
        return sign_out(turn, id, None);
    }
    match signed_in_agent(turn, id)?.state {
        AgentState::SignedOut => {}
        AgentState::Busy => change_next(turn, id, Some(NextState::NotReady { reason })),
        AgentState::WrapUp => {
            interaction::complete_ended(turn, id)?;
            change(turn, id, AgentState::NotReady { reason }, None);
        }
        AgentState::Ready | AgentState::NotReady { .. } => {
            routing::withdraw_offer(turn, id);
            change(turn, id, AgentState::NotReady { reason }, None);
        }
    }
    Ok(())
}
