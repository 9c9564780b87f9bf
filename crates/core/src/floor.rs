//! Applying another floor. Removed entries that are in use are drained: they finish their live work, accept nothing
//! new, and are then deleted.

use std::sync::Arc;

use model::{
    Accepted, AgentId, AgentState, Code, Event, Floor, FloorEvent, NextState, NoticeTopic, QueueId,
    Rejection, Retiring,
};

use crate::{State, agent, interaction, turn::Turn};

/// Applies a floor. Only an inconsistent floor is rejected.
pub(crate) fn change(turn: &mut Turn, floor: &Floor) -> Result<Accepted, Rejection> {
    let requested = floor.requested();
    requested.check().map_err(|error| Rejection::new(Code::Invalid, error.to_string()))?;
    let before = Arc::clone(&turn.state().floor);
    let removed = requested.removed_agents(&before);
    removed.iter().for_each(|id| retire_agent(turn, id, &before));
    let queues = requested.removed_queues(&before);
    queues.iter().for_each(|id| retire_queue(turn, id, &before));
    let retiring = in_use(turn.state(), removed, queues);
    put(turn, requested.keeping(&before, retiring));
    Ok(turn.accepted())
}

/// Deletes removed entries that are no longer in use.
pub(crate) fn remove_unused(turn: &mut Turn) {
    let floor = Arc::clone(&turn.state().floor);
    if floor.retiring.is_empty() {
        return;
    }
    for id in &floor.retiring.agents {
        if !is_agent_used(turn.state(), id) {
            interaction::complete_remaining(turn, id);
        }
    }
    let Retiring { agents, queues } = floor.retiring.clone();
    let retiring = in_use(turn.state(), agents, queues);
    if retiring != floor.retiring {
        put(turn, floor.requested().keeping(&floor, retiring));
    }
}

fn put(turn: &mut Turn, floor: Floor) {
    if *turn.state().floor != floor {
        turn.emit(Event::Floor(FloorEvent::Changed { floor: Arc::new(floor) }));
    }
}

/// Signs out a removed agent, immediately or after the current call or wrap-up.
fn retire_agent(turn: &mut Turn, id: &AgentId, before: &Floor) {
    let Some(state) = turn.state().agent(id).map(|agent| agent.state.clone()) else { return };
    match state {
        AgentState::Busy | AgentState::WrapUp => {
            if !before.is_agent_retiring(id) {
                turn.notice(Some(id), None, NoticeTopic::AgentRetiring { agent: id.clone() });
            }
            agent::change_next(turn, id, Some(NextState::SignedOut));
        }
        AgentState::Ready | AgentState::NotReady { .. } => {
            turn.notice(Some(id), None, NoticeTopic::AgentRemoved { agent: id.clone() });
            agent::leave(turn, id, None);
            interaction::complete_remaining(turn, id);
        }
        AgentState::SignedOut => interaction::complete_remaining(turn, id),
    }
}

fn retire_queue(turn: &mut Turn, id: &QueueId, before: &Floor) {
    let waiting = turn.state().queues.get(id).map_or(0, Vec::len);
    if waiting > 0 && !before.is_queue_retiring(id) {
        turn.notice(None, None, NoticeTopic::QueueRetiring { queue: id.clone(), waiting });
    }
}

/// The entries that are in use.
fn in_use(state: &State, mut agents: Vec<AgentId>, mut queues: Vec<QueueId>) -> Retiring {
    agents.retain(|id| is_agent_used(state, id));
    queues.retain(|id| is_queue_used(state, id));
    Retiring { agents, queues }
}

fn is_agent_used(state: &State, id: &AgentId) -> bool {
    state.agent(id).is_some_and(|agent| agent.state.is_signed_in())
}

fn is_queue_used(state: &State, id: &QueueId) -> bool {
    state.queues.get(id).is_some_and(|waiting| !waiting.is_empty())
}

/// Rejects new work for an agent who is being removed.
pub(crate) fn check_not_retiring(state: &State, id: &AgentId) -> Result<(), Rejection> {
    if !state.floor.is_agent_retiring(id) {
        return Ok(());
    }
    let text = format!("agent {id} was removed from the floor and can only finish the current work");
    Err(Rejection::new(Code::WrongState, text))
}
