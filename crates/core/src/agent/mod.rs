//! Agents: signing in and out, agent states and next states.

mod desk;
mod ready;
mod refused;
mod sign_in;
mod sign_out;

use model::{
    AgentEvent, AgentId, AgentState, Code, Event, NextState, ReasonCode, ReasonUse, Rejection, reason,
};

pub(crate) use desk::{desk, desk_grace_expired, expire_desk_grace, make_not_ready, mark_desks_gone};
pub(crate) use ready::{not_ready, ready};
pub(crate) use refused::{is_refusal, refused};
pub(crate) use sign_in::sign_in;
pub(crate) use sign_out::{leave, sign_out};

use crate::{interaction, state::Agent, turn::Turn};

/// Changes the state of an agent. Does nothing when the agent already has this state.
pub(crate) fn change(turn: &mut Turn, id: &AgentId, to: AgentState, next: Option<NextState>) {
    let Some(agent) = turn.state().agent(id) else { return };
    if agent.state == to {
        return change_next(turn, id, next);
    }
    let (from, from_since) = (agent.state.clone(), agent.since);
    let next = match to {
        AgentState::Busy | AgentState::WrapUp => allowed_next(turn, id, next),
        AgentState::SignedOut | AgentState::NotReady { .. } | AgentState::Ready => next,
    };
    if matches!(to, AgentState::Ready) {
        turn.free_agents.insert(id.clone());
    }
    turn.emit(Event::Agent(AgentEvent::StateChanged { agent: id.clone(), from, from_since, to, next }));
}

/// Changes the next state of a busy agent.
pub(crate) fn change_next(turn: &mut Turn, id: &AgentId, next: Option<NextState>) {
    let next = allowed_next(turn, id, next);
    if turn.state().agent(id).is_some_and(|agent| agent.next != next) {
        turn.emit(Event::Agent(AgentEvent::NextChanged { agent: id.clone(), next }));
    }
}

/// The next state that is allowed: only signed out when the agent is being removed from the floor.
fn allowed_next(turn: &Turn, id: &AgentId, next: Option<NextState>) -> Option<NextState> {
    if turn.state().floor.is_agent_retiring(id) { Some(NextState::SignedOut) } else { next }
}

/// Makes an agent busy with a call, or with an interaction that occupies the agent. The previous state becomes the next state.
pub(crate) fn become_busy(turn: &mut Turn, id: &AgentId) {
    let Some(agent) = turn.state().agent(id) else { return };
    let next = match &agent.state {
        AgentState::NotReady { reason } => Some(NextState::NotReady { reason: reason.clone() }),
        AgentState::Ready => None,
        AgentState::Busy | AgentState::WrapUp => agent.next.clone(),
        AgentState::SignedOut => return,
    };
    change(turn, id, AgentState::Busy, next);
}

/// Updates the state of an agent after an interaction ended or was completed.
pub(crate) fn settle(turn: &mut Turn, id: &AgentId) {
    let Some(agent) = turn.state().agent(id) else { return };
    if !matches!(agent.state, AgentState::Busy | AgentState::WrapUp) {
        return;
    }
    let next = agent.next.clone();
    if turn.state().interactions_of(id).any(interaction::occupies) {
        return change(turn, id, AgentState::Busy, next);
    }
    if turn.state().interactions_of(id).any(interaction::is_over) {
        return change(turn, id, AgentState::WrapUp, next);
    }
    match next {
        None | Some(NextState::Ready) => change(turn, id, AgentState::Ready, None),
        Some(NextState::NotReady { reason }) => change(turn, id, AgentState::NotReady { reason }, None),
        Some(NextState::SignedOut) => leave(turn, id, None),
    }
}

/// Returns an agent who is signed in.
fn signed_in_agent<'a>(turn: &'a Turn, id: &AgentId) -> Result<&'a Agent, Rejection> {
    match turn.state().agent(id).filter(|agent| agent.state.is_signed_in()) {
        Some(agent) => Ok(agent),
        None => Err(Rejection::new(Code::NotSignedIn, format!("agent {id} is not signed in; sign in first"))),
    }
}

/// Checks a reason against the floor's and the hub's reasons. Without a reason: `unspecified`.
fn known_reason(
    turn: &Turn,
    given: Option<&ReasonCode>,
    used_for: ReasonUse,
) -> Result<ReasonCode, Rejection> {
    let Some(given) = given else { return Ok(reason::code(reason::UNSPECIFIED)) };
    let reasons = &turn.state().floor.reasons;
    let of_floor = reasons.iter().any(|known| known.code == *given && known.used_for == used_for);
    let of_hub = [reason::AFTER_CALL, reason::DESK_LOST, reason::UNSPECIFIED].contains(&given.as_str());
    if reasons.is_empty() || of_floor || of_hub {
        return Ok(given.clone());
    }
    let known: Vec<&str> =
        reasons.iter().filter(|one| one.used_for == used_for).map(|one| one.code.as_str()).collect();
    let text = format!("reason {given} is not defined for this action; expected one of {}", known.join(", "));
    Err(Rejection::new(Code::UnknownCode, text))
}
