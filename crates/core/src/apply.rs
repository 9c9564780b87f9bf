//! Takes a record into the state. No decision is made here, and nothing here can fail: an event that does not fit is passed over.

use std::sync::Arc;

use model::{
    AgentId, AgentState, Card, Conversation, Data, Event, Floor, Interaction, InteractionId,
    InteractionState, Leg, PartyKind, Record, RequestId, SwitchRequest, Timestamp,
};

use crate::{
    State, routing,
    state::{Agent, Live, Pending, Seat},
};

/// For how long a dialled number counts against the dial policy's limit. Milliseconds.
pub(crate) const DIALLED_MS: u64 = 60_000;

/// Takes a record into the state.
pub(crate) fn apply(state: &mut State, record: &Record) {
    state.seq = record.seq;
    state.at = record.at;
    if let Some(origin) = &record.origin {
        let accepted = model::Accepted { seq: record.seq, interaction: record.event.interaction() };
        state.answered.remember(origin, accepted);
    }
    event(state, record.at, &record.event);
}

fn event(state: &mut State, at: Timestamp, event: &Event) {
    match event {
        Event::FloorChanged { floor } => change_floor(state, floor),
        Event::SwitchLinkChanged { switch, up, features } => {
            let known = state.switches.entry(switch.clone()).or_default();
            known.up = *up;
            known.features = features.iter().copied().collect();
        }
        Event::AgentSignedIn { agent, device, switch, queues } => on_agent(state, agent, |agent| {
            let (device, switch, queues) = (device.clone(), switch.clone(), queues.clone());
            agent.seat = Some(Seat { device, switch, queues });
            agent.state = AgentState::NotReady { reason: model::reason::code(model::reason::SIGNED_IN) };
            agent.since = at;
            agent.next = None;
        }),
        Event::AgentStateChanged { agent, to, next, .. } => on_agent(state, agent, |agent| {
            agent.state = to.clone();
            agent.since = at;
            agent.next = next.clone();
        }),
        Event::AgentNextChanged { agent, next } => on_agent(state, agent, |agent| agent.next = next.clone()),
        Event::AgentSignedOut { agent, .. } => on_agent(state, agent, |agent| {
            agent.seat = None;
            agent.state = AgentState::SignedOut;
            agent.since = at;
            agent.next = None;
            agent.offer = None;
        }),
        Event::InteractionOpened { interaction } => open(state, interaction),
        Event::InteractionStateChanged { interaction, to, cause, .. } => {
            let wrap_up = wrap_up_ms(state, *interaction);
            on_live(state, *interaction, |live| {
                live.interaction.state = *to;
                match to {
                    InteractionState::Started => live.interaction.started_at = Some(at),
                    InteractionState::Ended => {
                        live.interaction.ended_at = Some(at);
                        live.interaction.cause = *cause;
                        live.wrap_up_until = wrap_up.map(|ms| Timestamp(at.0 + ms));
                    }
                    InteractionState::Alerting | InteractionState::Dialing | InteractionState::Completed => {}
                }
            });
        }
        Event::ConversationOpened { interaction, leg, conversation, .. } => {
            on_interaction(state, *interaction, |one| *slot(one, *leg) = Some((**conversation).clone()));
        }
        Event::ConversationStateChanged { interaction, leg, to, delivered, .. } => {
            on_conversation(state, *interaction, *leg, |one| {
                one.state = *to;
                one.delivered = *delivered;
                if *to == model::ConversationState::Talking {
                    one.talking_at = Some(at);
                }
            });
        }
        Event::ConversationClosed { interaction, leg, .. } => close(state, *interaction, *leg),
        Event::PartiesChanged { interaction, leg, call, parties, .. } => {
            on_interaction(state, *interaction, |one| {
                if let Some(conversation) = slot(one, *leg) {
                    conversation.call = call.clone();
                    conversation.parties = parties.clone();
                }
                if *leg == Leg::Primary {
                    follow_customer(one);
                }
            });
        }
        Event::ControlsChanged { interaction, muted, masked, recording, .. } => {
            on_interaction(state, *interaction, |one| {
                one.muted = *muted;
                one.masked = *masked;
                one.recording = *recording;
            });
        }
        Event::DataChanged { interaction, set, unset, .. } => {
            on_interaction(state, *interaction, |one| change_data(&mut one.data, set, unset));
        }
        Event::ContactResolved { interaction, contact, .. } => {
            on_interaction(state, *interaction, |one| one.contact = contact.as_deref().cloned());
        }
        Event::CardChanged { interaction, card, .. } => {
            on_interaction(state, *interaction, |one| {
                one.card = Some(card.clone()).filter(|card| *card != Card::default())
            });
        }
        Event::Popped { interaction, pop, .. } => {
            on_live(state, *interaction, |live| {
                live.interaction.pops.push((**pop).clone());
                if live.interaction.needs_log() {
                    live.wrap_up_until = None;
                }
            });
        }
        Event::Logged { interaction, log, .. } => {
            on_interaction(state, *interaction, |one| one.logs.push((**log).clone()))
        }
        Event::InteractionCompleted { agent, summary } => complete(state, agent, summary.interaction.id),
        Event::QueueChanged { queue, change } => routing::apply(state, at, queue, change),
        Event::NoticeRaised { .. } => {}
        Event::SwitchRequested { request, switch, agent, interaction, asked } => {
            let pending = Pending {
                switch: switch.clone(),
                what: (**asked).clone(),
                agent: agent.clone(),
                interaction: *interaction,
                since: at,
            };
            request_made(state, at, *request, pending);
        }
        Event::SwitchAnswered { request, .. } => request_answered(state, *request),
    }
}

