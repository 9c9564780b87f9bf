//! `answer` and `reject`: ringing calls.

use model::{Cause, Command, ConversationState, Leg, Rejection, SwitchFeature, SwitchRequest, reason};

use super::{
    drop_unanswered,
    reference::{InteractionRef, PlannedRequests, find, run},
};
use crate::{routing, turn::Turn};

pub(crate) fn answer(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    run(turn, command, check_answer)
}

pub(super) fn check_answer(subject: InteractionRef) -> Result<PlannedRequests, Rejection> {
    let call = subject.leg(Leg::Primary, &[ConversationState::Alerting])?.call.clone();
    subject.plan(vec![SwitchRequest::AnswerCall { call, device: subject.interaction.device.clone() }])
}

/// Rejects a ringing call. A call that the hub offered returns to the front of its queue, and the agent becomes not
/// ready.
pub(crate) fn reject(turn: &mut Turn, command: &Command) -> Result<(), Rejection> {
    let id = find(turn.state(), command, |subject| {
        check_reject(subject)?;
        Ok(subject.interaction.id)
    })?;
    if is_offered(turn, id) {
        routing::withdraw_offer(turn, &command.agent);
        drop_unanswered(turn, id, Cause::Rejected, Some(reason::code(reason::REJECTED)));
        return Ok(());
    }
    run(turn, command, check_reject)
}

pub(super) fn check_reject(subject: InteractionRef) -> Result<PlannedRequests, Rejection> {
    let call = subject.leg(Leg::Primary, &[ConversationState::Alerting])?.call.clone();
    subject.needs(SwitchFeature::ClearConnection)?;
    subject.plan(vec![SwitchRequest::ClearConnection { call, device: subject.interaction.device.clone() }])
}

/// Whether the ringing call was offered by the hub.
pub(crate) fn is_offered(turn: &Turn, id: model::InteractionId) -> bool {
    let state = turn.state();
    let Some(interaction) = state.interaction(id) else { return false };
    let offer = state.agent(&interaction.agent).and_then(|agent| agent.offer.as_ref());
    let call = interaction.primary.as_ref().map(|conversation| &conversation.call);
    offer.is_some_and(|offer| call == Some(&offer.call))
}
