//! The end of an interaction: its last leg closes.

use model::{
    Cause, ConversationEvent, Event, InteractionEvent, InteractionId, InteractionState, Leg, NextState,
    Party, ReasonCode,
};

use super::{complete::finish, is_over};
use crate::{agent, routing, turn::Turn};

/// Closes a leg. When it is the last one, the interaction ends. A queued call that no longer rings at the phone returns
/// to the front of its queue.
pub(crate) fn close_leg(turn: &mut Turn, id: InteractionId, leg: Leg, cause: Cause) {
    close_leg_to(turn, id, leg, cause, None);
}

/// Closes a leg, which may have been transferred to someone.
pub(crate) fn close_leg_to(turn: &mut Turn, id: InteractionId, leg: Leg, cause: Cause, to: Option<Party>) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let Some(conversation) = interaction.leg(leg) else { return };
    let agent = interaction.agent.clone();
    let offer = turn.state().agent(&agent).and_then(|agent| agent.offer.as_ref());
    let was_offered = offer.is_some_and(|offer| offer.call == conversation.call);
    let conversation = conversation.id;
    if was_offered {
        routing::return_offer(turn, &agent);
    }
    turn.emit(Event::Conversation(ConversationEvent::Closed {
        agent,
        interaction: id,
        leg,
        conversation,
        cause,
        to: to.map(Box::new),
    }));
    let is_last = turn.state().interaction(id).is_some_and(|one| one.conversations().next().is_none());
    if is_last {
        end(turn, id, cause);
    }
}

/// Ends an interaction that rang and was not answered, and makes its agent not ready for a reason.
pub(crate) fn drop_unanswered(turn: &mut Turn, id: InteractionId, cause: Cause, reason: Option<ReasonCode>) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let id_of_agent = interaction.agent.clone();
    let leaves =
        turn.state().agent(&id_of_agent).is_some_and(|agent| agent.next == Some(NextState::SignedOut));
    if let Some(reason) = reason.filter(|_| !leaves) {
        agent::change_next(turn, &id_of_agent, Some(NextState::NotReady { reason }));
    }
    close_leg(turn, id, Leg::Primary, cause);
}

fn end(turn: &mut Turn, id: InteractionId, cause: Cause) {
    let Some(interaction) = turn.state().interaction(id).filter(|interaction| !is_over(interaction)) else {
        return;
    };
    let (agent, from) = (interaction.agent.clone(), interaction.state);
    let was_answered = interaction.started_at.is_some();
    let to = InteractionState::Ended;
    turn.emit(Event::Interaction(InteractionEvent::StateChanged {
        agent: agent.clone(),
        interaction: id,
        from,
        to,
        cause: Some(cause),
    }));
    if !was_answered || !leaves_work(turn, id) {
        finish(turn, id, None, None);
    }
    agent::settle(turn, &agent);
}

/// Whether the interaction needs wrap-up: the agent has wrap-up time, or must write a log entry.
fn leaves_work(turn: &Turn, id: InteractionId) -> bool {
    let Some(live) = turn.state().interactions.get(&id) else { return false };
    live.wrap_up_until.is_none_or(|until| until > turn.now)
}
