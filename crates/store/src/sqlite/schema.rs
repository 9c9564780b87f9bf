//! The tables.

use rusqlite::Connection;

use super::journal;
use crate::{Error, Result};

/// The format that this program reads, stored as `user_version`.
pub(super) const FORMAT: u32 = 4;

/// Migrations from older formats: the old format, and the SQL to apply.
const MIGRATIONS: &[(u32, &str)] = &[(1, TO_2), (2, TO_3), (3, TO_4)];

/// Adds the tokens of signed-in accounts.
const TO_2: &str = "
CREATE TABLE tokens (
    fingerprint BLOB PRIMARY KEY,
    account TEXT NOT NULL,
    account_fingerprint BLOB NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Adds the ID of the journal, and the caller of a wait.
const TO_3: &str = "
CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), journal BLOB NOT NULL) STRICT;
ALTER TABLE waits ADD COLUMN detail TEXT NOT NULL DEFAULT '{}';
";

/// Adds the audit trail, API tokens, second factors, and how an account signed in.
const TO_4: &str = "
ALTER TABLE tokens ADD COLUMN detail TEXT NOT NULL DEFAULT '{}';
CREATE TABLE api_tokens (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE second_factors (account TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account TEXT,
    action TEXT NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_account ON audit (account, number);
CREATE INDEX audit_by_action ON audit (action, number);
CREATE INDEX audit_by_time ON audit (at);
";

/// How long a statement waits for another connection. Milliseconds. Our choice: only this process uses the file, so
/// waits are short.
const BUSY_MS: u32 = 5_000;

/// The size that the log file keeps when it starts over, in bytes. Our choice.
const LOG_BYTES_KEPT: u32 = 64 << 20;

/// JSON is stored as TEXT, so that the JSON functions of the `sqlite3` shell can read it. Times are milliseconds since
/// 1970. `sum` is the CRC-32 of the preceding column. Each index of `interactions` ends with the primary key `number`,
/// and other indexes with `seq`, so that an index returns its rows in order.
const TABLES: &str = "
CREATE TABLE journal (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE snapshots (seq INTEGER PRIMARY KEY, state BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), journal BLOB NOT NULL) STRICT;

CREATE TABLE floor (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL) STRICT;
CREATE TABLE accounts (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (
    fingerprint BLOB PRIMARY KEY,
    account TEXT NOT NULL,
    account_fingerprint BLOB NOT NULL,
    until INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE api_tokens (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE second_factors (account TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE contacts (id TEXT PRIMARY KEY, folded_name TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX contacts_by_name ON contacts (folded_name, id);
CREATE TABLE contact_numbers (
    reversed TEXT NOT NULL,
    contact TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (reversed, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX numbers_of_contact ON contact_numbers (contact);

CREATE TABLE interactions (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    linkage BLOB NOT NULL,
    agent TEXT NOT NULL,
    contact TEXT,
    customer_digits TEXT,
    opened_at INTEGER NOT NULL,
    summary TEXT NOT NULL
) STRICT;
CREATE INDEX interactions_by_linkage ON interactions (linkage);
CREATE INDEX interactions_by_agent ON interactions (agent);
CREATE INDEX interactions_by_contact ON interactions (contact) WHERE contact IS NOT NULL;
CREATE INDEX interactions_by_digits ON interactions (customer_digits) WHERE customer_digits IS NOT NULL;
CREATE INDEX interactions_by_time ON interactions (opened_at);

CREATE TABLE agent_times (
    seq INTEGER PRIMARY KEY,
    agent TEXT NOT NULL,
    state TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agent_times_by_agent ON agent_times (agent, ended_at);
CREATE INDEX agent_times_by_time ON agent_times (ended_at);

CREATE TABLE waits (
    seq INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    at INTEGER NOT NULL,
    waited_ms INTEGER NOT NULL,
    answered_by TEXT,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX waits_by_queue ON waits (queue, at);
CREATE INDEX waits_by_time ON waits (at);

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account TEXT,
    action TEXT NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_account ON audit (account, number);
CREATE INDEX audit_by_action ON audit (action, number);
CREATE INDEX audit_by_time ON audit (at);
";

/// The format of a file.
pub(super) enum Format {
    /// The file is empty.
    Empty,
    /// A store in a format that can be read or migrated.
    Known(u32),
    /// Something else.
    Foreign(u32),
}

/// Reads the format of a file.
pub(super) fn format(connection: &Connection) -> Result<Format> {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == FORMAT || MIGRATIONS.iter().any(|(from, _)| *from == found) {
        return Ok(Format::Known(found));
    }
    Ok(if found == 0 && is_empty(connection)? { Format::Empty } else { Format::Foreign(found) })
}

/// Prepares a connection for writing: durable commits, and tables in the current format.
pub(super) fn prepare(connection: &mut Connection) -> Result<()> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS.into()))?;
    let format = format(connection)?;
    if let Format::Foreign(found) = format {
        return Err(Error::Format { found, wanted: FORMAT });
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    match format {
        Format::Empty => create(connection),
        Format::Known(found) => migrate(connection, found),
        Format::Foreign(_) => Ok(()),
    }
}

/// Prepares a connection for reading.
pub(super) fn prepare_reading(connection: &Connection) -> Result<()> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS.into()))?;
    Ok(())
}

fn is_empty(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?)
}

fn create(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    journal::identify(&transaction)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    Ok(transaction.commit()?)
}

/// Migrates a store in one transaction.
fn migrate(connection: &mut Connection, found: u32) -> Result<()> {
    if found == FORMAT {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for (_, changes) in MIGRATIONS.iter().filter(|(from, _)| *from >= found) {
        transaction.execute_batch(changes)?;
    }
    if journal::id(&transaction)?.is_none() {
        journal::identify(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", FORMAT)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_writes_syncs_every_commit() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(folder.path().join("store.db")).unwrap();
        prepare(&mut connection).unwrap();
        let pragma = |name| connection.pragma_query_value::<i64, _>(None, name, |row| row.get(0)).unwrap();
        assert_eq!(pragma("synchronous"), 2, "2 is FULL");
        assert_eq!(pragma("foreign_keys"), 1);
        assert_eq!(pragma("user_version"), i64::from(FORMAT));
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
