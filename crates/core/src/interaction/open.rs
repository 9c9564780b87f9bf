//! The start of an interaction: a call appears at an agent's phone.

use model::{
    AgentId, CallId, Conversation, ConversationEvent, ConversationId, ConversationState, Data, DeviceId,
    Direction, Event, FloorEvent, Interaction, InteractionEvent, InteractionId, InteractionState, Leg,
    LinkageId, Number, Party, PartyKind, QueueChange, QueueId, Recording, SwitchId, Timestamp, WaitingCall,
    WaitingCaller,
};

use super::{
    lookup::{CallerLookup, known},
    notify::session_before,
};
use crate::{State, agent, routing, turn::Turn};

/// A call at an agent's phone, which opens an interaction.
pub(crate) struct NewInteraction {
    pub(crate) agent: AgentId,
    pub(crate) device: DeviceId,
    pub(crate) switch: SwitchId,
    pub(crate) call: CallId,
    /// The call that this call grew out of.
    pub(crate) linked: Option<CallId>,
    pub(crate) direction: Direction,
    pub(crate) queue: Option<QueueId>,
    pub(crate) customer: Party,
    pub(crate) parties: Vec<Party>,
    pub(crate) dialled: Option<Number>,
    pub(crate) data: Data,
    /// The state of the agent's connection.
    pub(crate) state: ConversationState,
}

/// Opens an interaction for a call, or continues the session whose notification arrived shortly before the call. The
/// agent becomes busy.
pub(crate) fn open(turn: &mut Turn, opening: NewInteraction) -> InteractionId {
    let session = session_before(turn, &opening.agent, &opening.customer);
    let id = session.as_ref().map_or_else(|| InteractionId(turn.uuid()), |session| session.id);
    let inherited = inherit(turn.state(), &opening.switch, &opening.call, opening.linked.as_ref());
    let (linkage, data) = match (inherited, &session) {
        (Some((linkage, data)), _) => (linkage, merged(data, &opening.data)),
        (None, Some(session)) => (session.linkage, opening.data.clone()),
        (None, None) => (LinkageId(turn.uuid()), opening.data.clone()),
    };
    let recordings = recordings_of(turn.state(), &opening.switch, &opening.call);
    let agent = opening.agent.clone();
    // The leg with the customer has the interaction's own ID, so that peers that have one of the two can find the
    // other.
    let conversation = conversation(turn.now, ConversationId(id.0), &opening);
    let state = match opening.state {
        ConversationState::Alerting => InteractionState::Alerting,
        ConversationState::Dialing => InteractionState::Dialing,
        ConversationState::Talking | ConversationState::Held | ConversationState::Ended => {
            InteractionState::Started
        }
    };
    let is_started = state == InteractionState::Started;
    let waited_in = turn.state().waiting(&opening.switch, &opening.call).map(|(queue, _)| queue.clone());
    let waited = waited_in.is_some();
    let CallerLookup { found, pending } = known(turn, &opening.switch, &opening.call, &opening.customer);
    let (switch, call, device) = (opening.switch.clone(), opening.call.clone(), opening.device.clone());
    let interaction = Interaction {
        switch: Some(opening.switch),
        direction: opening.direction,
        queue: opening.queue.or(waited_in),
        dialled: opening.dialled,
        state,
        started_at: is_started.then_some(turn.now),
        held_at: (opening.state == ConversationState::Held).then_some(turn.now),
        primary: Some(conversation),
        data,
        calls: vec![call.clone()],
        recordings,
        contact: found.contact,
        candidates: found.candidates,
        contact_pending: pending,
        ..blank(turn, id, linkage, &agent, &opening.device, opening.customer)
    };
    let interaction = match session {
        Some(session) => continued(session, interaction),
        None => interaction,
    };
    turn.emit(Event::Interaction(InteractionEvent::Opened { interaction: Box::new(interaction) }));
    agent::become_busy(turn, &agent);
    if is_started && waited {
        answered(turn, &switch, &call, &agent);
    } else if state == InteractionState::Alerting {
        routing::mark_offered(turn, &switch, &call, &agent, &device);
    }
    id
}

/// A session that its call joins: the interaction of the call, with everything that the session shows and that the agent
/// has written.
fn continued(session: Interaction, call: Interaction) -> Interaction {
    let is_unresolved = call.contact.is_none() && call.candidates.is_empty();
    let (contact, candidates) = match is_unresolved {
        true => (session.contact, session.candidates),
        false => (call.contact, call.candidates),
    };
    Interaction {
        number: session.number,
        dialled: call.dialled.or(session.dialled),
        data: merged(session.data, &call.data),
        contact_pending: call.contact_pending && contact.is_none(),
        contact,
        candidates,
        card: session.card,
        pops: session.pops,
        notes: session.notes,
        disposition: session.disposition,
        ..call
    }
}

