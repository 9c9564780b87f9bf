//! `consult`, `alternate` and `cancel-consult`: calls to another person while the customer is on hold.

use model::{CallId, Command, ConversationState, Data, Leg, Number, Rejection, SwitchFeature, SwitchRequest};

use super::{
    dial::check_dial_policy,
    reference::{InteractionRef, PlannedRequests, run},
};
use crate::turn::Turn;

/// Calls another person. The new call also gets the customer's data.
pub(crate) fn consult(turn: &mut Turn, command: &Command, to: &Number, data: &Data) -> Result<(), Rejection> {
    check_dial_policy(turn.state(), turn.now, &command.agent, to)?;
    run(turn, command, |subject| {
        let call = check_consult(subject)?;
        let mut all = subject.interaction.data.clone();
        all.has_room_for(data).map_err(|error| subject.wrong_state(&error.to_string()))?;
        all.change(data, &[] as &[&str]);
        let device = subject.interaction.device.clone();
        subject.plan(vec![SwitchRequest::ConsultationCall { call, device, to: to.clone(), data: all }])
    })
}

/// The call to put on hold for a consultation.
pub(super) fn check_consult(subject: InteractionRef) -> Result<CallId, Rejection> {
    subject.started()?;
    if subject.interaction.consult.is_some() {
        return Err(subject.wrong_state("it already has a consultation"));
    }
    subject.needs(SwitchFeature::ConsultationCall)?;
    let connected = [ConversationState::Talking, ConversationState::Held];
    Ok(subject.leg(Leg::Primary, &connected)?.call.clone())
}

pub(crate) fn alternate(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_alternate)
}

pub(super) fn check_alternate(subject: InteractionRef) -> Result<PlannedRequests, Rejection> {
    subject.started()?;
    let talks = subject.interaction.conversations().find(|(_, one)| one.state == ConversationState::Talking);
    let (active_leg, active) = talks.ok_or_else(|| subject.wrong_state("neither of its legs is talking"))?;
    let other = if active_leg == Leg::Primary { Leg::Consult } else { Leg::Primary };
    let held = subject.leg(other, &[ConversationState::Held])?.call.clone();
    let device = subject.interaction.device.clone();
    subject.plan(vec![SwitchRequest::AlternateCall { device, active: active.call.clone(), held }])
}

pub(crate) fn cancel_consult(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_cancel_consult)
}

/// Hangs up the consultation and, if the customer is on hold, returns to the customer.
pub(super) fn check_cancel_consult(subject: InteractionRef) -> Result<PlannedRequests, Rejection> {
    subject.started()?;
    let live = [ConversationState::Dialing, ConversationState::Talking, ConversationState::Held];
    let consult = subject.leg(Leg::Consult, &live)?.call.clone();
    let device = &subject.interaction.device;
    let mut requests = vec![SwitchRequest::ClearConnection { call: consult, device: device.clone() }];
    if let Ok(primary) = subject.leg(Leg::Primary, &[ConversationState::Held]) {
        requests.push(SwitchRequest::RetrieveCall { call: primary.call.clone(), device: device.clone() });
    }
    subject.plan(requests)
}