fn change_floor(state: &mut State, floor: &Arc<Floor>) {
    let mut before = std::mem::take(&mut state.agents);
    for plan in &floor.agents {
        let agent = match before.remove(&plan.id) {
            Some(agent) => Agent { plan: plan.clone(), ..agent },
            None => Agent::new(plan.clone()),
        };
        state.agents.insert(plan.id.clone(), agent);
    }
    state.queues.retain(|id, waiting| !waiting.is_empty() || floor.queue(id).is_some());
    for queue in &floor.queues {
        state.queues.entry(queue.id.clone()).or_default();
    }
    state.floor = floor.clone();
    state.index();
}

fn open(state: &mut State, interaction: &Interaction) {
    let live = Live { interaction: interaction.clone(), wrap_up_until: None };
    state.last_number = state.last_number.max(interaction.number);
    if let Some(agent) = state.agents.get_mut(&interaction.agent) {
        agent.interactions.push(interaction.id);
    }
    state.index.put_interaction(&live);
    state.interactions.insert(interaction.id, live);
}

fn close(state: &mut State, id: InteractionId, leg: Leg) {
    let closed = state.interactions.get(&id).and_then(|live| {
        let one = &live.interaction;
        let call = one.leg(leg)?.call.clone();
        Some((one.switch.clone()?, call, one.device.clone(), one.linkage, one.data.clone()))
    });
    on_interaction(state, id, |one| *slot(one, leg) = None);
    if let Some((switch, call, device, linkage, data)) = closed {
        state.recent.leave(&switch, &call, &device, linkage, &data);
    }
}

fn complete(state: &mut State, agent: &AgentId, id: InteractionId) {
    if let Some(live) = state.interactions.remove(&id) {
        state.index.take_interaction(&live);
    }
    if let Some(agent) = state.agents.get_mut(agent) {
        agent.interactions.retain(|one| *one != id);
    }
}

/// How long the agent has after an interaction; nothing when it must be told to be complete.
fn wrap_up_ms(state: &State, id: InteractionId) -> Option<u64> {
    let interaction = state.interaction(id).filter(|one| !one.needs_log())?;
    let queue = interaction.queue.as_ref().and_then(|queue| state.floor.queue(queue));
    Some(queue.map_or(state.floor.wrap_up_ms, |queue| queue.wrap_up_ms))
}

/// Keeps the customer among the parties: whoever is outside, else whoever is there.
fn follow_customer(interaction: &mut Interaction) {
    let Some(conversation) = &interaction.primary else { return };
    let parties = &conversation.parties;
    if parties.iter().any(|party| party.at == interaction.customer.at) {
        return;
    }
    let outside = parties.iter().find(|party| !matches!(party.at, PartyKind::Device(_)));
    if let Some(customer) = outside.or_else(|| parties.first()) {
        interaction.customer = customer.clone();
    }
}

/// Sets and takes out pairs. The decision has checked that there is room.
pub(crate) fn change_data(data: &mut Data, set: &Data, unset: &[impl AsRef<str>]) {
    for name in unset {
        data.unset(name.as_ref());
    }
    for (name, value) in set.iter() {
        let _ = data.set(name, value);
    }
}

fn request_made(state: &mut State, at: Timestamp, request: RequestId, pending: Pending) {
    state.last_request = state.last_request.max(request.0);
    if let (Some(agent), true) = (&pending.agent, dials(&pending.what))
        && let Some(agent) = state.agents.get_mut(agent)
    {
        agent.dialled.retain(|before| before.0 + DIALLED_MS > at.0);
        agent.dialled.push(at);
    }
    state.index.put_request(request, &pending);
    state.requests.insert(request, pending);
}

fn request_answered(state: &mut State, request: RequestId) {
    if let Some(pending) = state.requests.remove(&request) {
        state.index.take_request(request, &pending);
    }
}

/// Whether a request makes somebody's number ring.
fn dials(what: &SwitchRequest) -> bool {
    matches!(
        what,
        SwitchRequest::MakeCall { .. }
            | SwitchRequest::ConsultationCall { .. }
            | SwitchRequest::SingleStepTransfer { .. }
    )
}

fn slot(interaction: &mut Interaction, leg: Leg) -> &mut Option<Conversation> {
    match leg {
        Leg::Primary => &mut interaction.primary,
        Leg::Consult => &mut interaction.consult,
    }
}

/// Changes an agent and the ways to it.
pub(crate) fn on_agent(state: &mut State, id: &AgentId, change: impl FnOnce(&mut Agent)) {
    let Some(agent) = state.agents.get_mut(id) else { return };
    state.index.take_agent(id, agent);
    change(agent);
    state.index.put_agent(id, agent);
}

fn on_live(state: &mut State, id: InteractionId, change: impl FnOnce(&mut Live)) {
    let Some(live) = state.interactions.get_mut(&id) else { return };
    state.index.take_interaction(live);
    change(live);
    state.index.put_interaction(live);
}

fn on_interaction(state: &mut State, id: InteractionId, change: impl FnOnce(&mut Interaction)) {
    on_live(state, id, |live| change(&mut live.interaction));
}

fn on_conversation(state: &mut State, id: InteractionId, leg: Leg, change: impl FnOnce(&mut Conversation)) {
    on_interaction(state, id, |one| {
        if let Some(conversation) = slot(one, leg) {
            change(conversation);
        }
    });
}
