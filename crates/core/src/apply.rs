//! Applies records to the state. This code makes no decisions and cannot fail: it ignores events that do not match the
//! state.

use std::{collections::BTreeMap, sync::Arc};

use model::{
    AgentEvent, AgentId, AgentState, Cause, ConversationEvent, DetailEvent, Event, Floor, FloorEvent,
    Interaction, InteractionEvent, InteractionId, InteractionState, InteractionSummary, Leg, LinkEvent,
    Record, RequestId, SwitchId, SwitchRequest, Timestamp,
};

use crate::{
    State,
    interaction::RELEASE_MS_MAX,
    routing,
    state::{
        Agent, CompletedInteraction, DeskPresence, LOOKUP_MS_MAX, LiveInteraction, PendingRequest,
        SignInPlace, Switch,
    },
};

/// How long a dialed number counts toward the limit of the dial policy. Milliseconds.
pub(crate) const DIALLED_MS: u64 = 60_000;

/// How long the notes of a completed interaction can be changed. Milliseconds. Our choice: enough for a desk to save
/// text that was typed after a call without wrap-up.
pub(crate) const AMENDABLE_MS: u64 = 60_000;
/// How many completed interactions of one agent can be amended; the newest ones count. Our choice.
const AMENDABLE_MAX: usize = 8;

/// Applies a record to the state.
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
        Event::Floor(FloorEvent::Changed { floor }) => change_floor(state, floor),
        Event::Floor(FloorEvent::QueueChanged { queue, change }) => routing::apply(state, at, queue, change),
        Event::Floor(FloorEvent::NoticeRaised { .. }) => {}
        Event::Link(event) => link_event(state, at, event),
        Event::Agent(event) => update_agent(state, event.agent(), |agent| agent_event(agent, at, event)),
        Event::Interaction(InteractionEvent::Opened { interaction }) => open(state, interaction),
        Event::Interaction(InteractionEvent::Completed { agent, summary }) => complete(state, agent, summary),
        Event::Interaction(InteractionEvent::StateChanged { interaction, to, .. }) => {
            let wrap_up = wrap_up_ms(state, *interaction).filter(|_| *to == InteractionState::Ended);
            update_interaction(state, *interaction, |live| {
                live.interaction.apply(at, event);
                live.wrap_up_until = wrap_up.map(|ms| Timestamp(at.0 + ms)).or(live.wrap_up_until);
            });
        }
        Event::Interaction(InteractionEvent::ReleaseOverdue { interaction, .. }) => {
            update_interaction(state, *interaction, |live| {
                live.overdue = true;
                live.releasing.clear();
            });
        }
        Event::Conversation(ConversationEvent::Closed { interaction, leg, cause, .. }) => {
            remember_closed(state, *interaction, *leg, *cause);
            update_interaction(state, *interaction, |live| {
                live.interaction.apply(at, event);
                live.overdue = false;
            });
        }
        Event::Detail(DetailEvent::Popped { interaction, .. }) => {
            update_interaction(state, *interaction, |live| {
                live.interaction.apply(at, event);
                live.wrap_up_until = live.wrap_up_until.filter(|_| !live.interaction.needs_log());
            })
        }
        Event::Detail(DetailEvent::CustomerChanged { interaction, .. }) => {
            update_interaction(state, *interaction, |live| {
                live.interaction.apply(at, event);
                live.lookup_until = Some(Timestamp(at.0 + LOOKUP_MS_MAX));
            })
        }
        Event::Detail(DetailEvent::NotesChanged { agent, interaction, .. }) => {
            amend(state, agent, *interaction, event);
            update_interaction(state, *interaction, |live| live.interaction.apply(at, event));
        }
        Event::Interaction(InteractionEvent::Forced { interaction, .. })
        | Event::Conversation(
            ConversationEvent::Opened { interaction, .. }
            | ConversationEvent::StateChanged { interaction, .. }
            | ConversationEvent::PartiesChanged { interaction, .. }
            | ConversationEvent::ControlsChanged { interaction, .. },
        )
        | Event::Detail(
            DetailEvent::DataChanged { interaction, .. }
            | DetailEvent::ContactResolved { interaction, .. }
            | DetailEvent::CardChanged { interaction, .. }
            | DetailEvent::Logged { interaction, .. }
            | DetailEvent::RecordingStarted { interaction, .. },
        ) => update_interaction(state, *interaction, |live| live.interaction.apply(at, event)),
    }
}

