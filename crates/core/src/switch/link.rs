//! Links to switches. When a link comes up again, the switch reports its complete state and the hub reconciles: it ends
//! calls that are gone, adopts new calls, and corrects differences.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AgentId, AgentState, CallId, Cause, ConversationState, DeviceId, Direction, Event, FloorEvent,
    InteractionId, Leg, LinkEvent, NoticeTopic, Party, PartyKind, QueueChange, SwitchAnswer, SwitchFeature,
    SwitchId, SwitchRequest, reason,
    switch::{CallPicture, ConnectionPicture, ConnectionState},
};

use super::{
    answer::{answered, give_up},
    arrive::{consultable_interaction, enter},
    connect::move_leg,
    leave::leave_queue,
};
use crate::{
    agent,
    interaction::{NewInteraction, change_parties, close_leg, inherit, open, open_consult},
    routing,
    state::Agent,
    turn::Turn,
};

/// Notes that a switch cannot be reached. Its calls can continue.
pub(super) fn down(turn: &mut Turn, switch: &SwitchId, why: &str) {
    if turn.state().switches.get(switch).is_some_and(|known| known.up) {
        turn.emit(Event::Link(LinkEvent::Changed {
            switch: switch.clone(),
            up: false,
            features: Vec::new(),
            lost: false,
        }));
        let (switch, reason) = (switch.clone(), why.to_owned());
        turn.notice(None, None, NoticeTopic::SwitchUnreachable { switch, reason });
    }
}

/// Notes the phones of a switch, if they have changed.
pub(super) fn phones_listed(turn: &mut Turn, switch: &SwitchId, phones: Vec<DeviceId>) {
    let phones: BTreeSet<DeviceId> = phones.into_iter().collect();
    let known = turn.state().switches.get(switch).filter(|known| known.up);
    if known.is_some_and(|known| known.phones.as_ref() != Some(&phones)) {
        let phones = phones.into_iter().collect();
        turn.emit(Event::Link(LinkEvent::PhonesListed { switch: switch.clone(), phones }));
    }
}

/// Marks all switches as down after the hub started, and starts their grace times.
pub(crate) fn mark_links_down(turn: &mut Turn) {
    let not_lost = turn.state().switches.iter().filter(|(_, known)| !known.lost);
    let switches: Vec<(SwitchId, bool)> = not_lost.map(|(id, known)| (id.clone(), known.up)).collect();
    for (switch, up) in switches {
        match up {
            true => down(turn, &switch, "the hub was restarted"),
            false => {
                turn.emit(Event::Link(LinkEvent::Changed { switch, up, features: Vec::new(), lost: false }))
            }
        }
    }
}

/// Makes the agents of a switch not ready whose grace time is over.
pub(crate) fn lost(turn: &mut Turn, switch: &SwitchId) {
    let link = Event::Link(LinkEvent::Changed {
        switch: switch.clone(),
        up: false,
        features: Vec::new(),
        lost: true,
    });
    turn.emit(link);
    let agents = turn.state().agents.iter().filter(|(_, agent)| takes_calls_at(agent, switch));
    let agents: Vec<AgentId> = agents.map(|(id, _)| id.clone()).collect();
    for agent in &agents {
        if turn.state().agent(agent).is_some_and(|agent| agent.state == AgentState::Ready) {
            // The switch cannot get requests. The state of the call is reconciled when the switch is back.
            routing::return_offer(turn, agent);
        }
        agent::make_not_ready(turn, agent, reason::SWITCH_LOST);
    }
    let (seconds, agents) = (turn.state().floor.switch_grace_ms.0 / 1_000, agents.len());
    turn.notice(None, None, NoticeTopic::SwitchLost { switch: switch.clone(), seconds, agents });
}

fn takes_calls_at(agent: &Agent, switch: &SwitchId) -> bool {
    agent.takes_calls() && agent.seat.as_ref().is_some_and(|seat| seat.switch == *switch)
}

