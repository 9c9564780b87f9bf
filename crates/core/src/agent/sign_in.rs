//! `sign-in`: comes to work at a phone, for some queues.

use model::{AgentEvent, AgentId, Code, DeviceId, Event, QueueId, Rejection};

use super::{leave, refused::retry};
use crate::{floor::expect_stays, state::Seat, turn::Turn};

pub(crate) fn sign_in(
    turn: &mut Turn,
    id: &AgentId,
    device: Option<&DeviceId>,
    queues: Option<&[QueueId]>,
) -> Result<(), Rejection> {
    let seat = seat(turn, id, device, queues)?;
    let Some(agent) = turn.state().agent(id) else { return Ok(()) };
    if agent.seat.as_ref() == Some(&seat) {
        retry(turn, id);
        return Ok(());
    }
    if agent.state.is_signed_in() {
        expect_stays(turn.state(), id)?;
        stands_idle(turn, id, &seat)?;
        leave(turn, id, None);
    }
    let Seat { device, switch, queues } = seat;
    turn.emit(Event::Agent(AgentEvent::SignedIn { agent: id.clone(), device, switch, queues }));
    Ok(())
}

/// Where the agent is to sit.
fn seat(
    turn: &Turn,
    id: &AgentId,
    device: Option<&DeviceId>,
    queues: Option<&[QueueId]>,
) -> Result<Seat, Rejection> {
    let state = turn.state();
    let Some(agent) = state.agent(id) else {
        return Err(Rejection::new(Code::UnknownAgent, format!("the floor has no agent {id}")));
    };
    let queues = queues.unwrap_or(&agent.plan.queues);
    let takes = |queue: &QueueId| state.floor.queue(queue).is_some() && !state.floor.is_queue_retiring(queue);
    if let Some(queue) = queues.iter().find(|queue| !takes(queue)) {
        return Err(Rejection::new(Code::UnknownQueue, format!("the floor has no queue {queue}")));
    }
    let device = device.unwrap_or(&agent.plan.device).clone();
    let switch = agent.plan.switch.clone();
    match state.agent_at(&switch, &device) {
        Some(other) if other != id => {
            let text = format!("agent {other} is signed in at phone {device}");
            Err(Rejection::new(Code::DeviceInUse, text))
        }
        Some(_) | None => Ok(Seat { device, switch, queues: queues.to_vec() }),
    }
}

/// An agent with a call or with something left to do stays where it is.
fn stands_idle(turn: &Turn, id: &AgentId, seat: &Seat) -> Result<(), Rejection> {
    let working = turn.state().interactions_of(id).find(|one| one.switch.is_some());
    match working {
        None => Ok(()),
        Some(one) => {
            let text = format!(
                "agent {id} has interaction {} at phone {} and cannot move to phone {}",
                one.id, one.device, seat.device
            );
            Err(Rejection::new(Code::WrongState, text))
        }
    }
}
