//! `answer` and `reject`: what rings.

use model::{Cause, Command, ConversationState, Leg, Rejection, SwitchFeature, SwitchRequest, reason};

use super::{
    drop_unanswered,
    subject::{Ask, Subject, find, run},
};
use crate::{routing, turn::Turn};

pub(crate) fn answer(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_answer)
}

pub(super) fn check_answer(subject: Subject) -> Result<Ask, Rejection> {
    let call = subject.leg(Leg::Primary, &[ConversationState::Alerting])?.call.clone();
    subject.ask(vec![SwitchRequest::AnswerCall { call, device: subject.interaction.device.clone() }])
}

/// Refuses what rings. A call that the hub had offered waits in front again, and its agent is not ready.
pub(crate) fn reject(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    let id = find(turn.state(), command, |subject| {
        check_reject(subject)?;
        Ok(subject.interaction.id)
    })?;
    if is_offered(turn, id) {
        routing::take_back(turn, &command.agent);
        drop_unanswered(turn, id, Cause::Rejected, Some(reason::code(reason::REJECTED)));
        return Ok(());
    }
    run(turn, command, check_reject)
}

pub(super) fn check_reject(subject: Subject) -> Result<Ask, Rejection> {
    let call = subject.leg(Leg::Primary, &[ConversationState::Alerting])?.call.clone();
    subject.needs(SwitchFeature::ClearConnection)?;
    subject.ask(vec![SwitchRequest::ClearConnection { call, device: subject.interaction.device.clone() }])
}

/// Whether what rings is a call that the hub sent there.
pub(crate) fn is_offered(turn: &Turn, id: model::InteractionId) -> bool {
    let state = turn.state();
    let Some(interaction) = state.interaction(id) else { return false };
    let offer = state.agent(&interaction.agent).and_then(|agent| agent.offer.as_ref());
    let call = interaction.primary.as_ref().map(|conversation| &conversation.call);
    offer.is_some_and(|offer| call == Some(&offer.call))
}
