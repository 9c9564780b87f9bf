//! Expired timers: unanswered offers, wrap-up, lookups, requests, desks and switches.

use model::{AgentId, AgentState, Cause, NoticeTopic, RequestId, SwitchAnswer, reason};

use super::withdraw_offer;
use crate::{agent, interaction, state::Timer, switch, turn::Turn};

/// Handles all expired timers.
pub(crate) fn tick(turn: &mut Turn) {
    while let Some(due) = turn.state().due(turn.now) {
        match due {
            Timer::Offer(id) => offer_expired(turn, &id),
            Timer::WrapUp(id) => interaction::wrap_up_expired(turn, id),
            Timer::Lookup(id) => interaction::lookup_timed_out(turn, id),
            Timer::Request(id) => request_timed_out(turn, id),
            Timer::Release(id) => interaction::hang_up_timed_out(turn, id),
            Timer::Desk(id) => agent::desk_grace_expired(turn, &id),
            Timer::Switch(id) => switch::lost(turn, &id),
        }
    }
}

/// Handles an offer that was not answered: the call returns to the front of its queue, and the agent is not ready until
/// it sets ready.
fn offer_expired(turn: &mut Turn, id: &AgentId) {
    let offer = turn.state().agent(id).and_then(|agent| agent.offer.clone());
    let rings = offer.and_then(|offer| {
        let device = &turn.state().agent(id)?.seat.as_ref()?.device;
        turn.state().leg_at(&offer.switch, &offer.call, device)
    });
    let word = if rings.is_some() { reason::RONA } else { reason::DEVICE_FAILED };
    withdraw_offer(turn, id);
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
    let agent = id.clone();
    let topic = match word {
        reason::RONA => NoticeTopic::CallNotAnswered { agent },
        _ => NoticeTopic::PhoneDidNotRing { agent },
    };
    turn.notice(Some(id), None, topic);
}

fn request_timed_out(turn: &mut Turn, request: RequestId) {
    let Some(switch) = turn.state().requests.get(&request).map(|pending| pending.switch.clone()) else {
        return;
    };
    let text = "the switch did not answer in time".into();
    switch::answered(turn, &switch, request, SwitchAnswer::Refused { cause: Cause::Failed, text });
}
