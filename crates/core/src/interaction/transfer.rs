//! `transfer`: sends the customer on without asking first.

use model::{CallId, Command, ConversationState, Leg, Number, Rejection, SwitchFeature, SwitchRequest};

use super::{
    dial::gate,
    subject::{Subject, run},
};
use crate::turn::Turn;

pub(crate) fn transfer(turn: &mut Turn, command: &Command, to: &Number) -> Result<(), Rejection> {
    gate(turn.state(), turn.now, &command.agent, to)?;
    run(turn, command, |subject| {
        let (call, device) = (check(subject)?, subject.interaction.device.clone());
        subject.ask(vec![SwitchRequest::SingleStepTransfer { call, device, to: to.clone() }])
    })
}

/// The call that could be sent on.
pub(super) fn check(subject: Subject) -> Result<CallId, Rejection> {
    subject.started()?;
    if subject.interaction.consult.is_some() {
        return Err(subject.wrong("it has a consult: complete or cancel that"));
    }
    subject.needs(SwitchFeature::SingleStepTransfer)?;
    let connected = [ConversationState::Talking, ConversationState::Held];
    Ok(subject.leg(Leg::Primary, &connected)?.call.clone())
}
