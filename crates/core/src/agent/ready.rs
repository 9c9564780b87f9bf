//! `ready` and `not-ready`: at once, or when the call is over.

use model::{AgentId, AgentState, NextState, ReasonCode, ReasonUse, Rejection};

use super::{at_work, change, change_next, desk::restart_grace, known_reason};
use crate::{interaction, routing, turn::Turn};

pub(crate) fn ready(turn: &mut Turn, id: &AgentId) -> Result<(), Rejection> {
    match at_work(turn, id)?.state {
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

pub(crate) fn not_ready(turn: &mut Turn, id: &AgentId, reason: Option<&ReasonCode>) -> Result<(), Rejection> {
    let reason = known_reason(turn, reason, ReasonUse::NotReady)?;
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