/// Handles a link that came up, with the complete state of the switch.
pub(super) fn up(turn: &mut Turn, switch: &SwitchId, features: Vec<SwitchFeature>, calls: Vec<CallPicture>) {
    let features = sorted(features);
    let known = turn.state().switches.get(switch);
    let was_down = !known.is_some_and(|known| known.up);
    if !known.is_some_and(|known| known.up && known.features.iter().eq(&features)) {
        turn.emit(Event::Link(LinkEvent::Changed {
            switch: switch.clone(),
            up: true,
            features,
            lost: false,
        }));
    }
    let pictures: BTreeMap<&CallId, &CallPicture> =
        calls.iter().map(|picture| (&picture.call, picture)).collect();
    reconcile_legs(turn, switch, &pictures);
    reconcile_queues(turn, switch, &pictures);
    for picture in &calls {
        adopt(turn, switch, picture);
    }
    offer_waiting_calls(turn);
    close_snapshot_requests(turn, switch);
    if was_down {
        give_up_tones(turn, switch);
    }
    turn.resend_requests(switch);
}

/// Closes requests for tones that the switch may not have received. Their digits are not stored, so the requests cannot
/// be sent again.
fn give_up_tones(turn: &mut Turn, switch: &SwitchId) {
    for request in turn.state().without_digits(switch) {
        give_up(
            turn,
            switch,
            request,
            "the link was lost, and digits are not stored, so they cannot be sent again",
        );
    }
}

/// Closes open requests for the complete state.
fn close_snapshot_requests(turn: &mut Turn, switch: &SwitchId) {
    let requests = turn.state().unanswered(switch);
    for request in requests.into_iter().filter(|request| request.what == SwitchRequest::Snapshot) {
        answered(turn, switch, request.request, SwitchAnswer::Done { call: None });
    }
}

fn sorted(mut features: Vec<SwitchFeature>) -> Vec<SwitchFeature> {
    features.sort_unstable();
    features.dedup();
    features
}

/// Ends legs that the switch does not report and corrects the others.
fn reconcile_legs(turn: &mut Turn, switch: &SwitchId, pictures: &BTreeMap<&CallId, &CallPicture>) {
    let state = turn.state();
    let of_switch =
        state.interactions.values().filter(|live| live.interaction.switch.as_ref() == Some(switch));
    let legs: Vec<(InteractionId, Leg, CallId, DeviceId)> = of_switch
        .flat_map(|live| {
            let one = &live.interaction;
            one.conversations()
                .map(|(leg, conversation)| (one.id, leg, conversation.call.clone(), one.device.clone()))
        })
        .collect();
    for (id, leg, call, device) in legs {
        let at = PartyKind::Device(device);
        let picture = pictures.get(&call);
        let connection =
            picture.and_then(|picture| picture.connections.iter().find(|one| one.party.at == at));
        match picture.zip(connection) {
            Some((picture, connection)) => reconcile_leg(turn, id, leg, picture, connection),
            None => close_leg(turn, id, leg, Cause::Lost),
        }
    }
}

fn reconcile_leg(
    turn: &mut Turn,
    id: InteractionId,
    leg: Leg,
    picture: &CallPicture,
    connection: &ConnectionPicture,
) {
    let state = leg_state(picture, connection);
    if matches!(state, ConversationState::Talking | ConversationState::Held) {
        move_leg(turn, id, leg, state);
    }
    let Some(interaction) = turn.state().interaction(id) else { return };
    let Some(conversation) = interaction.leg(leg) else { return };
    let parties = others(picture, connection);
    if !parties.is_empty() && parties != conversation.parties {
        change_parties(turn, id, leg, picture.call.clone(), parties);
    }
}

/// Ends waits that the switch does not report and queues calls that it reports as waiting.
fn reconcile_queues(turn: &mut Turn, switch: &SwitchId, pictures: &BTreeMap<&CallId, &CallPicture>) {
    let waiting: Vec<(model::QueueId, CallId, Option<model::AgentId>)> = turn
        .state()
        .queues
        .iter()
        .flat_map(|(queue, list)| list.iter().map(move |one| (queue, one)))
        .filter(|(_, one)| one.switch == *switch)
        .map(|(queue, one)| (queue.clone(), one.call.clone(), one.offered.clone()))
        .collect();
    for (queue, call, offered) in waiting {
        match pictures.get(&call) {
            None => leave_queue(turn, switch, &call, Cause::Lost),
            Some(picture) if is_talking(picture) => leave_queue(turn, switch, &call, Cause::Normal),
            Some(picture) => {
                let rings = offered.as_ref().is_some_and(|agent| rings_at(turn, picture, agent));
                if let Some(agent) =
                    offered.filter(|agent| !rings && !is_being_sent(turn, switch, &call, agent))
                {
                    let change = QueueChange::Returned { switch: switch.clone(), call, agent: agent.clone() };
                    turn.emit(Event::Floor(FloorEvent::QueueChanged { queue, change }));
                    turn.free_agents.insert(agent);
                }
                reconcile_ring(turn, switch, picture);
            }
        }
    }
}

