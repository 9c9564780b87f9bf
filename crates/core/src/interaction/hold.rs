//! `hold` and `resume`: puts a leg on hold and takes it off hold. While the agent talks on another call, `resume` swaps
//! the two calls.

use model::{CallId, Command, ConversationState, Leg, Rejection, SwitchRequest};

use super::reference::{InteractionRef, PlannedRequests, run};
use crate::turn::Turn;

pub(crate) fn hold(turn: &mut Turn, command: &Command, leg: Option<Leg>) -> Result<(), Rejection> {
    run(turn, command, |subject| check_hold(subject, leg))
}

pub(super) fn check_hold(subject: InteractionRef, leg: Option<Leg>) -> Result<PlannedRequests, Rejection> {
    subject.started()?;
    let leg = leg.or(subject.interaction.active()).unwrap_or(Leg::Primary);
    let call = subject.leg(leg, &[ConversationState::Talking])?.call.clone();
    subject.plan(vec![SwitchRequest::HoldCall { call, device: subject.interaction.device.clone() }])
}

pub(crate) fn resume(turn: &mut Turn, command: &Command, leg: Option<Leg>) -> Result<(), Rejection> {
    run(turn, command, |subject| check_resume(subject, leg))
}

pub(super) fn check_resume(subject: InteractionRef, leg: Option<Leg>) -> Result<PlannedRequests, Rejection> {
    subject.started()?;
    let mut legs = subject.interaction.conversations();
    if legs.any(|(_, conversation)| conversation.state != ConversationState::Held) {
        return Err(subject.wrong_state("its other leg is not on hold; use alternate or cancel-consult"));
    }
    let leg = leg.or(subject.interaction.active()).unwrap_or(Leg::Primary);
    let held = subject.leg(leg, &[ConversationState::Held])?.call.clone();
    let device = subject.interaction.device.clone();
    subject.plan(vec![match talking_elsewhere(subject) {
        Some(active) => SwitchRequest::AlternateCall { device, active, held },
        None => SwitchRequest::RetrieveCall { call: held, device },
    }])
}

/// The call of another interaction that the phone talks on. To resume means to swap the two, in one request.
fn talking_elsewhere(subject: InteractionRef) -> Option<CallId> {
    let one = subject.interaction;
    let mut others = subject
        .state
        .interactions_of(&one.agent)
        .filter(|other| other.id != one.id && other.switch == one.switch && other.device == one.device);
    others.find_map(|other| {
        let mut legs = other.conversations().map(|(_, conversation)| conversation);
        legs.find(|leg| leg.state == ConversationState::Talking).map(|leg| leg.call.clone())
    })
}
