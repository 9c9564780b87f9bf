//! `set-notes`: the draft of the notes and the disposition, which becomes part of the record on completion.

use model::{Code, Command, DetailEvent, DispositionCode, Event, Interaction, InteractionId, Rejection};

use super::reference::find;
use crate::{State, apply::AMENDABLE_MS, state::CompletedInteraction, turn::Turn};

/// The longest notes, in bytes. Our choice.
const NOTES_BYTES_MAX: usize = 16_384;

/// Notes and disposition, before or after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Draft {
    notes: Option<String>,
    disposition: Option<DispositionCode>,
}

pub(crate) fn set_notes(
    turn: &mut Turn,
    command: &Command,
    notes: Option<&str>,
    disposition: Option<&str>,
) -> Result<(), Rejection> {
    check_length(notes)?;
    let disposition = disposition.map(parsed).transpose()?;
    known_disposition(turn.state(), disposition.as_ref().and_then(Option::as_ref))?;
    let (interaction, before) = find_draft(turn, command)?;
    let notes = notes.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()));
    let after = Draft {
        notes: notes.unwrap_or_else(|| before.notes.clone()),
        disposition: disposition.unwrap_or_else(|| before.disposition.clone()),
    };
    if after != before {
        let (agent, Draft { notes, disposition }) = (command.agent.clone(), after);
        turn.emit(Event::Detail(DetailEvent::NotesChanged { agent, interaction, notes, disposition }));
    }
    Ok(())
}

/// Finds the interaction of the command and its draft. The interaction is open, or was completed a short time ago.
fn find_draft(turn: &Turn, command: &Command) -> Result<(InteractionId, Draft), Rejection> {
    let amendable = command.interaction.and_then(|id| completed(turn, command, id));
    if let Some(one) = amendable {
        if turn.now.0 >= one.at.0 + AMENDABLE_MS {
            let seconds = AMENDABLE_MS / 1_000;
            let text = format!(
                "the interaction was completed more than {seconds} s ago; its notes can no longer be changed"
            );
            return Err(Rejection::new(Code::WrongState, text));
        }
        return Ok((one.id, Draft { notes: one.notes.clone(), disposition: one.disposition.clone() }));
    }
    find(turn.state(), command, |subject| {
        let Interaction { id, notes, disposition, .. } = subject.interaction;
        Ok((*id, Draft { notes: notes.clone(), disposition: disposition.clone() }))
    })
}

fn completed<'a>(turn: &'a Turn, command: &Command, id: InteractionId) -> Option<&'a CompletedInteraction> {
    turn.state().agent(&command.agent)?.completed.iter().find(|one| one.id == id)
}

/// Parses a disposition. An empty text clears it.
fn parsed(text: &str) -> Result<Option<DispositionCode>, Rejection> {
    if text.is_empty() {
        return Ok(None);
    }
    let code = DispositionCode::new(text);
    code.map(Some).map_err(|error| Rejection::new(Code::Invalid, error.to_string()))
}

/// Rejects notes that are too long.
pub(super) fn check_length(notes: Option<&str>) -> Result<(), Rejection> {
    match notes.map(str::len).filter(|bytes| *bytes > NOTES_BYTES_MAX) {
        None => Ok(()),
        Some(bytes) => {
            let text = format!("the notes have {bytes} bytes; the maximum is {NOTES_BYTES_MAX}");
            Err(Rejection::new(Code::TooMany, text))
        }
    }
}

/// Rejects a disposition that is not in the floor's list, if the floor has a list.
pub(super) fn known_disposition(state: &State, given: Option<&DispositionCode>) -> Result<(), Rejection> {
    let known = &state.floor.dispositions;
    match given.filter(|given| !known.is_empty() && !known.iter().any(|one| one.code == **given)) {
        None => Ok(()),
        Some(unknown) => {
            let codes: Vec<&str> = known.iter().map(|one| one.code.as_str()).collect();
            let text = format!(
                "disposition {unknown} is not defined in the floor; expected one of {}",
                codes.join(", ")
            );
            Err(Rejection::new(Code::UnknownCode, text))
        }
    }
}
