//! The audit trail.

use std::path::Path;

use model::Timestamp;
use rusqlite::{Connection, OpenFlags, Row, params, types::Value};

use super::{
    column::{all, first, int, limit, unsigned},
    file::failed,
    history::Filter,
    schema::{self, FORMAT, Format},
};
use crate::{
    AuditEntry, AuditEvent, AuditFault, AuditHash, AuditHead, AuditKept, AuditQuery, AuditRow, Error, Result,
    VerifiedAudit,
    audit_chain::{continued, last_pruned, pruned},
    verify_audit,
};

const COLUMNS: &str = "number, at, account, action, body, hash FROM audit";

/// Checks the audit trail of the store at `path`, also while a node uses it. See [`verify_audit`].
pub fn verify_audit_of(
    path: &Path,
    expected: Option<AuditHash>,
) -> std::result::Result<VerifiedAudit, AuditFault> {
    let connection = open(path)?;
    let view = connection.unchecked_transaction().map_err(Error::from)?;
    verify_audit(|after, limit| rows(&view, after, limit), expected)
}

fn open(path: &Path) -> Result<Connection> {
    if !path.try_exists().map_err(|error| failed(path, &error))? {
        return Err(Error::Storage(format!("{} does not exist", path.display())));
    }
    // A log that a killed node left is read only with permission to write.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    schema::prepare_reading(&connection)?;
    match schema::format(&connection)? {
        Format::Known(FORMAT) => Ok(connection),
        Format::Known(found) | Format::Foreign(found) => Err(Error::Format { found, wanted: FORMAT }),
        Format::Empty => Err(Error::Storage(format!("{} is empty", path.display()))),
    }
}

pub(super) fn append(connection: &Connection, events: &[AuditEvent]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO audit (number, at, account, action, body, hash) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    for AuditRow { number, at, account, action, body, hash } in continued(head(connection)?, events)? {
        insert.execute(params![int(number), int(at.0), account, action, body, hash.0])?;
    }
    Ok(())
}

/// Deletes old entries, after an entry that says so. Returns whether there were any.
pub(super) fn prune(connection: &Connection, kept: AuditKept, now: Timestamp) -> Result<bool> {
    let mut select = connection.prepare_cached("SELECT min(number) FROM audit")?;
    let Some(oldest) = first(select.query([])?, |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten() else {
        return Ok(false);
    };
    let oldest = u64::try_from(oldest).unwrap_or(0);
    let mut select = connection.prepare_cached("SELECT min(number) FROM audit WHERE at >= ?")?;
    let recent = first(select.query([int(kept.from.0)])?, |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten();
    let recent = recent.and_then(|number| u64::try_from(number).ok());
    let last = last_pruned(recent, head(connection)?.number, kept);
    if last < oldest {
        return Ok(false);
    }
    let mut select = connection.prepare_cached("SELECT number, hash FROM audit WHERE number = ?")?;
    let missing = || Error::Corrupt(format!("entry {last} of the audit trail is missing"));
    let deleted = first(select.query([int(last)])?, read_head)?.ok_or_else(missing)?;
    append(connection, &[pruned(oldest, deleted, now)])?;
    connection.prepare_cached("DELETE FROM audit WHERE number <= ?")?.execute([int(last)])?;
    Ok(true)
}

pub(super) fn head(connection: &Connection) -> Result<AuditHead> {
    let mut select =
        connection.prepare_cached("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")?;
    Ok(first(select.query([])?, read_head)?.unwrap_or_default())
}

fn read_head(row: &Row<'_>) -> Result<AuditHead> {
    Ok(AuditHead { number: unsigned(row, 0)?, hash: AuditHash(row.get(1)?) })
}

pub(super) fn rows(connection: &Connection, after: u64, at_most: usize) -> Result<Vec<AuditRow>> {
    let mut select =
        connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE number > ? ORDER BY number LIMIT ?"))?;
    all(select.query([int(after), limit(at_most)])?, read_row)
}

pub(super) fn entries(connection: &Connection, query: &AuditQuery) -> Result<Vec<AuditEntry>> {
    let mut filter = Filter::default();
    let text = |text: &str| Value::Text(text.to_owned());
    let number = |number: u64| Value::Integer(int(number));
    filter.add("account = ?", query.account.as_ref().map(|account| text(account.as_str())));
    filter.add("action = ?", query.action.map(|action| text(action.as_str())));
    filter.add("at >= ?", query.from.map(|at| number(at.0)));
    filter.add("at < ?", query.until.map(|at| number(at.0)));
    filter.add("number < ?", query.before.map(number));
    filter.rows(connection, COLUMNS, "number DESC", query.limit, |row| read_row(row)?.entry())
}

fn read_row(row: &Row<'_>) -> Result<AuditRow> {
    Ok(AuditRow {
        number: unsigned(row, 0)?,
        at: Timestamp(unsigned(row, 1)?),
        account: row.get(2)?,
        action: row.get(3)?,
        body: row.get(4)?,
        hash: AuditHash(row.get(5)?),
    })
}
