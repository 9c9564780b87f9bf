//! Applies changes of waiting calls to the state.

use std::cmp::Reverse;

use model::{AgentId, CallId, DeviceId, QueueChange, QueueId, SwitchId, Timestamp, WaitingCall};

use crate::{State, apply::update_agent, state::Offer};

/// Applies a change of a queue to the state.
pub(crate) fn apply(state: &mut State, at: Timestamp, queue: &QueueId, change: &QueueChange) {
    match change {
        QueueChange::Entered { waiting } => enter(state, queue, waiting),
        QueueChange::Offered { switch, call, agent, device } => {
            offer(state, at, queue, (switch, call), agent, device)
        }
        QueueChange::Returned { switch, call, agent } => {
            on_waiting(state, queue, (switch, call), |waiting| waiting.offered = None);
            update_agent(state, agent, |agent| agent.offer = None);
        }
        QueueChange::Answered { switch, call, agent, .. } => {
            leave(state, queue, (switch, call));
            update_agent(state, agent, |agent| agent.offer = None);
        }
        QueueChange::Left { switch, call, .. } => {
            if let Some(agent) = leave(state, queue, (switch, call)).and_then(|waiting| waiting.offered) {
                update_agent(state, &agent, |agent| agent.offer = None);
            }
        }
    }
}

/// A call, by its switch and its ID.
type Key<'a> = (&'a SwitchId, &'a CallId);

fn enter(state: &mut State, queue: &QueueId, waiting: &WaitingCall) {
    let list = state.queues.entry(queue.clone()).or_default();
    let place = |one: &WaitingCall| (Reverse(one.priority), one.since);
    let index = list.partition_point(|one| place(one) <= place(waiting));
    list.insert(index, waiting.clone());
    state.index.waiting.insert((waiting.switch.clone(), waiting.call.clone()), queue.clone());
}

fn offer(state: &mut State, at: Timestamp, queue: &QueueId, key: Key, agent: &AgentId, device: &DeviceId) {
    let ring = state.floor.queue(queue).map(|plan| plan.ring()).unwrap_or_default();
    on_waiting(state, queue, key, |waiting| waiting.offered = Some(agent.clone()));
    state.recent.expect_at(key.0, key.1, device);
    let (queue, switch, call) = (queue.clone(), key.0.clone(), key.1.clone());
    update_agent(state, agent, |agent| agent.offer = Some(Offer { queue, switch, call, until: at + ring }));
}

fn leave(state: &mut State, queue: &QueueId, (switch, call): Key) -> Option<WaitingCall> {
    state.index.waiting.remove(&(switch.clone(), call.clone()));
    let list = state.queues.get_mut(queue)?;
    let index = list.iter().position(|one| one.call == *call && one.switch == *switch)?;
    let waiting = list.remove(index);
    state.recent.unqueue(switch, call, waiting.linkage, &waiting.data);
    Some(waiting)
}

fn on_waiting(
    state: &mut State,
    queue: &QueueId,
    (switch, call): Key,
    change: impl FnOnce(&mut WaitingCall),
) {
    let list = state.queues.get_mut(queue).map(Vec::as_mut_slice).unwrap_or_default();
    if let Some(waiting) = list.iter_mut().find(|one| one.call == *call && one.switch == *switch) {
        change(waiting);
    }
}
