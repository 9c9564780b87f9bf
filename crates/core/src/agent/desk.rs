//! Agents whose last desk is gone: ready for a grace time, then not.
//!
//! An agent who never had a desk works by the API alone and is left alone. What the journal knows survives a restart; the desks
//! themselves do not, so after a start each of them counts as gone from then on.

use model::{AgentEvent, AgentId, AgentState, Code, Event, NextState, NoticeLevel, reason};

use super::{change, change_next};
use crate::{routing, state::Desk, turn::Turn};

/// The first desk of an agent is there, or the last one is gone.
pub(crate) fn desk(turn: &mut Turn, id: &AgentId, attended: bool) {
    let Some(agent) = turn.state().agent(id) else { return };
    let was_attended = agent.desk == Desk::Attended;
    if was_attended != attended {
        turn.emit(Event::Agent(AgentEvent::DeskChanged { agent: id.clone(), attended }));
    }
}

/// The hub was started: the grace time of each agent who had a desk begins now.
pub(crate) fn desks_are_gone(turn: &mut Turn) {
    let had_one = turn.state().agents.iter().filter(|(_, agent)| match agent.desk {
        Desk::Unknown => false,
        Desk::Attended => true,
        Desk::Unattended { .. } => agent.state.is_signed_in(),
    });
    let agents: Vec<AgentId> = had_one.map(|(id, _)| id.clone()).collect();
    for agent in agents {
        turn.emit(Event::Agent(AgentEvent::DeskChanged { agent, attended: false }));
    }
}

/// Somebody asks for calls for an agent whose desk is gone: the grace time begins again.
pub(super) fn restart_grace(turn: &mut Turn, id: &AgentId) {
    let desk = turn.state().agent(id).map(|agent| agent.desk);
    if matches!(desk, Some(Desk::Unattended { .. })) {
        turn.emit(Event::Agent(AgentEvent::DeskChanged { agent: id.clone(), attended: false }));
    }
}

/// Does what is due about desks. Comes before calls are offered: nobody gets one whose grace time is over.
pub(crate) fn lose_desks(turn: &mut Turn) {
    while let Some(id) = turn.state().desk_due(turn.now) {
        desk_ran_out(turn, &id);
    }
}

/// The grace time is over.
pub(crate) fn desk_ran_out(turn: &mut Turn, id: &AgentId) {
    let seconds = turn.state().floor.desk_grace_ms.0 / 1_000;
    let from_here_on = stop(turn, id, reason::DESK_LOST);
    let text = format!("agent {id} has had no desk for {seconds} s and is not ready {from_here_on}");
    turn.notice(NoticeLevel::Warning, Code::WrongState, Some(id), None, text);
}

/// Lets an agent take no more calls for a reason of the hub's, and says from when on. What the agent does meanwhile goes on, and what
/// rings is answered or runs out.
pub(crate) fn stop(turn: &mut Turn, id: &AgentId, word: &'static str) -> &'static str {
    let Some(agent) = turn.state().agent(id) else { return "" };
    let reason = reason::code(word);
    match agent.state {
        AgentState::SignedOut => {}
        AgentState::Ready | AgentState::NotReady { .. } => {
            routing::take_back(turn, id);
            change(turn, id, AgentState::NotReady { reason }, None);
        }
        AgentState::Busy | AgentState::WrapUp => {
            if agent.next != Some(NextState::SignedOut) {
                change_next(turn, id, Some(NextState::NotReady { reason }));
            }
            return "after this call";
        }
    }
    "from now on"
}
