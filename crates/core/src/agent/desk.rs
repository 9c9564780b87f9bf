//! Agents without a desk. An agent whose last desk disconnected stays ready for a grace time and then becomes not
//! ready.
//!
//! Agents who never had a desk use only the API and are not affected. The journal survives a restart but connections do
//! not, so after a start every desk counts as disconnected from then on.

use model::{AgentEvent, AgentId, AgentState, Event, NextState, NoticeTopic, reason};

use super::{change, change_next};
use crate::{routing, state::DeskPresence, turn::Turn};

/// Handles an agent's first connected desk or last disconnected desk.
pub(crate) fn desk(turn: &mut Turn, id: &AgentId, attended: bool) {
    let Some(agent) = turn.state().agent(id) else { return };
    let was_attended = agent.desk == DeskPresence::Attended;
    if was_attended != attended {
        turn.emit(Event::Agent(AgentEvent::DeskChanged { agent: id.clone(), attended }));
    }
}

/// Starts the grace time of each agent who had a desk, after the hub started.
pub(crate) fn mark_desks_gone(turn: &mut Turn) {
    let had_one = turn.state().agents.iter().filter(|(_, agent)| match agent.desk {
        DeskPresence::Unknown => false,
        DeskPresence::Attended => true,
        DeskPresence::Unattended { .. } => agent.state.is_signed_in(),
    });
    let agents: Vec<AgentId> = had_one.map(|(id, _)| id.clone()).collect();
    for agent in agents {
        turn.emit(Event::Agent(AgentEvent::DeskChanged { agent, attended: false }));
    }
}

/// Restarts the grace time when an agent without a desk requests calls.
pub(super) fn restart_grace(turn: &mut Turn, id: &AgentId) {
    let desk = turn.state().agent(id).map(|agent| agent.desk);
    if matches!(desk, Some(DeskPresence::Unattended { .. })) {
        turn.emit(Event::Agent(AgentEvent::DeskChanged { agent: id.clone(), attended: false }));
    }
}

/// Handles expired grace times. This runs before calls are offered, so that no agent gets a call after the grace time.
pub(crate) fn expire_desk_grace(turn: &mut Turn) {
    while let Some(id) = turn.state().desk_due(turn.now) {
        desk_grace_expired(turn, &id);
    }
}

/// Makes an agent not ready after the grace time.
pub(crate) fn desk_grace_expired(turn: &mut Turn, id: &AgentId) {
    let seconds = turn.state().floor.desk_grace_ms.0 / 1_000;
    let after_call = make_not_ready(turn, id, reason::DESK_LOST);
    turn.notice(Some(id), None, NoticeTopic::DeskLost { agent: id.clone(), seconds, after_call });
}

/// Makes an agent not ready for a reason of the hub. Current calls continue, and a ringing call can still be answered.
/// Returns whether it takes effect only after the current call or wrap-up.
pub(crate) fn make_not_ready(turn: &mut Turn, id: &AgentId, word: &'static str) -> bool {
    let Some(agent) = turn.state().agent(id) else { return false };
    let reason = reason::code(word);
    match agent.state {
        AgentState::SignedOut => {}
        AgentState::Ready | AgentState::NotReady { .. } => {
            routing::withdraw_offer(turn, id);
            change(turn, id, AgentState::NotReady { reason }, None);
        }
        AgentState::Busy | AgentState::WrapUp => {
            if agent.next != Some(NextState::SignedOut) {
                change_next(turn, id, Some(NextState::NotReady { reason }));
            }
            return true;
        }
    }
    false
}
