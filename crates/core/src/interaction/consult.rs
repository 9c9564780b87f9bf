//! `consult`, `alternate` and `cancel-consult`: asks somebody while the customer waits.

use model::{CallId, Command, ConversationState, Data, Leg, Number, Rejection, SwitchFeature, SwitchRequest};

use super::{
    dial::gate,
    subject::{Ask, Subject, run},
};
use crate::turn::Turn;

/// The one asked gets the customer's data too.
pub(crate) fn consult(turn: &mut Turn, command: &Command, to: &Number, data: &Data) -> Result<(), Rejection> {
    gate(turn.state(), turn.now, &command.agent, to)?;
    run(turn, command, |subject| {
        let call = check_consult(subject)?;
        let mut all = subject.interaction.data.clone();
        all.has_room_for(data).map_err(|error| subject.wrong(&error.to_string()))?;
        all.change(data, &[] as &[&str]);
        let device = subject.interaction.device.clone();
        subject.ask(vec![SwitchRequest::ConsultationCall { call, device, to: to.clone(), data: all }])
    })
}

/// The call that could be parked for a consult.
pub(super) fn check_consult(subject: Subject) -> Result<CallId, Rejection> {
    subject.started()?;
    if subject.interaction.consult.is_some() {
        return Err(subject.wrong("it has a consult already"));
    }
    subject.needs(SwitchFeature::ConsultationCall)?;
    let connected = [ConversationState::Talking, ConversationState::Held];
    Ok(subject.leg(Leg::Primary, &connected)?.call.clone())
}

pub(crate) fn alternate(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_alternate)
}

pub(super) fn check_alternate(subject: Subject) -> Result<Ask, Rejection> {
    subject.started()?;
    let talks = subject.interaction.conversations().find(|(_, one)| one.state == ConversationState::Talking);
    let (active_leg, active) = talks.ok_or_else(|| subject.wrong("neither of its legs talks"))?;
    let other = if active_leg == Leg::Primary { Leg::Consult } else { Leg::Primary };
    let held = subject.leg(other, &[ConversationState::Held])?.call.clone();
    let device = subject.interaction.device.clone();
    subject.ask(vec![SwitchRequest::AlternateCall { device, active: active.call.clone(), held }])
}

pub(crate) fn cancel_consult(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_cancel_consult)
}

/// Hangs up on the one asked and, where the customer is parked, goes back to the customer.
pub(super) fn check_cancel_consult(subject: Subject) -> Result<Ask, Rejection> {
    subject.started()?;
    let live = [ConversationState::Dialing, ConversationState::Talking, ConversationState::Held];
    let consult = subject.leg(Leg::Consult, &live)?.call.clone();
    let device = &subject.interaction.device;
    let mut requests = vec![SwitchRequest::ClearConnection { call: consult, device: device.clone() }];
    if let Ok(primary) = subject.leg(Leg::Primary, &[ConversationState::Held]) {
        requests.push(SwitchRequest::RetrieveCall { call: primary.call.clone(), device: device.clone() });
    }
    subject.ask(requests)
}
