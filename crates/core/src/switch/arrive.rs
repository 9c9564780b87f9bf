//! New calls: in a queue, at a phone that dials, or at a phone that rings.

use model::{
    AgentId, CallId, ConversationEvent, ConversationState, Data, DetailEvent, DeviceId, Event, FloorEvent,
    InteractionId, InteractionState, Leg, LinkageId, NoticeTopic, Party, PartyKind, QueueChange, SwitchEvent,
    SwitchId, WaitingCall, switch::Delivery,
};

use super::request_snapshot;
use crate::{
    interaction::{NewInteraction, direction, inherit, open, open_consult},
    turn::Turn,
};

/// The priority of a queue that the floor does not define.
const PRIORITY_DEFAULT: u8 = 0;

/// Handles a call that waits for the hub to route it.
pub(super) fn queued(turn: &mut Turn, switch: &SwitchId, event: SwitchEvent) {
    let SwitchEvent::Queued { call, queue, caller, dialled, priority, linked, data } = event else { return };
    let state = turn.state();
    if state.waiting(switch, &call).is_some() {
        return;
    }
    let was_queued = state.recent_call(switch, &call).is_some_and(|recent_call| recent_call.unqueued);
    if was_queued || !state.legs_of(switch, &call).is_empty() {
        return request_snapshot(turn, switch);
    }
    let plan = state.floor.queue(&queue).map(|plan| plan.priority);
    if plan.is_none() {
        turn.notice(None, None, NoticeTopic::QueueUnknown { queue: queue.clone() });
    } else if turn.state().floor.is_queue_retiring(&queue) {
        turn.notice(None, None, NoticeTopic::QueueRemoved { queue: queue.clone() });
    }
    let (linkage, data) = match inherit(turn.state(), switch, &call, linked.as_ref()) {
        Some((linkage, known)) if data.is_empty() => (linkage, known),
        Some((linkage, _)) => (linkage, data),
        None => (LinkageId(turn.uuid()), data),
    };
    let waiting = WaitingCall {
        switch: switch.clone(),
        call,
        linkage,
        caller,
        dialled,
        data,
        priority: priority.or(plan).unwrap_or(PRIORITY_DEFAULT),
        since: turn.now,
        offered: None,
    };
    enter(turn, queue, waiting);
}

/// Adds a call to a queue.
pub(super) fn enter(turn: &mut Turn, queue: model::QueueId, waiting: WaitingCall) {
    turn.queues_to_offer.insert(queue.clone());
    let change = QueueChange::Entered { waiting: Box::new(waiting) };
    turn.emit(Event::Floor(FloorEvent::QueueChanged { queue, change }));
}

/// A phone that dials.
pub(super) struct Origination {
    pub(super) call: CallId,
    pub(super) device: DeviceId,
    pub(super) to: Party,
    pub(super) linked: Option<CallId>,
    pub(super) data: Data,
}

/// Handles a phone that started to dial: a consultation when an interaction was put on hold for it, otherwise a new
/// interaction.
pub(super) fn originated(turn: &mut Turn, switch: &SwitchId, origination: Origination) {
    let Origination { call, device, to, linked, data } = origination;
    let Some(agent) = agent_for_new_call(turn, switch, &call, &device) else { return };
    let direction = match to.at {
        PartyKind::Device(_) => model::Direction::Internal,
        PartyKind::Outside(_) | PartyKind::Withheld => model::Direction::Outbound,
    };
    let parked = linked.as_ref().and_then(|linked| consultable_interaction(turn, switch, linked, &device));
    let opening = NewInteraction {
        agent,
        device,
        switch: switch.clone(),
        call,
        linked,
        direction,
        queue: None,
        customer: to.clone(),
        parties: vec![to],
        dialled: None,
        data,
        state: ConversationState::Dialing,
    };
    match parked {
        Some(interaction) => open_consult(turn, interaction, &opening),
        None => {
            open(turn, opening);
        }
    }
}

/// The agent's interaction whose primary leg is this call, if it is live and has no consultation yet.
pub(super) fn consultable_interaction(
    turn: &Turn,
    switch: &SwitchId,
    call: &CallId,
    device: &DeviceId,
) -> Option<InteractionId> {
    let (id, leg) = turn.state().leg_at(switch, call, device)?;
    let has_room = turn.state().interaction(id).is_some_and(|interaction| {
        interaction.state == InteractionState::Started && interaction.consult.is_none()
    });
    (leg == Leg::Primary && has_room).then_some(id)
}

/// Handles a ringing call. At an agent's phone it opens an interaction; the party that dialed learns that it rings.
pub(super) fn delivered(turn: &mut Turn, switch: &SwitchId, delivery: Delivery) {
    note_ringing(turn, switch, &delivery.call);
    let PartyKind::Device(device) = delivery.at.clone() else { return };
    let Some(agent) = agent_for_new_call(turn, switch, &delivery.call, &device) else { return };
    let opening = NewInteraction {
        agent,
        device,
        switch: switch.clone(),
        call: delivery.call,
        linked: delivery.linked,
        direction: direction(&delivery.caller),
        queue: delivery.queue,
        customer: delivery.caller.clone(),
        parties: vec![delivery.caller],
        dialled: Some(delivery.dialled),
        data: delivery.data,
        state: ConversationState::Alerting,
    };
    open(turn, opening);
}

/// Tells the parties that dialed a call that it rings.
fn note_ringing(turn: &mut Turn, switch: &SwitchId, call: &CallId) {
    for (id, leg) in turn.state().legs_of(switch, call) {
        let Some(interaction) = turn.state().interaction(id) else { continue };
        let Some(conversation) = interaction.leg(leg) else { continue };
        if conversation.state == ConversationState::Dialing && !conversation.delivered {
            turn.emit(Event::Conversation(ConversationEvent::StateChanged {
                agent: interaction.agent.clone(),
                interaction: id,
                leg,
                conversation: conversation.id,
                from: ConversationState::Dialing,
                to: ConversationState::Dialing,
                delivered: true,
            }));
        }
    }
}

/// The agent at a phone for which a call is new. When the phone has already left the call, the switch is asked for its
/// complete state.
fn agent_for_new_call(
    turn: &mut Turn,
    switch: &SwitchId,
    call: &CallId,
    device: &DeviceId,
) -> Option<AgentId> {
    let agent = turn.state().agent_at(switch, device)?.clone();
    if turn.state().leg_at(switch, call, device).is_some() {
        return None;
    }
    if turn.state().recent_call(switch, call).is_some_and(|recent_call| recent_call.left.contains(device)) {
        request_snapshot(turn, switch);
        return None;
    }
    Some(agent)
}

/// Applies changed data of a call to the interactions in it.
pub(super) fn informed(turn: &mut Turn, switch: &SwitchId, call: &CallId, data: &Data) {
    for (id, _) in turn.state().legs_of(switch, call) {
        let Some(interaction) = turn.state().interaction(id) else { continue };
        let changes = data.iter().any(|(name, value)| interaction.data.get(name) != Some(value));
        if changes && interaction.data.has_room_for(data).is_ok() {
            let agent = interaction.agent.clone();
            turn.emit(Event::Detail(DetailEvent::DataChanged {
                agent,
                interaction: id,
                set: data.clone(),
                unset: Vec::new(),
            }));
        }
    }
}
