//! `complete-transfer` and `merge`: connects the customer with the consulted person.

use model::{CallId, Command, ConversationState, Leg, Rejection, SwitchRequest};

use super::reference::{InteractionRef, PlannedRequests, run};
use crate::turn::Turn;

pub(crate) fn complete_transfer(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_transfer)
}

/// Checks a transfer. The consulted person's phone may still be ringing.
pub(super) fn check_transfer(subject: InteractionRef) -> Result<PlannedRequests, Rejection> {
    let states = [ConversationState::Dialing, ConversationState::Talking, ConversationState::Held];
    let (primary, consult) = both(subject, &states)?;
    subject.plan(vec![SwitchRequest::TransferCall {
        device: subject.interaction.device.clone(),
        primary,
        consult,
    }])
}

pub(crate) fn merge(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_merge)
}

pub(super) fn check_merge(subject: InteractionRef) -> Result<PlannedRequests, Rejection> {
    let (primary, consult) = both(subject, &[ConversationState::Talking, ConversationState::Held])?;
    subject.plan(vec![SwitchRequest::ConferenceCall {
        device: subject.interaction.device.clone(),
        primary,
        consult,
    }])
}

fn both(subject: InteractionRef, states: &[ConversationState]) -> Result<(CallId, CallId), Rejection> {
    subject.started()?;
    let connected = [ConversationState::Talking, ConversationState::Held];
    let primary = subject.leg(Leg::Primary, &connected)?.call.clone();
    Ok((primary, subject.leg(Leg::Consult, states)?.call.clone()))
}
