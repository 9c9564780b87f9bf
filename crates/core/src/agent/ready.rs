//! `ready` and `not-ready`: at once, or when the call is over.

use model::{AgentId, AgentState, NextState, ReasonCode, ReasonUse, Rejection};

use super::{at_work, change, change_next, desk::restart_grace, known_reason, sign_out};
use crate::{floor::expect_stays, interaction, routing, turn::Turn};

pub(crate) fn ready(turn: &mut Turn, id: &AgentId) -> Result<(), Rejection> {
    let state = at_work(turn, id)?.state.clone();
    expect_stays(turn.state(), id)?;
    match state {
        AgentState::Ready | AgentState::SignedOut => {}
        AgentState::NotReady { .. } => change(turn, id, AgentState::Ready, None),
        AgentState::Busy => change_next(turn, id, Some(NextState::Ready)),
        AgentState::WrapUp => {
            interaction::finish_all(turn, id)?;
            change(turn, id, AgentState::Ready, None);
        }
    }
    restart_grace(turn, id);
    Ok(())
}

/// An agent who is removed from the floor signs out instead: there is no being ready afterwards.
pub(crate) fn not_ready(turn: &mut Turn, id: &AgentId, reason: Option<&ReasonCode>) -> Result<(), Rejection> {
    let reason = known_reason(turn, reason, ReasonUse::NotReady)?;
    if turn.state().floor.is_agent_retiring(id) {
        return sign_out(turn, id, None);
    }
    match at_work(turn, id)?.state {
        AgentState::SignedOut => {}
        AgentState::Busy => change_next(turn, id, Some(NextState::NotReady { reason })),
        AgentState::WrapUp => {
            interaction::finish_all(turn, id)?;
            change(turn, id, AgentState::NotReady { reason }, None);
        }
        AgentState::Ready | AgentState::NotReady { .. } => {
            routing::take_back(turn, id);
            change(turn, id, AgentState::NotReady { reason }, None);
        }
    }
    Ok(())
}
