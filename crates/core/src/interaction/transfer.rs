//! `transfer`: sends the customer to another number without a consultation.

use model::{CallId, Command, ConversationState, Leg, Number, Rejection, SwitchFeature, SwitchRequest};

use super::{
    dial::check_dial_policy,
    reference::{InteractionRef, run},
};
use crate::turn::Turn;

pub(crate) fn transfer(turn: &mut Turn, command: &Command, to: &Number) -> Result<(), Rejection> {
    check_dial_policy(turn.state(), turn.now, &command.agent, to)?;
    run(turn, command, |subject| {
        let (call, device) = (check(subject)?, subject.interaction.device.clone());
        subject.plan(vec![SwitchRequest::SingleStepTransfer { call, device, to: to.clone() }])
    })
}

/// The call that can be transferred.
pub(super) fn check(subject: InteractionRef) -> Result<CallId, Rejection> {
    subject.started()?;
    if subject.interaction.consult.is_some() {
        return Err(subject.wrong_state("it has a consultation; use complete-transfer or cancel-consult"));
    }
    subject.needs(SwitchFeature::SingleStepTransfer)?;
    let connected = [ConversationState::Talking, ConversationState::Held];
    Ok(subject.leg(Leg::Primary, &connected)?.call.clone())
}
