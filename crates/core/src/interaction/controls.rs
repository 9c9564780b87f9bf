//! `mute`, `mask`, `record` and `send-digits`.

use model::{CallId, Command, ConversationState, Digits, Leg, Rejection, SwitchFeature, SwitchRequest};

use super::reference::{InteractionRef, PlannedRequests, run};
use crate::turn::Turn;

pub(crate) fn mute(turn: &mut Turn, command: &Command, on: bool) -> Result<(), Rejection> {
    run(turn, command, |subject| check_mute(subject, on))
}

pub(super) fn check_mute(subject: InteractionRef, on: bool) -> Result<PlannedRequests, Rejection> {
    let call = active_call(subject, &[ConversationState::Talking, ConversationState::Held])?;
    subject.plan(vec![SwitchRequest::SetMute { call, device: subject.interaction.device.clone(), on }])
}

pub(crate) fn mask(turn: &mut Turn, command: &Command, on: bool) -> Result<(), Rejection> {
    run(turn, command, |subject| check_mask(subject, on))
}

pub(super) fn check_mask(subject: InteractionRef, on: bool) -> Result<PlannedRequests, Rejection> {
    let call = primary_call(subject)?;
    if !subject.interaction.recording {
        return Err(subject.wrong_state("it is not being recorded; start recording first"));
    }
    let device = subject.interaction.device.clone();
    subject.plan(vec![if on {
        SwitchRequest::PauseRecording { call, device }
    } else {
        SwitchRequest::ResumeRecording { call, device }
    }])
}

pub(crate) fn record(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_record)
}

pub(super) fn check_record(subject: InteractionRef) -> Result<PlannedRequests, Rejection> {
    let call = primary_call(subject)?;
    if subject.interaction.recording {
        return Err(subject.wrong_state("it is already being recorded"));
    }
    subject.plan(vec![SwitchRequest::StartRecording { call, device: subject.interaction.device.clone() }])
}

pub(crate) fn send_digits(turn: &mut Turn, command: &Command, digits: &Digits) -> Result<(), Rejection> {
    run(turn, command, |subject| {
        let (call, device) = (check_send_digits(subject)?, subject.interaction.device.clone());
        subject.plan(vec![SwitchRequest::GenerateDigits { call, device, tones: digits.clone().into() }])
    })
}

/// The call that tones can be sent to.
pub(super) fn check_send_digits(subject: InteractionRef) -> Result<CallId, Rejection> {
    subject.needs(SwitchFeature::GenerateDigits)?;
    active_call(subject, &[ConversationState::Talking])
}

fn active_call(subject: InteractionRef, states: &[ConversationState]) -> Result<CallId, Rejection> {
    subject.started()?;
    let leg = subject.interaction.active().unwrap_or(Leg::Primary);
    Ok(subject.leg(leg, states)?.call.clone())
}

fn primary_call(subject: InteractionRef) -> Result<CallId, Rejection> {
    subject.started()?;
    Ok(subject.leg(Leg::Primary, &[ConversationState::Talking, ConversationState::Held])?.call.clone())
}
