//! `complete-transfer` and `merge`: joins the customer with the one asked.

use model::{CallId, Command, ConversationState, Leg, Rejection, SwitchRequest};

use super::subject::{Ask, Subject, run};
use crate::turn::Turn;

pub(crate) fn complete_transfer(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_transfer)
}

/// The one asked may still be ringing.
pub(super) fn check_transfer(subject: Subject) -> Result<Ask, Rejection> {
    let asked = [ConversationState::Dialing, ConversationState::Talking, ConversationState::Held];
    let (primary, consult) = both(subject, &asked)?;
    subject.ask(vec![SwitchRequest::TransferCall {
        device: subject.interaction.device.clone(),
        primary,
        consult,
    }])
}

pub(crate) fn complete_conference(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_conference)
}

pub(super) fn check_conference(subject: Subject) -> Result<Ask, Rejection> {
    let (primary, consult) = both(subject, &[ConversationState::Talking, ConversationState::Held])?;
    subject.ask(vec![SwitchRequest::ConferenceCall {
        device: subject.interaction.device.clone(),
        primary,
        consult,
    }])
}

fn both(subject: Subject, asked: &[ConversationState]) -> Result<(CallId, CallId), Rejection> {
    subject.started()?;
    let connected = [ConversationState::Talking, ConversationState::Held];
    let primary = subject.leg(Leg::Primary, &connected)?.call.clone();
    Ok((primary, subject.leg(Leg::Consult, asked)?.call.clone()))
}
