//! Calls that are answered, held and resumed.

use model::{
    CallId, ConversationEvent, ConversationState, DeviceId, Event, InteractionEvent, InteractionId,
    InteractionState, Leg, PartyKind, SwitchId,
};

use super::request_snapshot;
use crate::{interaction, turn::Turn};

/// Handles an answered call: the party that answered and the parties that dialed are now talking.
pub(super) fn established(turn: &mut Turn, switch: &SwitchId, call: &CallId, at: &PartyKind) {
    for (id, leg) in turn.state().legs_of(switch, call) {
        let Some(interaction) = turn.state().interaction(id) else { continue };
        let Some(conversation) = interaction.leg(leg) else { continue };
        let picked_up = *at == PartyKind::Device(interaction.device.clone());
        match conversation.state {
            ConversationState::Alerting if picked_up => move_leg(turn, id, leg, ConversationState::Talking),
            ConversationState::Dialing if !picked_up => move_leg(turn, id, leg, ConversationState::Talking),
            ConversationState::Alerting
            | ConversationState::Dialing
            | ConversationState::Talking
            | ConversationState::Held
            | ConversationState::Ended => {}
        }
    }
    if let PartyKind::Device(device) = at {
        let is_agents = turn.state().agent_at(switch, device).is_some();
        if is_agents && turn.state().leg_at(switch, call, device).is_none() {
            request_snapshot(turn, switch);
        }
    }
}

pub(super) fn held(turn: &mut Turn, switch: &SwitchId, call: &CallId, device: &DeviceId) {
    match turn.state().leg_at(switch, call, device) {
        Some((id, leg)) => move_leg(turn, id, leg, ConversationState::Held),
        None => unknown(turn, switch, device),
    }
}

pub(super) fn retrieved(turn: &mut Turn, switch: &SwitchId, call: &CallId, device: &DeviceId) {
    match turn.state().leg_at(switch, call, device) {
        Some((id, leg)) => move_leg(turn, id, leg, ConversationState::Talking),
        None => unknown(turn, switch, device),
    }
}

fn unknown(turn: &mut Turn, switch: &SwitchId, device: &DeviceId) {
    if turn.state().agent_at(switch, device).is_some() {
        request_snapshot(turn, switch);
    }
}

/// Changes the state of a leg. Does nothing when the leg is already in this state. An agent talks on only one leg, and
/// when the primary leg is connected, the interaction has started.
pub(super) fn move_leg(turn: &mut Turn, id: InteractionId, leg: Leg, to: ConversationState) {
    if to == ConversationState::Talking {
        let other = if leg == Leg::Primary { Leg::Consult } else { Leg::Primary };
        let talks = turn.state().interaction(id).and_then(|one| one.leg(other));
        if talks.is_some_and(|conversation| conversation.state == ConversationState::Talking) {
            change_leg(turn, id, other, ConversationState::Held);
        }
    }
    change_leg(turn, id, leg, to);
    if leg == Leg::Primary && matches!(to, ConversationState::Talking | ConversationState::Held) {
        start(turn, id);
    }
}

fn change_leg(turn: &mut Turn, id: InteractionId, leg: Leg, to: ConversationState) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let Some(conversation) = interaction.leg(leg).filter(|conversation| conversation.state != to) else {
        return;
    };
    let event = Event::Conversation(ConversationEvent::StateChanged {
        agent: interaction.agent.clone(),
        interaction: id,
        leg,
        conversation: conversation.id,
        from: conversation.state,
        to,
        delivered: conversation.delivered,
    });
    turn.emit(event);
}

fn start(turn: &mut Turn, id: InteractionId) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let (agent, from) = (interaction.agent.clone(), interaction.state);
    if !matches!(from, InteractionState::Alerting | InteractionState::Dialing) {
        return;
    }
    let call =
        interaction.switch.clone().zip(interaction.primary.as_ref().map(|primary| primary.call.clone()));
    let to = InteractionState::Started;
    turn.emit(Event::Interaction(InteractionEvent::StateChanged {
        agent: agent.clone(),
        interaction: id,
        from,
        to,
        cause: None,
    }));
    if let (InteractionState::Alerting, Some((switch, call))) = (from, call) {
        interaction::answered(turn, &switch, &call, &agent);
    }
}
