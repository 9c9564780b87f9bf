//! What is due: calls that rang for long enough, work that was left lying, switches that do not answer.

use model::{AgentId, AgentState, Cause, Code, NoticeLevel, RequestId, SwitchAnswer, reason};

use super::take_back;
use crate::{agent, interaction, state::Due, switch, turn::Turn};

/// Does everything that is due.
pub(crate) fn tick(turn: &mut Turn) {
    while let Some(due) = turn.state().due(turn.now) {
        match due {
            Due::Offer(id) => offer_ran_out(turn, &id),
            Due::WrapUp(id) => interaction::wrap_up_ran_out(turn, id),
            Due::Lookup(id) => interaction::lookup_ran_out(turn, id),
            Due::Request(id) => request_ran_out(turn, id),
            Due::Release(id) => interaction::release_ran_out(turn, id),
            Due::Desk(id) => agent::desk_ran_out(turn, &id),
            Due::Switch(id) => switch::lost(turn, &id),
        }
    }
}

/// Ring-no-answer: the call goes back in front, the agent is not ready until it says otherwise.
fn offer_ran_out(turn: &mut Turn, id: &AgentId) {
    let offer = turn.state().agent(id).and_then(|agent| agent.offer.clone());
    let rings = offer.and_then(|offer| {
        let device = &turn.state().agent(id)?.seat.as_ref()?.device;
        turn.state().leg_at(&offer.switch, &offer.call, device)
    });
    let word = if rings.is_some() { reason::RONA } else { reason::DEVICE_FAILED };
    take_back(turn, id);
    let reason = reason::code(word);
    match rings {
        Some((interaction, _)) => {
            interaction::drop_unanswered(turn, interaction, Cause::NoAnswer, Some(reason));
        }
        None if turn.state().agent(id).is_some_and(|agent| agent.state == AgentState::Ready) => {
            agent::change(turn, id, AgentState::NotReady { reason }, None);
        }
        None => {}
    }
    let text = match word {
        reason::RONA => format!("agent {id} did not answer and is not ready"),
        _ => format!("the phone of agent {id} could not be made to ring; the agent is not ready"),
    };
    turn.notice(NoticeLevel::Warning, Code::WrongState, Some(id), None, text);
}

fn request_ran_out(turn: &mut Turn, request: RequestId) {
    let Some(switch) = turn.state().requests.get(&request).map(|pending| pending.switch.clone()) else {
        return;
    };
    let text = "the switch has not answered".into();
    switch::answered(turn, &switch, request, SwitchAnswer::Refused { cause: Cause::Failed, text });
}