/// An interaction with only an agent and a customer.
pub(super) fn blank(
    turn: &Turn,
    id: InteractionId,
    linkage: LinkageId,
    agent: &AgentId,
    device: &DeviceId,
    customer: Party,
) -> Interaction {
    Interaction {
        id,
        number: turn.state().last_number + 1,
        linkage,
        agent: agent.clone(),
        device: device.clone(),
        switch: None,
        direction: Direction::Inbound,
        queue: None,
        customer,
        customer_changes: 0,
        transferred_to: None,
        conference: Vec::new(),
        held_ms: 0,
        held_at: None,
        dialled: None,
        state: InteractionState::Started,
        opened_at: turn.now,
        started_at: None,
        ended_at: None,
        cause: None,
        forced_by: None,
        primary: None,
        consult: None,
        muted: false,
        masked: false,
        recording: false,
        data: Data::new(),
        contact: None,
        candidates: Vec::new(),
        contact_pending: false,
        card: None,
        pops: Vec::new(),
        logs: Vec::new(),
        calls: Vec::new(),
        recordings: Vec::new(),
        notes: None,
        disposition: None,
    }
}

/// Opens the second leg of an interaction.
pub(crate) fn open_consult(turn: &mut Turn, interaction: InteractionId, opening: &NewInteraction) {
    let id = ConversationId(turn.uuid());
    let conversation = conversation(turn.now, id, opening);
    turn.emit(Event::Conversation(ConversationEvent::Opened {
        agent: opening.agent.clone(),
        interaction,
        leg: Leg::Consult,
        conversation: Box::new(conversation),
    }));
}

/// Handles the answer of a waiting call.
pub(crate) fn answered(turn: &mut Turn, switch: &SwitchId, call: &CallId, agent: &AgentId) {
    let Some((queue, waiting)) = turn.state().waiting(switch, call) else { return };
    let waited_ms = turn.now.0.saturating_sub(waiting.since.0);
    let (queue, offered) = (queue.clone(), waiting.offered.clone());
    let waiter = waiter(turn.state(), waiting);
    if let Some(other) = offered.filter(|other| other != agent) {
        routing::return_offer(turn, &other);
    }
    let offer = turn.state().agent(agent).and_then(|agent| agent.offer.as_ref());
    if offer.is_some_and(|offer| (&offer.switch, &offer.call) != (switch, call)) {
        routing::withdraw_offer(turn, agent);
    }
    let agent = agent.clone();
    let change =
        QueueChange::Answered { switch: switch.clone(), call: call.clone(), agent, waited_ms, waiter };
    turn.emit(Event::Floor(FloorEvent::QueueChanged { queue, change }));
}

/// The linkage and the data that a call inherits: from its queue, from other interactions in it, from the call that it grew out of,
/// or from the recently ended call.
pub(crate) fn inherit(
    state: &State,
    switch: &SwitchId,
    call: &CallId,
    linked: Option<&CallId>,
) -> Option<(LinkageId, Data)> {
    if let Some((_, waiting)) = state.waiting(switch, call) {
        return Some((waiting.linkage, waiting.data.clone()));
    }
    let from_legs = |call: &CallId| {
        let (id, _) = *state.legs_of(switch, call).first()?;
        state.interaction(id).map(|interaction| (interaction.linkage, interaction.data.clone()))
    };
    let from_memo = |call: &CallId| {
        state.recent_call(switch, call).map(|recent_call| (recent_call.linkage, recent_call.data.clone()))
    };
    from_legs(call)
        .or_else(|| linked.and_then(from_legs))
        .or_else(|| from_memo(call))
        .or_else(|| linked.and_then(from_memo))
}

/// The waiting caller for the journal, with the contact of an interaction with this call if there is one.
pub(crate) fn waiter(state: &State, waiting: &WaitingCall) -> Box<WaitingCaller> {
    let legs = state.legs_of(&waiting.switch, &waiting.call);
    let mut contacts = legs.iter().filter_map(|(id, _)| state.interaction(*id)?.contact.clone());
    Box::new(WaitingCaller {
        caller: Some(waiting.caller.clone()),
        dialled: Some(waiting.dialled.clone()),
        linkage: Some(waiting.linkage),
        contact: contacts.next(),
    })
}

/// The recordings of a call, from other interactions with the same customer or from the recently ended call.
fn recordings_of(state: &State, switch: &SwitchId, call: &CallId) -> Vec<Recording> {
    let mut legs = state.legs_of(switch, call);
    legs.retain(|(_, leg)| *leg == Leg::Primary);
    let mut known = legs.iter().filter_map(|(id, _)| state.interaction(*id));
    match known.next() {
        Some(interaction) => interaction.recordings.clone(),
        None => state
            .recent_call(switch, call)
            .map(|recent_call| recent_call.recordings.clone())
            .unwrap_or_default(),
    }
}

/// The direction of a call, by its caller.
pub(crate) fn direction(caller: &Party) -> Direction {
    match caller.at {
        PartyKind::Device(_) => Direction::Internal,
        PartyKind::Outside(_) | PartyKind::Withheld => Direction::Inbound,
    }
}

fn conversation(now: Timestamp, id: ConversationId, opening: &NewInteraction) -> Conversation {
    let talks = opening.state == ConversationState::Talking;
    Conversation {
        id,
        call: opening.call.clone(),
        state: opening.state,
        delivered: false,
        parties: opening.parties.clone(),
        talking_at: talks.then_some(now),
    }
}

/// Merges known data with the data of the call, which takes precedence.
fn merged(mut known: Data, reported: &Data) -> Data {
    for (name, value) in reported.iter() {
        // Pairs that exceed the maximum are dropped in favor of known data.
        let _ = known.set(name, value);
    }
    known
}
