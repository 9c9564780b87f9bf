//! `hold` and `resume`: parks a leg and takes it back.

use model::{Command, ConversationState, Leg, Rejection, SwitchRequest};

use super::subject::{Ask, Subject, run};
use crate::turn::Turn;

pub(crate) fn hold(turn: &mut Turn, command: &Command, leg: Option<Leg>) -> Result<(), Rejection> {
    run(turn, command, |subject| check_hold(subject, leg))
}

pub(super) fn check_hold(subject: Subject, leg: Option<Leg>) -> Result<Ask, Rejection> {
    subject.started()?;
    let leg = leg.or(subject.interaction.active()).unwrap_or(Leg::Primary);
    let call = subject.leg(leg, &[ConversationState::Talking])?.call.clone();
    subject.ask(vec![SwitchRequest::HoldCall { call, device: subject.interaction.device.clone() }])
}

pub(crate) fn resume(turn: &mut Turn, command: &Command, leg: Option<Leg>) -> Result<(), Rejection> {
    run(turn, command, |subject| check_retrieve(subject, leg))
}

pub(super) fn check_retrieve(subject: Subject, leg: Option<Leg>) -> Result<Ask, Rejection> {
    subject.started()?;
    let mut legs = subject.interaction.conversations();
    if legs.any(|(_, conversation)| conversation.state != ConversationState::Held) {
        return Err(subject.wrong("its other leg is not on hold: alternate, or cancel the consult"));
    }
    let leg = leg.or(subject.interaction.active()).unwrap_or(Leg::Primary);
    let call = subject.leg(leg, &[ConversationState::Held])?.call.clone();
    subject.ask(vec![SwitchRequest::RetrieveCall { call, device: subject.interaction.device.clone() }])
}
