//! Offers waiting calls to ready agents.

use std::cmp::Reverse;

use model::{
    AgentId, AgentState, CallId, DeviceId, Event, FloorEvent, QueueChange, QueueId, SwitchFeature, SwitchId,
    SwitchRequest, Timestamp, switch::DeflectTo,
};

use crate::{State, turn::Turn};

/// Makes the offers that became possible in this turn: to agents who became free, and of calls that came or returned.
pub(crate) fn assign(turn: &mut Turn) {
    for queue in std::mem::take(&mut turn.queues_to_offer) {
        while let Some((agent, call)) = next_pair(turn.state(), &queue) {
            offer(turn, &queue, &agent, &call);
        }
    }
    for agent in std::mem::take(&mut turn.free_agents) {
        if let Some((queue, call)) = next_call(turn.state(), &agent) {
            offer(turn, &queue, &agent, &call);
        }
    }
}

/// The first call of a queue that is not offered yet, and the agent who gets it.
fn next_pair(state: &State, queue: &QueueId) -> Option<(AgentId, (SwitchId, CallId))> {
    let idle = state.index.idle.get(queue)?;
    let calls = state.queues.get(queue)?.iter().filter(|call| call.offered.is_none());
    for call in calls.filter(|call| routable(state, &call.switch)) {
        let fits = |agent: &&(Timestamp, AgentId)| switch_of(state, &agent.1) == Some(&call.switch);
        if let Some((_, agent)) = idle.iter().find(fits) {
            return Some((agent.clone(), (call.switch.clone(), call.call.clone())));
        }
    }
    None
}

/// The call that an agent gets next: highest priority, then oldest.
fn next_call(state: &State, id: &AgentId) -> Option<(QueueId, (SwitchId, CallId))> {
    let agent = state.agent(id).filter(|agent| agent.state == AgentState::Ready && agent.offer.is_none())?;
    let seat = agent.seat.as_ref().filter(|seat| routable(state, &seat.switch))?;
    let firsts = seat.queues.iter().filter_map(|queue| {
        let mut calls = state.queues.get(queue)?.iter();
        let first = calls.find(|call| call.offered.is_none() && call.switch == seat.switch)?;
        Some((queue, first))
    });
    let (queue, call) = firsts.min_by_key(|(_, call)| (Reverse(call.priority), call.since))?;
    Some((queue.clone(), (call.switch.clone(), call.call.clone())))
}

fn switch_of<'a>(state: &'a State, agent: &AgentId) -> Option<&'a SwitchId> {
    state.agent(agent)?.seat.as_ref().map(|seat| &seat.switch)
}

/// Whether the hub currently routes the calls of a switch.
pub(crate) fn routable(state: &State, switch: &SwitchId) -> bool {
    state.can(switch, SwitchFeature::DeflectCall).is_ok()
}

fn offer(turn: &mut Turn, queue: &QueueId, id: &AgentId, (switch, call): &(SwitchId, CallId)) {
    let Some(device) = turn.state().agent(id).and_then(|agent| Some(agent.seat.as_ref()?.device.clone()))
    else {
        return;
    };
    let (switch, call) = (switch.clone(), call.clone());
    let to = DeflectTo::Device(device.clone());
    let deflect = SwitchRequest::DeflectCall { call: call.clone(), from: None, to };
    let change = QueueChange::Offered { switch: switch.clone(), call, agent: id.clone(), device };
    turn.emit(Event::Floor(FloorEvent::QueueChanged { queue: queue.clone(), change }));
    turn.request(&switch, Some(id), None, deflect);
}

/// Withdraws an offer from an agent whose phone does not ring yet. The call returns to the front of its queue.
pub(crate) fn withdraw_offer(turn: &mut Turn, id: &AgentId) {
    let Some(agent) = turn.state().agent(id) else { return };
    let (Some(offer), Some(seat)) = (agent.offer.clone(), agent.seat.clone()) else { return };
    return_offer(turn, id);
    let to = DeflectTo::Queue(offer.queue);
    let deflect = SwitchRequest::DeflectCall { call: offer.call, from: Some(seat.device), to };
    turn.request(&offer.switch, Some(id), None, deflect);
}

/// Returns the call that is offered to an agent to the front of its queue.
pub(crate) fn return_offer(turn: &mut Turn, id: &AgentId) {
    let Some(offer) = turn.state().agent(id).and_then(|agent| agent.offer.clone()) else { return };
    let change = QueueChange::Returned { switch: offer.switch, call: offer.call, agent: id.clone() };
    turn.emit(Event::Floor(FloorEvent::QueueChanged { queue: offer.queue.clone(), change }));
    turn.queues_to_offer.insert(offer.queue);
    turn.free_agents.insert(id.clone());
}

/// Notes that a waiting call rings at an agent's phone, for whatever reason. It is now offered to that agent only.
pub(crate) fn mark_offered(
    turn: &mut Turn,
    switch: &SwitchId,
    call: &CallId,
    id: &AgentId,
    device: &DeviceId,
) {
    let Some((queue, waiting)) = turn.state().waiting(switch, call) else { return };
    let (queue, offered) = (queue.clone(), waiting.offered.clone());
    if turn.state().agent(id).is_none_or(|agent| agent.offer.is_some()) {
        return;
    }
    if let Some(other) = offered {
        return_offer(turn, &other);
    }
    let (switch, call, agent, device) = (switch.clone(), call.clone(), id.clone(), device.clone());
    turn.emit(Event::Floor(FloorEvent::QueueChanged {
        queue,
        change: QueueChange::Offered { switch, call, agent, device },
    }));
}
