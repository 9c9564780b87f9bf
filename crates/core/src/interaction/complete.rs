//! `complete`: finishes an interaction.

use model::{
    AgentId, Code, Command, DispositionCode, Event, InteractionEvent, InteractionId, InteractionState,
    InteractionSummary, Rejection,
};

use super::{
    draft::{check_length, known_disposition},
    is_call, is_over,
    reference::{InteractionRef, described, find},
};
use crate::{agent, turn::Turn};

pub(crate) fn complete(
    turn: &mut Turn,
    command: &Command,
    disposition: Option<&DispositionCode>,
    notes: Option<&str>,
) -> Result<(), Rejection> {
    check_length(notes)?;
    known_disposition(turn.state(), disposition)?;
    let id = find(turn.state(), command, |subject| check(subject).map(|()| subject.interaction.id))?;
    finish(turn, id, disposition, notes);
    agent::settle(turn, &command.agent);
    Ok(())
}

pub(super) fn check(subject: InteractionRef) -> Result<(), Rejection> {
    let interaction = subject.interaction;
    if !is_over(interaction) && interaction.switch.is_some() {
        return Err(subject.wrong_state("its call has not ended; hang up first"));
    }
    if interaction.needs_log() {
        let text =
            format!("{} requires a log entry; send `log` before completing it", described(interaction));
        return Err(Rejection::new(Code::LogRequired, text));
    }
    Ok(())
}

/// Completes all ended interactions of an agent who starts something else.
pub(crate) fn complete_ended(turn: &mut Turn, agent: &AgentId) -> Result<(), Rejection> {
    let over = turn.state().interactions_of(agent).filter(|interaction| is_over(interaction));
    let ids: Vec<InteractionId> = over.map(|interaction| interaction.id).collect();
    for id in &ids {
        let Some(interaction) = turn.state().interaction(*id) else { continue };
        check(InteractionRef { state: turn.state(), interaction })?;
    }
    for id in ids {
        finish(turn, id, None, None);
    }
    Ok(())
}

/// Completes all interactions without a call of an agent who is being removed.
pub(crate) fn complete_remaining(turn: &mut Turn, agent: &AgentId) {
    let rest = turn.state().interactions_of(agent).filter(|interaction| !is_call(interaction));
    let ids: Vec<InteractionId> = rest.map(|interaction| interaction.id).collect();
    ids.into_iter().for_each(|id| finish(turn, id, None, None));
}

/// Completes an interaction after its wrap-up time.
pub(crate) fn wrap_up_expired(turn: &mut Turn, id: InteractionId) {
    let Some(agent) = turn.state().interaction(id).map(|interaction| interaction.agent.clone()) else {
        return;
    };
    finish(turn, id, None, None);
    agent::settle(turn, &agent);
}

/// Completes an interaction of any kind. Values that are `None` are taken from the draft.
pub(super) fn finish(
    turn: &mut Turn,
    id: InteractionId,
    disposition: Option<&DispositionCode>,
    notes: Option<&str>,
) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    if !is_over(interaction) {
        let (agent, from) = (interaction.agent.clone(), interaction.state);
        let to = InteractionState::Ended;
        turn.emit(Event::Interaction(InteractionEvent::StateChanged {
            agent,
            interaction: id,
            from,
            to,
            cause: None,
        }));
    }
    let Some(interaction) = turn.state().interaction(id) else { return };
    let mut interaction = interaction.clone();
    interaction.state = InteractionState::Completed;
    let agent = interaction.agent.clone();
    let (draft_notes, draft_disposition) = (interaction.notes.take(), interaction.disposition.take());
    let summary = InteractionSummary {
        interaction,
        completed_at: turn.now,
        disposition: disposition.cloned().or(draft_disposition),
        notes: notes.map(str::to_owned).or(draft_notes).filter(|notes| !notes.is_empty()),
    };
    turn.emit(Event::Interaction(InteractionEvent::Completed { agent, summary: Box::new(summary) }));
}
