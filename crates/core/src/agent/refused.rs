//! An agent whom the switch refused: not ready until somebody tries again.

use model::{AgentId, AgentState, Code, NextState, NoticeLevel, SwitchId, reason};

use super::{change, desk::stop};
use crate::{state::Agent, turn::Turn};

/// The switch does not let the agent work there. An agent who signs in or asks to be ready again is tried again.
pub(crate) fn refused(turn: &mut Turn, switch: &SwitchId, id: &AgentId, why: &str) {
    let Some(agent) = turn.state().agent(id) else { return };
    let is_there = agent.seat.as_ref().is_some_and(|seat| seat.switch == *switch);
    if !is_there || was_told(agent) {
        return;
    }
    let from_here_on = stop(turn, id, reason::PHONE_REFUSED);
    let text = format!(
        "switch {switch} refused agent {id}: {why}. The agent is not ready {from_here_on}; sign in or ask for ready to try again"
    );
    turn.notice(NoticeLevel::Error, Code::SwitchRefused, Some(id), None, text);
}

/// Signing in again where the switch refused has the switch asked again: its session sees the agent's state change.
pub(super) fn retry(turn: &mut Turn, id: &AgentId) {
    let is_refused = turn.state().agent(id).is_some_and(|agent| is_refusal(&agent.state));
    if is_refused {
        let reason = reason::code(reason::SIGNED_IN);
        change(turn, id, AgentState::NotReady { reason }, None);
    }
}

/// Whether an agent is not ready because the switch refused.
pub(crate) fn is_refusal(state: &AgentState) -> bool {
    matches!(state, AgentState::NotReady { reason } if reason.as_str() == reason::PHONE_REFUSED)
}

fn was_told(agent: &Agent) -> bool {
    let next = matches!(&agent.next, Some(NextState::NotReady { reason }) if reason.as_str() == reason::PHONE_REFUSED);
    next || is_refusal(&agent.state)
}
