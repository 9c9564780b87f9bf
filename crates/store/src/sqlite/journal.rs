//! Reads the journal and its snapshots.

use std::{panic::resume_unwind, thread};

use bytes::Bytes;
use model::{JournalId, Seq};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::column::{all, first, int, limit, sum, summed, unsigned};
use crate::{Entry, Error, Result, identity::new_journal};

/// From this many rows on, a second thread parses half of them. Our choice: starting a thread takes as long as about
/// twenty rows.
const SHARED_ROWS: usize = 512;

/// The ID of the journal; `None` in a store of an older format.
pub(super) fn id(connection: &Connection) -> Result<Option<JournalId>> {
    let table = "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'identity'";
    if !connection.query_row(table, [], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    let found = connection.query_row("SELECT journal FROM identity", [], |row| row.get(0)).optional()?;
    let read = |bytes: Vec<u8>| Uuid::from_slice(&bytes).map(JournalId);
    found.map(read).transpose().map_err(|error| Error::Corrupt(format!("the journal's identity: {error}")))
}

/// Gives the journal a new ID.
pub(super) fn identify(connection: &Connection) -> Result<()> {
    let insert = "INSERT OR REPLACE INTO identity (one, journal) VALUES (1, ?)";
    connection.execute(insert, [new_journal()?.0.as_bytes().as_slice()])?;
    Ok(())
}

/// The last entry that was ever written. Pruned entries are covered by a snapshot.
pub(super) fn last_seq(connection: &Connection) -> Result<Seq> {
    seq(
        connection,
        "SELECT max(coalesce((SELECT max(seq) FROM journal), 0), coalesce((SELECT max(seq) FROM snapshots), 0))",
    )
}

/// The first entry that exists, or the one after the last.
pub(super) fn first_seq(connection: &Connection) -> Result<Seq> {
    match seq(connection, "SELECT coalesce(min(seq), 0) FROM journal")? {
        Seq(0) => Ok(last_seq(connection)?.next()),
        first => Ok(first),
    }
}

fn seq(connection: &Connection, sql: &str) -> Result<Seq> {
    let mut select = connection.prepare_cached(sql)?;
    let found = first(select.query([])?, |row| unsigned(row, 0))?;
    Ok(Seq(found.unwrap_or_default()))
}

/// Reads entries after `after` and checks that none is missing.
pub(super) fn read(connection: &Connection, after: Seq, at_most: usize) -> Result<Vec<Entry>> {
    let mut select =
        connection.prepare_cached("SELECT seq, body, sum FROM journal WHERE seq > ? ORDER BY seq LIMIT ?")?;
    let entries = decoded(all(select.query([int(after.0), limit(at_most)])?, RawEntry::of)?)?;
    let Some(head) = entries.first().map(Entry::seq) else { return Ok(entries) };
    if head > after.next() && head != first_seq(connection)? {
        return Err(missing(after.next()));
    }
    match entries.windows(2).find(|pair| pair[1].seq() != pair[0].seq().next()) {
        Some(pair) => Err(missing(pair[0].seq().next())),
        None => Ok(entries),
    }
}

/// An entry whose checksum and number are right.
pub(super) fn entry(row: &Row<'_>) -> Result<Entry> {
    RawEntry::of(row)?.entry()
}

/// A row whose JSON is not parsed yet.
struct RawEntry {
    seq: u64,
    json: Bytes,
}

impl RawEntry {
    fn of(row: &Row<'_>) -> Result<Self> {
        let seq = unsigned(row, 0)?;
        let json = summed(row, 1, &|| format!("entry {seq}"))?;
        Ok(Self { seq, json: Bytes::copy_from_slice(json) })
    }

    fn entry(self) -> Result<Entry> {
        let Self { seq, json } = self;
        let entry = Entry::parse(json).map_err(|error| Error::Corrupt(format!("entry {seq}: {error}")))?;
        if entry.seq() == Seq(seq) {
            return Ok(entry);
        }
        Err(Error::Corrupt(format!("entry {seq} holds the record {}", entry.seq())))
    }
}

/// Parses the JSON of all rows, half of many on a second thread, because parsing takes most of the recovery time.
fn decoded(mut rows: Vec<RawEntry>) -> Result<Vec<Entry>> {
    if rows.len() < SHARED_ROWS {
        return rows.into_iter().map(RawEntry::entry).collect();
    }
    let others = rows.split_off(rows.len() / 2);
    thread::scope(|scope| {
        let others = scope.spawn(|| others.into_iter().map(RawEntry::entry).collect::<Result<Vec<_>>>());
        let mut entries = rows.into_iter().map(RawEntry::entry).collect::<Result<Vec<_>>>()?;
        entries.append(&mut others.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        Ok(entries)
    })
}

fn missing(seq: Seq) -> Error {
    Error::Corrupt(format!("entry {seq} is missing"))
}

/// The newest snapshot that is not damaged, or else the error of the newest one. An older snapshot with the entries after it gives the same
/// state.
pub(super) fn newest_snapshot(connection: &Connection) -> Result<Option<(Seq, Vec<u8>)>> {
    let mut select = connection.prepare_cached("SELECT seq, state, sum FROM snapshots ORDER BY seq DESC")?;
    let (mut rows, mut damage) = (select.query([])?, None);
    while let Some(row) = rows.next()? {
        match snapshot(row) {
            Ok(snapshot) => return Ok(Some(snapshot)),
            Err(error) => damage = damage.or(Some(error)),
        }
    }
    damage.map_or(Ok(None), Err)
}

/// A snapshot whose checksum is right.
pub(super) fn snapshot(row: &Row<'_>) -> Result<(Seq, Vec<u8>)> {
    let seq = unsigned(row, 0)?;
    let state = summed(row, 1, &|| format!("the snapshot of entry {seq}"))?;
    Ok((Seq(seq), state.to_vec()))
}

/// Saves a snapshot. The two newest are kept, so that damage of one does not stop a start.
pub(super) fn save_snapshot(connection: &Connection, seq: Seq, state: &[u8]) -> Result<()> {
    let insert = "INSERT OR REPLACE INTO snapshots (seq, state, sum) VALUES (?, ?, ?)";
    connection.execute(insert, params![int(seq.0), state, sum(state)])?;
    let delete =
        "DELETE FROM snapshots WHERE seq < (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT 1 OFFSET 1)";
    connection.execute(delete, [])?;
    Ok(())
}

/// Deletes entries up to `up_to` that the newest snapshot covers.
pub(super) fn prune(connection: &Connection, up_to: Seq) -> Result<()> {
    let delete = "DELETE FROM journal WHERE seq <= ? AND seq <= (SELECT max(seq) FROM snapshots)";
    connection.execute(delete, [int(up_to.0)])?;
    Ok(())
}
