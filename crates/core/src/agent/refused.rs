//! Agents whom the switch refused: not ready until someone retries.

use model::{AgentId, AgentState, NextState, NoticeTopic, SwitchId, reason};

use super::{change, desk::make_not_ready};
use crate::{state::Agent, turn::Turn};

/// Makes an agent not ready whom the switch refused. Signing in or setting ready again retries.
pub(crate) fn refused(turn: &mut Turn, switch: &SwitchId, id: &AgentId, why: &str) {
    let Some(agent) = turn.state().agent(id) else { return };
    let is_there = agent.seat.as_ref().is_some_and(|seat| seat.switch == *switch);
    if !is_there || is_already_reported(agent) {
        return;
    }
    let after_call = make_not_ready(turn, id, reason::PHONE_REFUSED);
    let (agent, switch, reason) = (id.clone(), switch.clone(), why.to_owned());
    turn.notice(Some(id), None, NoticeTopic::AgentRefused { agent, switch, reason, after_call });
}

/// Retries after a refusal: the changed agent state makes the session send the request to the switch again.
pub(super) fn retry(turn: &mut Turn, id: &AgentId) {
    let is_refused = turn.state().agent(id).is_some_and(|agent| is_refusal(&agent.state));
    if is_refused {
        let reason = reason::code(reason::SIGNED_IN);
        change(turn, id, AgentState::NotReady { reason }, None);
    }
}

/// Whether the agent is not ready because the switch refused.
pub(crate) fn is_refusal(state: &AgentState) -> bool {
    matches!(state, AgentState::NotReady { reason } if reason.as_str() == reason::PHONE_REFUSED)
}

fn is_already_reported(agent: &Agent) -> bool {
    let next = matches!(&agent.next, Some(NextState::NotReady { reason }) if reason.as_str() == reason::PHONE_REFUSED);
    next || is_refusal(&agent.state)
}
