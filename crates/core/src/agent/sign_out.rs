//! `sign-out`: signs out an agent, immediately or after the call.

use model::{AgentEvent, AgentId, AgentState, Event, NextState, ReasonCode, ReasonUse, Rejection};

use super::{change_next, known_reason};
use crate::{interaction, routing, turn::Turn};

pub(crate) fn sign_out(turn: &mut Turn, id: &AgentId, reason: Option<&ReasonCode>) -> Result<(), Rejection> {
    let reason = match reason {
        None => None,
        Some(given) => Some(known_reason(turn, Some(given), ReasonUse::SignOut)?),
    };
    let Some(agent) = turn.state().agent(id) else { return Ok(()) };
    match agent.state {
        AgentState::SignedOut => {}
        AgentState::Busy => change_next(turn, id, Some(NextState::SignedOut)),
        AgentState::WrapUp => {
            interaction::complete_ended(turn, id)?;
            leave(turn, id, reason);
        }
        AgentState::Ready | AgentState::NotReady { .. } => leave(turn, id, reason),
    }
    Ok(())
}

/// Signs out an agent immediately. A call that is being offered returns to its queue.
pub(crate) fn leave(turn: &mut Turn, id: &AgentId, reason: Option<ReasonCode>) {
    routing::withdraw_offer(turn, id);
    let Some(agent) = turn.state().agent(id) else { return };
    if agent.state.is_signed_in() {
        let (from, from_since) = (agent.state.clone(), agent.since);
        turn.emit(Event::Agent(AgentEvent::SignedOut { agent: id.clone(), from, from_since, reason }));
    }
}