fn agent_event(agent: &mut Agent, at: Timestamp, event: &AgentEvent) {
    match event {
        AgentEvent::SignedIn { device, switch, queues, .. } => {
            let (device, switch, queues) = (device.clone(), switch.clone(), queues.clone());
            agent.seat = Some(SignInPlace { device, switch, queues });
            agent.state = AgentState::NotReady { reason: model::reason::code(model::reason::SIGNED_IN) };
            agent.since = at;
            agent.next = None;
            if let DeskPresence::Unattended { .. } = agent.desk {
                agent.desk = DeskPresence::Unknown;
            }
        }
        AgentEvent::StateChanged { to, next, .. } => {
            agent.state = to.clone();
            agent.since = at;
            agent.next = next.clone();
        }
        AgentEvent::NextChanged { next, .. } => agent.next = next.clone(),
        AgentEvent::SignedOut { .. } => {
            agent.seat = None;
            agent.state = AgentState::SignedOut;
            agent.since = at;
            agent.next = None;
            agent.offer = None;
        }
        AgentEvent::DeskChanged { attended, .. } => {
            agent.desk =
                if *attended { DeskPresence::Attended } else { DeskPresence::Unattended { since: at } };
        }
    }
}

fn link_event(state: &mut State, at: Timestamp, event: &LinkEvent) {
    match event {
        LinkEvent::Changed { switch, up, features, lost } => update_switch(state, switch, |known| {
            if *up && !known.up {
                known.phones = None;
            }
            known.up = *up;
            known.features = features.iter().copied().collect();
            known.down_since = Some(at).filter(|_| !up && !lost);
            known.lost = *lost;
        }),
        LinkEvent::PhonesListed { switch, phones } => update_switch(state, switch, |known| {
            known.phones = Some(phones.iter().cloned().collect());
        }),
        LinkEvent::Requested { request, switch, agent, interaction, requested } => {
            let pending = PendingRequest {
                switch: switch.clone(),
                what: (**requested).clone(),
                agent: agent.clone(),
                interaction: *interaction,
                since: at,
            };
            request_made(state, at, *request, pending);
        }
        LinkEvent::Answered { request, .. } => request_answered(state, *request),
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
    let live = LiveInteraction {
        interaction: interaction.clone(),
        lookup_until: None,
        transfer_to: None,
        wrap_up_until: None,
        releasing: BTreeMap::new(),
        overdue: false,
    };
    state.last_number = state.last_number.max(interaction.number);
    // A call joins an interaction that a notification has opened.
    let before = state.interactions.remove(&interaction.id);
    if let Some(before) = &before {
        state.index.take_interaction(before);
    } else if let Some(agent) = state.agents.get_mut(&interaction.agent) {
        agent.interactions.push(interaction.id);
    }
    state.index.put_interaction(&live);
    state.interactions.insert(interaction.id, live);
}

/// Remembers what a closed leg leaves for the same call at another phone.
fn remember_closed(state: &mut State, id: InteractionId, leg: Leg, cause: Cause) {
    let Some(one) = state.interactions.get(&id).map(|live| &live.interaction) else { return };
    if let Some((switch, closed)) = one.switch.as_ref().zip(one.leg(leg)) {
        state.recent.leave(switch, &closed.call, one, leg);
        if cause == Cause::Forced {
            state.recent.force(switch, &closed.call, &one.device);
        }
    }
}

fn complete(state: &mut State, agent: &AgentId, summary: &InteractionSummary) {
    let id = summary.interaction.id;
    if let Some(live) = state.interactions.remove(&id) {
        state.index.take_interaction(&live);
    }
    if let Some(agent) = state.agents.get_mut(agent) {
        agent.interactions.retain(|one| *one != id);
        remember_completed(agent, summary);
    }
}

fn remember_completed(agent: &mut Agent, summary: &InteractionSummary) {
    let at = summary.completed_at;
    agent.completed.retain(|before| before.at.0 + AMENDABLE_MS > at.0);
    if agent.completed.len() >= AMENDABLE_MAX {
        agent.completed.remove(0);
    }
    let (notes, disposition) = (summary.notes.clone(), summary.disposition.clone());
    agent.completed.push(CompletedInteraction { id: summary.interaction.id, at, notes, disposition });
}

/// Applies changed notes to a completed interaction.
fn amend(state: &mut State, agent: &AgentId, id: InteractionId, event: &Event) {
    let Event::Detail(DetailEvent::NotesChanged { notes, disposition, .. }) = event else { return };
    let completed = state.agents.get_mut(agent).map(|agent| agent.completed.iter_mut());
    if let Some(one) = completed.into_iter().flatten().find(|one| one.id == id) {
        one.notes.clone_from(notes);
        one.disposition.clone_from(disposition);
    }
}

/// The wrap-up time after an interaction; `None` when the agent must complete it.
fn wrap_up_ms(state: &State, id: InteractionId) -> Option<u64> {
    let interaction = state.interaction(id).filter(|one| !one.needs_log())?;
    let queue = interaction.queue.as_ref().and_then(|queue| state.floor.queue(queue));
    Some(queue.map_or(state.floor.wrap_up_ms, |queue| queue.wrap_up_ms))
}

fn request_made(state: &mut State, at: Timestamp, request: RequestId, pending: PendingRequest) {
    state.last_request = state.last_request.max(request.0);
    if let (Some(agent), true) = (&pending.agent, dials(&pending.what))
        && let Some(agent) = state.agents.get_mut(agent)
    {
        agent.dialled.retain(|before| before.0 + DIALLED_MS > at.0);
        agent.dialled.push(at);
    }
    if let (Some(id), SwitchRequest::ClearConnection { call, .. }) = (pending.interaction, &pending.what) {
        let until = Timestamp(at.0 + RELEASE_MS_MAX);
        update_interaction(state, id, |live| {
            live.releasing.insert(call.clone(), until);
        });
    }
    if let (Some(id), SwitchRequest::SingleStepTransfer { to, .. }) = (pending.interaction, &pending.what) {
        update_interaction(state, id, |live| live.transfer_to = Some(to.clone()));
    }
    state.index.put_request(request, &pending);
    state.requests.insert(request, pending);
}

fn request_answered(state: &mut State, request: RequestId) {
    if let Some(pending) = state.requests.remove(&request) {
        state.index.take_request(request, &pending);
    }
}

/// Whether a request calls a number.
fn dials(what: &SwitchRequest) -> bool {
    matches!(
        what,
        SwitchRequest::MakeCall { .. }
            | SwitchRequest::ConsultationCall { .. }
            | SwitchRequest::SingleStepTransfer { .. }
    )
}

/// Changes an agent and updates the index.
pub(crate) fn update_agent(state: &mut State, id: &AgentId, change: impl FnOnce(&mut Agent)) {
    let (Some(agent), grace) = (state.agents.get_mut(id), state.floor.desk_grace_ms) else { return };
    state.index.take_agent(id, agent, grace);
    change(agent);
    state.index.put_agent(id, agent, grace);
}

fn update_switch(state: &mut State, id: &SwitchId, change: impl FnOnce(&mut Switch)) {
    let (known, grace) = (state.switches.entry(id.clone()).or_default(), state.floor.switch_grace_ms);
    state.index.take_switch(id, known, grace);
    change(known);
    state.index.put_switch(id, known, grace);
}

fn update_interaction(state: &mut State, id: InteractionId, change: impl FnOnce(&mut LiveInteraction)) {
    let Some(live) = state.interactions.get_mut(&id) else { return };
    state.index.take_interaction(live);
    change(live);
    let one = &live.interaction;
    live.releasing.retain(|call, _| one.conversations().any(|(_, leg)| leg.call == *call));
    state.index.put_interaction(live);
}
