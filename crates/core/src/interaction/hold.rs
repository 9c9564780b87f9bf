//! `hold` and `resume`: puts a leg on hold and takes it off hold.

use model::{Command, ConversationState, Leg, Rejection, SwitchRequest};

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
    let call = subject.leg(leg, &[ConversationState::Held])?.call.clone();
    subject.plan(vec![SwitchRequest::RetrieveCall { call, device: subject.interaction.device.clone() }])
}
