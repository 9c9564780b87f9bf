//! The tables.

use rusqlite::Connection;

use super::journal;
use crate::{Error, Result};

/// What `user_version` says of a store that this program reads.
const FORMAT: u32 = 3;

/// How a store of an older format becomes one of the next: the format that it has, and what is done to it.
const MIGRATIONS: &[(u32, &str)] = &[(2, TO_3)];

/// The journal has an identity, and a wait says who waited.
const TO_3: &str = "
CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), journal BLOB NOT NULL) STRICT;
ALTER TABLE waits ADD COLUMN detail TEXT NOT NULL DEFAULT '{}';
";

/// How long a statement waits for another connection. Milliseconds. Ours: nobody but us is there, so nothing waits long.
const BUSY_MS: u32 = 5_000;

/// How many bytes the log's file keeps when it begins anew. Ours.
const LOG_BYTES_KEPT: u32 = 64 << 20;

/// JSON is TEXT, so that the `sqlite3` shell's JSON functions read it. Times are milliseconds since 1970. `sum` is the CRC-32 of what
/// stands before it. `number`, the primary key, stands at the end of each index of `interactions`, as `seq` does elsewhere: so an
/// index gives its rows in order.
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
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
";

/// How a file is.
pub(super) enum Format {
    /// Nothing is in it.
    Empty,
    /// A store of ours, of a format that can be read or brought up to date.
    Known(u32),
    /// Something else.
    Foreign(u32),
}

/// Looks how a file is.
pub(super) fn format(connection: &Connection) -> Result<Format> {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == FORMAT || MIGRATIONS.iter().any(|(from, _)| *from == found) {
        return Ok(Format::Known(found));
    }
    Ok(if found == 0 && is_empty(connection)? { Format::Empty } else { Format::Foreign(found) })
}

/// Makes a connection that writes ready: durable commits, and tables of our format.
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

/// Makes a connection that only reads ready.
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

/// Brings a store up to date, all or nothing.
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