fn is_talking(picture: &CallPicture) -> bool {
    let mut at_phones = picture.connections.iter().filter(|one| matches!(one.party.at, PartyKind::Device(_)));
    at_phones.any(|one| matches!(one.state, ConnectionState::Connected | ConnectionState::Held))
        && !picture.connections.iter().any(|one| one.state == ConnectionState::Queued)
}

fn rings_at(turn: &Turn, picture: &CallPicture, agent: &model::AgentId) -> bool {
    let seat = turn.state().agent(agent).and_then(|agent| agent.seat.as_ref());
    let at = seat.map(|seat| PartyKind::Device(seat.device.clone()));
    picture.connections.iter().any(|one| Some(&one.party.at) == at.as_ref())
}

/// Notes a waiting call that rings at an agent's phone as offered to that agent.
fn reconcile_ring(turn: &mut Turn, switch: &SwitchId, picture: &CallPicture) {
    for connection in picture.connections.iter().filter(|one| one.state == ConnectionState::Alerting) {
        let PartyKind::Device(device) = &connection.party.at else { continue };
        let Some((id, _)) = turn.state().leg_at(switch, &picture.call, device) else { continue };
        let Some(agent) = turn.state().interaction(id).map(|one| one.agent.clone()) else { continue };
        routing::mark_offered(turn, switch, &picture.call, &agent, device);
    }
}

/// Whether the switch has not yet answered the request to send the call to an agent.
fn is_being_sent(turn: &Turn, switch: &SwitchId, call: &CallId, agent: &model::AgentId) -> bool {
    turn.state().requests.values().any(|pending| {
        let sends = matches!(&pending.what, SwitchRequest::DeflectCall { call: sent, .. } if sent == call);
        sends && pending.switch == *switch && pending.agent.as_ref() == Some(agent)
    })
}

/// Adopts what the switch reports and the hub does not know: calls at agents' phones, and waiting calls.
fn adopt(turn: &mut Turn, switch: &SwitchId, picture: &CallPicture) {
    for connection in &picture.connections {
        if connection.state == ConnectionState::Queued {
            adopt_waiting(turn, switch, picture, connection);
        }
        // A phone can wait in a queue too.
        if let PartyKind::Device(device) = &connection.party.at {
            adopt_leg(turn, switch, picture, connection, device);
        }
    }
}

fn adopt_leg(
    turn: &mut Turn,
    switch: &SwitchId,
    picture: &CallPicture,
    connection: &ConnectionPicture,
    device: &DeviceId,
) {
    let Some(agent) = turn.state().agent_at(switch, device).cloned() else { return };
    if turn.state().leg_at(switch, &picture.call, device).is_some() {
        return;
    }
    if is_forced(turn, switch, picture, connection, device) {
        return hang_up_again(turn, switch, picture, device, &agent);
    }
    let parties = others(picture, connection);
    let dialled_it = picture.caller.at == connection.party.at;
    let customer = if dialled_it { parties.first().cloned() } else { Some(picture.caller.clone()) };
    let opening = NewInteraction {
        agent,
        device: device.clone(),
        switch: switch.clone(),
        call: picture.call.clone(),
        linked: picture.linked.clone(),
        direction: direction(picture, dialled_it),
        queue: picture.queue.clone(),
        customer: customer.unwrap_or_else(|| Party::new(PartyKind::Outside(picture.dialled.clone()))),
        parties,
        dialled: (!dialled_it).then(|| picture.dialled.clone()),
        data: picture.data.clone(),
        state: leg_state(picture, connection),
    };
    let parked =
        picture.linked.as_ref().and_then(|linked| consultable_interaction(turn, switch, linked, device));
    match parked.filter(|_| dialled_it) {
        Some(interaction) => open_consult(turn, interaction, &opening),
        None => {
            open(turn, opening);
        }
    }
}

