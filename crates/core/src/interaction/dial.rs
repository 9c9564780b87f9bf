//! `dial`: starts an outbound call. Also the check of the dial policy for every number.

use model::{
    AgentId, Code, ConversationState, Data, Number, Rejection, SwitchFeature, SwitchId, SwitchRequest,
    Timestamp,
};

use super::{is_call, reference::described};
use crate::{State, apply::DIALLED_MS, floor::check_not_retiring, turn::Turn};

pub(crate) fn dial(turn: &mut Turn, id: &AgentId, to: &Number, data: &Data) -> Result<(), Rejection> {
    let switch = check(turn.state(), id)?;
    check_dial_policy(turn.state(), turn.now, id, to)?;
    let Some(seat) = turn.state().agent(id).and_then(|agent| agent.seat.clone()) else { return Ok(()) };
    let request = SwitchRequest::MakeCall { device: seat.device, to: to.clone(), data: data.clone() };
    turn.request(&switch, Some(id), None, request);
    Ok(())
}

/// Checks whether an agent can call now. Returns the switch to use.
pub(crate) fn check(state: &State, id: &AgentId) -> Result<SwitchId, Rejection> {
    let seat = state.agent(id).and_then(|agent| agent.seat.as_ref());
    let Some(seat) = seat else {
        return Err(Rejection::new(Code::NotSignedIn, format!("agent {id} is not signed in; sign in first")));
    };
    check_not_retiring(state, id)?;
    state.can(&seat.switch, SwitchFeature::MakeCall)?;
    let is_parked = |interaction: &model::Interaction| {
        interaction.conversations().all(|(_, conversation)| conversation.state == ConversationState::Held)
    };
    let in_the_way =
        state.interactions_of(id).find(|interaction| is_call(interaction) && !is_parked(interaction));
    if let Some(interaction) = in_the_way {
        let text = format!("agent {id} has {}; end it or put it on hold first", described(interaction));
        return Err(Rejection::new(Code::WrongState, text));
    }
    if state.is_calling(&seat.switch, &seat.device) {
        let text = format!("agent {id} is already dialing; wait until the switch has answered");
        return Err(Rejection::new(Code::WrongState, text));
    }
    Ok(seat.switch.clone())
}

/// Checks a number against the dial policy: which numbers are allowed, and how many in a minute. Emergency calls are
/// always allowed.
pub(super) fn check_dial_policy(
    state: &State,
    now: Timestamp,
    id: &AgentId,
    to: &Number,
) -> Result<(), Rejection> {
    if numbers::is_emergency(to, state.floor.country) {
        return Ok(());
    }
    let is_seat = state
        .agents
        .values()
        .filter_map(|agent| agent.seat.as_ref())
        .any(|seat| seat.device.as_str() == to.as_str());
    numbers::check(&state.floor, to, is_seat)?;
    let policy = &state.floor.dial_policy;
    let dialled = state.agent(id).map(|agent| agent.dialled.as_slice()).unwrap_or_default();
    let recent = dialled.iter().filter(|at| at.0 + DIALLED_MS > now.0).count();
    if policy.per_minute_max > 0 && recent >= policy.per_minute_max as usize {
        let text = format!(
            "agent {id} dialed {recent} numbers within a minute; the maximum is {}",
            policy.per_minute_max
        );
        return Err(Rejection::new(Code::TooMany, text));
    }
    Ok(())
}
