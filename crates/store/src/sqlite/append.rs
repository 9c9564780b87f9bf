//! Appends to the journal and updates the history.

use model::{Event, InteractionId, InteractionSummary, Seq};
use rusqlite::{Connection, params};

use super::{
    column::{Text, int, sum, to_json},
    history,
};
use crate::{AgentTime, Entry, Result, Wait, history_update::HistoryUpdate, matching};

/// Appends a batch that continues the journal.
pub(super) fn append(connection: &Connection, batch: &[Entry]) -> Result<()> {
    let mut insert = connection.prepare_cached("INSERT INTO journal (seq, body, sum) VALUES (?, ?, ?)")?;
    for entry in batch {
        insert.execute(params![int(entry.seq().0), Text(entry.json()), sum(entry.json())])?;
        if let Some(fact) = HistoryUpdate::of(entry.record()) {
            learn(connection, entry.seq(), &fact)?;
        }
    }
    Ok(())
}

fn learn(connection: &Connection, seq: Seq, fact: &HistoryUpdate<'_>) -> Result<()> {
    match fact {
        HistoryUpdate::Interaction(summary) => learn_interaction(connection, summary),
        HistoryUpdate::Notes(id, event) => amend_interaction(connection, *id, event),
        HistoryUpdate::AgentTime(time) => learn_agent_time(connection, seq, time),
        HistoryUpdate::Wait(wait) => learn_wait(connection, seq, wait),
    }
}

fn learn_interaction(connection: &Connection, summary: &InteractionSummary) -> Result<()> {
    let interaction = &summary.interaction;
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO interactions
         (number, id, linkage, agent, contact, customer_digits, opened_at, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    insert.execute(params![
        int(interaction.number),
        interaction.id.0.as_bytes(),
        interaction.linkage.0.as_bytes(),
        interaction.agent.as_str(),
        interaction.contact.as_ref().map(|contact| contact.id.as_str()),
        matching::customer_digits(summary),
        int(interaction.opened_at.0),
        Text(&to_json(summary)?),
    ])?;
    Ok(())
}

/// Updates a completed interaction. Does nothing when the interaction is not completed.
fn amend_interaction(connection: &Connection, id: InteractionId, event: &Event) -> Result<()> {
    let Some(mut summary) = history::interaction(connection, id)? else { return Ok(()) };
    summary.apply(event);
    let mut update = connection.prepare_cached("UPDATE interactions SET summary = ? WHERE id = ?")?;
    update.execute(params![Text(&to_json(&summary)?), id.0.as_bytes()])?;
    Ok(())
}

fn learn_agent_time(connection: &Connection, seq: Seq, time: &AgentTime) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO agent_times (seq, agent, state, began_at, ended_at) VALUES (?, ?, ?, ?, ?)",
    )?;
    insert.execute(params![
        int(seq.0),
        time.agent.as_str(),
        Text(&to_json(&time.state)?),
        int(time.from.0),
        int(time.until.0),
    ])?;
    Ok(())
}

fn learn_wait(connection: &Connection, seq: Seq, wait: &Wait) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO waits (seq, queue, at, waited_ms, answered_by, detail) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    insert.execute(params![
        int(seq.0),
        wait.queue.as_str(),
        int(wait.at.0),
        int(wait.waited_ms),
        wait.answered_by.as_ref().map(model::AgentId::as_str),
        Text(&to_json(&wait.detail)?),
    ])?;
    Ok(())
}
