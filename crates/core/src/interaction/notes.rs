//! `set-data`, `set-contact`, `set-card` and `log`: information about an interaction.

use compact_str::CompactString;
use model::{Card, Code, Command, Contact, Data, DetailEvent, Event, Interaction, LogEntry, Rejection};

use super::reference::find;
use crate::turn::Turn;

/// The most log entries of one interaction. Our choice.
const LOGS_MAX: usize = 100;
/// The longest text of a log entry, in bytes. Our choice.
const TEXT_BYTES_MAX: usize = 16_384;

pub(crate) fn set_data(
    turn: &mut Turn,
    command: &Command,
    set: &Data,
    unset: &[CompactString],
) -> Result<(), Rejection> {
    let interaction = find(turn.state(), command, |subject| {
        let invalid = |error: model::DataError| Rejection::new(Code::Invalid, error.to_string());
        subject.interaction.data.has_room_for(set).map_err(invalid)?;
        Ok(subject.interaction.clone())
    })?;
    let unset: Vec<CompactString> =
        unset.iter().filter(|name| interaction.data.get(name).is_some()).cloned().collect();
    let changes = set.iter().any(|(name, value)| interaction.data.get(name) != Some(value));
    if changes || !unset.is_empty() {
        let Interaction { id, agent, .. } = interaction;
        turn.emit(Event::Detail(DetailEvent::DataChanged {
            agent,
            interaction: id,
            set: set.clone(),
            unset,
        }));
    }
    Ok(())
}

pub(crate) fn set_contact(
    turn: &mut Turn,
    command: &Command,
    contact: Option<&Contact>,
) -> Result<(), Rejection> {
    let id = find(turn.state(), command, |subject| Ok(subject.interaction.id))?;
    let agent = command.agent.clone();
    let contact = contact.cloned().map(Box::new);
    turn.emit(Event::Detail(DetailEvent::ContactResolved {
        agent,
        interaction: id,
        contact,
        candidates: Vec::new(),
    }));
    Ok(())
}

/// Changes how the contact is displayed. A field that is `None` stays; an empty field is reset.
pub(crate) fn set_card(turn: &mut Turn, command: &Command, card: &Card) -> Result<(), Rejection> {
    let (id, before) = find(turn.state(), command, |subject| {
        Ok((subject.interaction.id, subject.interaction.card.clone()))
    })?;
    let before = before.unwrap_or_default();
    let part = |given: &Option<CompactString>, before: Option<CompactString>| {
        given.clone().or(before).filter(|text| !text.is_empty())
    };
    let card = Card { name: part(&card.name, before.name), image: part(&card.image, before.image) };
    turn.emit(Event::Detail(DetailEvent::CardChanged {
        agent: command.agent.clone(),
        interaction: id,
        card,
    }));
    Ok(())
}

pub(crate) fn log(
    turn: &mut Turn,
    command: &Command,
    subject: &CompactString,
    text: &str,
    fields: &Data,
) -> Result<(), Rejection> {
    let bytes = text.len() + subject.len();
    if bytes > TEXT_BYTES_MAX {
        let text = format!("the log entry has {bytes} bytes; the maximum is {TEXT_BYTES_MAX}");
        return Err(Rejection::new(Code::TooMany, text));
    }
    let id = find(turn.state(), command, |about| match about.interaction.logs.len() {
        LOGS_MAX.. => Err(Rejection::new(
            Code::TooMany,
            format!("the interaction already has {LOGS_MAX} log entries, which is the maximum"),
        )),
        _ => Ok(about.interaction.id),
    })?;
    let log = LogEntry {
        at: turn.now,
        by: command.by.account.clone(),
        subject: subject.clone(),
        text: text.to_owned(),
        fields: fields.clone(),
    };
    turn.emit(Event::Detail(DetailEvent::Logged {
        agent: command.agent.clone(),
        interaction: id,
        log: Box::new(log),
    }));
    Ok(())
}
