//! `sign-in`: signs in an agent at a phone, for some queues. An agent who is signed in moves and keeps the state.

use model::{AgentEvent, AgentId, AgentState, Code, DeviceId, Event, QueueId, Rejection, SwitchId};

use super::{
    become_busy, change, leave,
    refused::{is_refusal, retry},
};
use crate::{
    floor::check_not_retiring,
    interaction::{described, occupies},
    state::SignInPlace,
    turn::Turn,
};

pub(crate) fn sign_in(
    turn: &mut Turn,
    id: &AgentId,
    device: Option<&DeviceId>,
    queues: Option<&[QueueId]>,
) -> Result<(), Rejection> {
    let seat = sign_in_place(turn, id, device, queues)?;
    let Some(agent) = turn.state().agent(id) else { return Ok(()) };
    if agent.seat.as_ref() == Some(&seat) {
        retry(turn, id);
        return Ok(());
    }
    let before = agent.state.clone();
    if before.is_signed_in() {
        check_not_retiring(turn.state(), id)?;
        check_idle(turn, id, &seat)?;
        leave(turn, id, None);
    }
    let SignInPlace { device, switch, queues } = seat;
    turn.emit(Event::Agent(AgentEvent::SignedIn { agent: id.clone(), device, switch, queues }));
    if turn.state().interactions_of(id).any(occupies) {
        become_busy(turn, id);
    } else {
        keep_state(turn, id, before);
    }
    Ok(())
}

/// An agent who was signed in keeps the state at another phone or with other queues.
fn keep_state(turn: &mut Turn, id: &AgentId, before: AgentState) {
    match before {
        AgentState::NotReady { .. } if is_refusal(&before) => {}
        AgentState::NotReady { .. } | AgentState::Ready => change(turn, id, before, None),
        AgentState::SignedOut | AgentState::Busy | AgentState::WrapUp => {}
    }
}

/// The phone, switch and queues to sign in with.
fn sign_in_place(
    turn: &Turn,
    id: &AgentId,
    device: Option<&DeviceId>,
    queues: Option<&[QueueId]>,
) -> Result<SignInPlace, Rejection> {
    let state = turn.state();
    let Some(agent) = state.agent(id) else {
        return Err(Rejection::new(Code::UnknownAgent, format!("agent {id} is not defined in the floor")));
    };
    let queues = queues.unwrap_or(&agent.plan.queues);
    let takes = |queue: &QueueId| state.floor.queue(queue).is_some() && !state.floor.is_queue_retiring(queue);
    if let Some(queue) = queues.iter().find(|queue| !takes(queue)) {
        return Err(Rejection::new(Code::UnknownQueue, format!("queue {queue} is not defined in the floor")));
    }
    let device = device.unwrap_or(&agent.plan.device).clone();
    let switch = agent.plan.switch.clone();
    if device != agent.plan.device {
        check_phone(turn, &switch, &device)?;
    }
    match state.agent_at(&switch, &device) {
        Some(other) if other != id => {
            let text = format!(
                "phone {device} is in use by agent {other}; choose another phone or sign out agent {other}"
            );
            Err(Rejection::new(Code::DeviceInUse, text))
        }
        Some(_) | None => Ok(SignInPlace { device, switch, queues: queues.to_vec() }),
    }
}

/// Rejects a phone that the switch does not have. Switches that do not list their phones accept any.
fn check_phone(turn: &Turn, switch: &SwitchId, device: &DeviceId) -> Result<(), Rejection> {
    let phones = turn.state().switches.get(switch).and_then(|known| known.phones.as_ref());
    if phones.is_none_or(|phones| phones.contains(device)) {
        return Ok(());
    }
    let text = format!("phone {device} does not exist at switch {switch}; check the number of the phone");
    Err(Rejection::new(Code::NotFound, text))
}

/// Rejects a change of phone while the agent has a call or wrap-up.
fn check_idle(turn: &Turn, id: &AgentId, seat: &SignInPlace) -> Result<(), Rejection> {
    let working = turn.state().interactions_of(id).find(|one| one.switch.is_some());
    match working {
        None => Ok(()),
        Some(one) => {
            let text = format!(
                "agent {id} has {} at phone {}; complete it before moving to phone {}",
                described(one),
                one.device,
                seat.device
            );
            Err(Rejection::new(Code::WrongState, text))
        }
    }
}
