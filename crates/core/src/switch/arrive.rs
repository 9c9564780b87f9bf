//! A call appears: in a queue, at a phone that dials, at a phone that rings.

use model::{
    AgentId, CallId, Code, ConversationEvent, ConversationState, Data, DetailEvent, DeviceId, Event,
    FloorEvent, InteractionId, InteractionState, Leg, LinkageId, NoticeLevel, Party, PartyKind, QueueChange,
    SwitchEvent, SwitchId, WaitingCall, switch::Delivery,
};

use super::in_doubt;
use crate::{
    interaction::{Opening, direction, inherit, open, open_consult},
    turn::Turn,
};

/// The priority of a queue that the floor has not.
const PRIORITY_DEFAULT: u8 = 0;

/// A call waits for the hub to route it.
pub(super) fn queued(turn: &mut Turn, switch: &SwitchId, event: SwitchEvent) {
    let SwitchEvent::Queued { call, queue, caller, dialled, priority, linked, data } = event else { return };
    let state = turn.state();
    if state.waiting(switch, &call).is_some() {
        return;
    }
    let was_queued = state.memo(switch, &call).is_some_and(|memo| memo.unqueued);
    if was_queued || !state.legs_of(switch, &call).is_empty() {
        return in_doubt(turn, switch);
    }
    let plan = state.floor.queue(&queue).map(|plan| plan.priority);
    if plan.is_none() {
        let text = format!("a call waits in queue {queue}, which the floor has not: nobody is offered it");
        turn.notice(NoticeLevel::Error, Code::UnknownQueue, None, None, text);
    } else if turn.state().floor.is_queue_retiring(&queue) {
        let text =
            format!("a call came to queue {queue}, which is removed from the floor: send callers elsewhere");
        turn.notice(NoticeLevel::Error, Code::UnknownQueue, None, None, text);
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

/// Lets a call wait.
pub(super) fn enter(turn: &mut Turn, queue: model::QueueId, waiting: WaitingCall) {
    turn.fed.insert(queue.clone());
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

/// A phone began to dial: a consult when it parked an interaction for it, else an interaction of its own.
pub(super) fn originated(turn: &mut Turn, switch: &SwitchId, said: Origination) {
    let Origination { call, device, to, linked, data } = said;
    let Some(agent) = unseen(turn, switch, &call, &device) else { return };
    let direction = match to.at {
        PartyKind::Device(_) => model::Direction::Internal,
        PartyKind::Outside(_) | PartyKind::Withheld => model::Direction::Outbound,
    };
    let parked = linked.as_ref().and_then(|linked| parked(turn, switch, linked, &device));
    let opening = Opening {
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

/// The agent's interaction that a call is the primary leg of, when it goes on and has no consult yet.
pub(super) fn parked(
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

/// A call rings. At an agent's phone that opens an interaction; whoever dialled it knows that it rings.
pub(super) fn delivered(turn: &mut Turn, switch: &SwitchId, said: Delivery) {
    ring_back(turn, switch, &said.call);
    let PartyKind::Device(device) = said.at.clone() else { return };
    let Some(agent) = unseen(turn, switch, &said.call, &device) else { return };
    let opening = Opening {
        agent,
        device,
        switch: switch.clone(),
        call: said.call,
        linked: said.linked,
        direction: direction(&said.caller),
        queue: said.queue,
        customer: said.caller.clone(),
        parties: vec![said.caller],
        dialled: Some(said.dialled),
        data: said.data,
        state: ConversationState::Alerting,
    };
    open(turn, opening);
}

/// Those who dialled a call hear it ring.
fn ring_back(turn: &mut Turn, switch: &SwitchId, call: &CallId) {
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

/// The agent at a phone at which a call is not known yet. A phone that was out of it already puts the event in doubt.
fn unseen(turn: &mut Turn, switch: &SwitchId, call: &CallId, device: &DeviceId) -> Option<AgentId> {
    let agent = turn.state().agent_at(switch, device)?.clone();
    if turn.state().leg_at(switch, call, device).is_some() {
        return None;
    }
    if turn.state().memo(switch, call).is_some_and(|memo| memo.left.contains(device)) {
        in_doubt(turn, switch);
        return None;
    }
    Some(agent)
}

/// The data of a call is otherwise: so is that of whoever works on it.
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
