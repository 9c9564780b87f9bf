//! Finds damaged rows of a store that no node uses, and removes those that it can do without.

use std::{fs, path::Path};

use model::{Contact, Floor, InteractionSummary};
use rusqlite::{Connection, OpenFlags, Row};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{
    backup::Position,
    column::{from_json, unsigned},
    file::{beside, create_private, failed},
    journal,
    lock::Lock,
    schema::{self, Format},
};
use crate::{Account, Error, Result};

/// How many problems of one table are reported. Our choice: a person reads them.
const REPORTED_MAX: usize = 20;

/// A damaged row, or damage of the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The table; `file` for the database file itself.
    pub table: &'static str,
    /// The row: its key.
    pub row: String,
    /// What is wrong.
    pub what: String,
    /// Whether [`repair`] can remove it.
    pub is_removable: bool,
}

/// What [`repair`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The removed rows.
    pub removed: Vec<Damage>,
    /// Damage that is still there. If there is any, restore a backup.
    pub left: Vec<Damage>,
}

/// A table whose rows stand for themselves: without one of them, the others are still right.
struct Table {
    name: &'static str,
    /// The columns of the key and of the JSON.
    columns: &'static str,
    read: fn(&Row<'_>) -> Result<()>,
}

const TABLES: [Table; 6] = [
    Table { name: "floor", columns: "one, body", read: json::<Floor> },
    Table { name: "accounts", columns: "name, body", read: json::<Account> },
    Table { name: "contacts", columns: "id, body", read: json::<Contact> },
    Table { name: "interactions", columns: "number, summary", read: json::<InteractionSummary> },
    Table { name: "agent_times", columns: "seq, state", read: json::<IgnoredAny> },
    Table { name: "waits", columns: "seq, detail", read: json::<IgnoredAny> },
];

fn json<T: DeserializeOwned>(row: &Row<'_>) -> Result<()> {
    from_json::<T>(row, 1, "the row").map(drop)
}

/// Reads everything in the store at `path` and returns what is damaged. Fails while a node uses the store.
pub fn check(path: &Path) -> Result<Vec<Damage>> {
    let _lock = Lock::take(path)?;
    look(&open(path)?)
}

/// Reads everything in a backup, which no node uses, and returns what is damaged.
pub fn check_backup(path: &Path) -> Result<Vec<Damage>> {
    look(&open(path)?)
}

/// Reads everything in a backup. Returns how far it goes. Damage is an error.
pub(super) fn verify(path: &Path) -> Result<Position> {
    let connection = open(path)?;
    match look(&connection)?.first() {
        None => Position::of(&connection),
        Some(Damage { table, row, what, .. }) => Err(Error::Corrupt(format!("{table} {row}: {what}"))),
    }
}

/// Copies the store at `path`, and then removes damaged rows that it can do without: snapshots when an older one or the whole journal gives
/// the same state, entries that a snapshot covers, accounts, contacts, and rows of the history. The copy has the name `copy`.
pub fn repair(path: &Path, copy: &Path) -> Result<Repair> {
    let _lock = Lock::take(path)?;
    let connection = open(path)?;
    let removed: Vec<_> = look(&connection)?.into_iter().filter(|damage| damage.is_removable).collect();
    if !removed.is_empty() {
        keep_copy(&connection, path, copy)?;
        let transaction = connection.unchecked_transaction()?;
        removed.iter().try_for_each(|damage| remove(&transaction, damage))?;
        transaction.commit()?;
    }
    Ok(Repair { removed, left: look(&connection)? })
}

pub(super) fn open(path: &Path) -> Result<Connection> {
    if !path.try_exists().map_err(|error| failed(path, &error))? {
        return Err(Error::Storage(format!("{} does not exist", path.display())));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // A contact's numbers are removed with it.
    connection.pragma_update(None, "foreign_keys", true)?;
    match schema::format(&connection)? {
        Format::Known(_) => Ok(connection),
        Format::Empty => Err(Error::Storage(format!("{} is empty", path.display()))),
        Format::Foreign(found) => Err(Error::Format { found, wanted: schema::FORMAT }),
    }
}

/// Copies the database file with the whole log in it.
fn keep_copy(connection: &Connection, path: &Path, copy: &Path) -> Result<()> {
    super::checkpoint::empty_log(connection)?;
    create_private(copy)?;
    fs::copy(path, copy).map_err(|error| failed(copy, &error))?;
    // A log of an earlier database with this name would be read with the copy.
    let log = beside(copy, "-wal");
    if log.try_exists().unwrap_or(false) {
        return Err(Error::Storage(format!("{} is there already", log.display())));
    }
    Ok(())
}

fn look(connection: &Connection) -> Result<Vec<Damage>> {
    let mut found = file(connection)?;
    let snapshots = snapshots(connection)?;
    found.extend(entries(connection, snapshots.newest_good)?);
    found.extend(snapshots.damaged);
    for table in &TABLES {
        let sql = format!("SELECT {} FROM {}", table.columns, table.name);
        found.extend(rows(connection, &sql, table.name, table.read)?);
    }
    Ok(found)
}

/// What SQLite itself finds.
fn file(connection: &Connection) -> Result<Vec<Damage>> {
    let mut check = connection.prepare(&format!("PRAGMA integrity_check({REPORTED_MAX})"))?;
    let texts = check.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let damage = |what| Damage { table: "file", row: "-".to_owned(), what, is_removable: false };
    Ok(texts.into_iter().filter(|text| text != "ok").map(damage).collect())
}

struct Snapshots {
    /// The newest snapshot that is not damaged.
    newest_good: Option<u64>,
    damaged: Vec<Damage>,
}

/// A damaged snapshot can be removed when the journal continues after an older one, or begins with its first entry.
fn snapshots(connection: &Connection) -> Result<Snapshots> {
    let mut select = connection.prepare("SELECT seq, state, sum FROM snapshots ORDER BY seq DESC")?;
    let (mut rows, mut newest_good, mut damaged) = (select.query([])?, None, Vec::new());
    while let Some(row) = rows.next()? {
        let seq = unsigned(row, 0)?;
        let read = journal::snapshot(row).and_then(|(_, state)| {
            let parsed = serde_json::from_slice::<IgnoredAny>(&state);
            parsed.map(drop).map_err(|error| Error::Corrupt(format!("the snapshot of entry {seq}: {error}")))
        });
        match read {
            Ok(()) => newest_good = newest_good.or(Some(seq)),
            Err(error) => damaged.push(damage("snapshots", seq.to_string(), &error, false)),
        }
    }
    let first = journal::first_seq(connection)?.0;
    let is_complete = first <= newest_good.unwrap_or(0) + 1;
    damaged.iter_mut().for_each(|one| one.is_removable = is_complete);
    Ok(Snapshots { newest_good, damaged })
}

/// A damaged entry can be removed, with all before it, when a snapshot covers it.
fn entries(connection: &Connection, covered: Option<u64>) -> Result<Vec<Damage>> {
    let mut select = connection.prepare("SELECT seq, body, sum FROM journal ORDER BY seq")?;
    let (mut rows, mut found, mut last) = (select.query([])?, Vec::new(), None::<u64>);
    while let Some(row) = rows.next()?
        && found.len() < REPORTED_MAX
    {
        let seq = unsigned(row, 0)?;
        let missing = last.is_some_and(|last| last + 1 != seq);
        let error = match journal::entry(row) {
            Err(error) => Some(error),
            Ok(_) if missing => Some(Error::Corrupt(format!("the entry before {seq} is missing"))),
            Ok(_) => None,
        };
        let is_removable = covered.is_some_and(|covered| covered >= seq);
        found.extend(error.map(|error| damage("journal", seq.to_string(), &error, is_removable)));
        last = Some(seq);
    }
    Ok(found)
}

fn rows(
    connection: &Connection,
    sql: &str,
    table: &'static str,
    read: fn(&Row<'_>) -> Result<()>,
) -> Result<Vec<Damage>> {
    let mut select = connection.prepare(sql)?;
    let (mut rows, mut found) = (select.query([])?, Vec::new());
    while let Some(row) = rows.next()?
        && found.len() < REPORTED_MAX
    {
        if let Err(error) = read(row) {
            let key = row.get_ref(0)?;
            let key = key
                .as_str()
                .map_or_else(|_| row.get::<_, i64>(0).unwrap_or_default().to_string(), str::to_owned);
            found.push(damage(table, key, &error, table != "floor"));
        }
    }
    Ok(found)
}

fn damage(table: &'static str, row: String, error: &Error, is_removable: bool) -> Damage {
    Damage { table, row, what: error.to_string(), is_removable }
}

fn remove(connection: &Connection, damage: &Damage) -> Result<()> {
    let sql = match damage.table {
        "journal" => "DELETE FROM journal WHERE seq <= CAST(? AS INTEGER)",
        "snapshots" => "DELETE FROM snapshots WHERE seq = CAST(? AS INTEGER)",
        "accounts" => "DELETE FROM accounts WHERE name = ?",
        "contacts" => "DELETE FROM contacts WHERE id = ?",
        "interactions" => "DELETE FROM interactions WHERE number = CAST(? AS INTEGER)",
        "agent_times" => "DELETE FROM agent_times WHERE seq = CAST(? AS INTEGER)",
        "waits" => "DELETE FROM waits WHERE seq = CAST(? AS INTEGER)",
        other => return Err(Error::Storage(format!("no row of {other} can be removed"))),
    };
    connection.execute(sql, [&damage.row])?;
    Ok(())
}