/// Whether the phone's leg was closed by `force-end`, so that the switch may still report it. This does not include a
/// queued call that rings there, because the hub sent it back to its queue.
fn is_forced(
    turn: &Turn,
    switch: &SwitchId,
    picture: &CallPicture,
    connection: &ConnectionPicture,
    device: &DeviceId,
) -> bool {
    let rings = connection.state == ConnectionState::Alerting && picture.queue.is_some();
    let recent_call = turn.state().recent_call(switch, &picture.call);
    recent_call.is_some_and(|recent_call| recent_call.forced.contains(device)) && !rings
}

/// Asks the switch again to hang up a call whose end was forced.
fn hang_up_again(
    turn: &mut Turn,
    switch: &SwitchId,
    picture: &CallPicture,
    device: &DeviceId,
    agent: &AgentId,
) {
    if turn.state().can(switch, SwitchFeature::ClearConnection).is_ok() {
        let clear = SwitchRequest::ClearConnection { call: picture.call.clone(), device: device.clone() };
        turn.request(switch, Some(agent), None, clear);
    }
}

fn direction(picture: &CallPicture, dialled_it: bool) -> Direction {
    let is_outside = |party: &Party| !matches!(party.at, PartyKind::Device(_));
    match (dialled_it, picture.connections.iter().any(|one| is_outside(&one.party))) {
        (_, false) => Direction::Internal,
        (true, true) => Direction::Outbound,
        (false, true) => Direction::Inbound,
    }
}

fn adopt_waiting(turn: &mut Turn, switch: &SwitchId, picture: &CallPicture, connection: &ConnectionPicture) {
    let Some(queue) = picture.queue.clone() else { return };
    if turn.state().waiting(switch, &picture.call).is_some() {
        return;
    }
    let inherited = inherit(turn.state(), switch, &picture.call, picture.linked.as_ref());
    let linkage = inherited.map(|(linkage, _)| linkage).unwrap_or_else(|| model::LinkageId(turn.uuid()));
    let priority = turn.state().floor.queue(&queue).map(|plan| plan.priority).unwrap_or_default();
    let waiting = model::WaitingCall {
        switch: switch.clone(),
        call: picture.call.clone(),
        linkage,
        caller: connection.party.clone(),
        dialled: picture.dialled.clone(),
        data: picture.data.clone(),
        priority,
        since: turn.now,
        offered: None,
    };
    enter(turn, queue, waiting);
}

/// Marks all queues for offers after a switch came back.
fn offer_waiting_calls(turn: &mut Turn) {
    let full: Vec<model::QueueId> = turn
        .state()
        .queues
        .iter()
        .filter(|(_, waiting)| !waiting.is_empty())
        .map(|(queue, _)| queue.clone())
        .collect();
    turn.queues_to_offer.extend(full);
}

/// The state of a leg: a connected party whose other end still rings is dialing.
fn leg_state(picture: &CallPicture, connection: &ConnectionPicture) -> ConversationState {
    match connection.state {
        ConnectionState::Initiated => ConversationState::Dialing,
        ConnectionState::Alerting => ConversationState::Alerting,
        ConnectionState::Held => ConversationState::Held,
        ConnectionState::Queued => ConversationState::Dialing,
        ConnectionState::Connected => {
            let mut others = picture.connections.iter().filter(|other| other.party.at != connection.party.at);
            let talks = others.any(|other| {
                matches!(
                    other.state,
                    ConnectionState::Connected | ConnectionState::Held | ConnectionState::Initiated
                )
            });
            if talks { ConversationState::Talking } else { ConversationState::Dialing }
        }
    }
}

fn others(picture: &CallPicture, connection: &ConnectionPicture) -> Vec<Party> {
    let others = picture.connections.iter().filter(|one| one.party.at != connection.party.at);
    others.map(|one| one.party.clone()).collect()
}
