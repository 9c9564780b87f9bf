//! The store in one SQLite file.
//!
//! Beside the file are SQLite's write-ahead log (`-wal`, `-shm`) and a lock file (`.lock`), which only one process at a
//! time holds. A commit is synced to the log before it returns; a separate thread copies the log into the file, so that
//! commits need not wait for this.

mod append;
mod audit;
mod backup;
mod checkpoint;
mod column;
mod damage;
mod directory;
mod existing;
mod file;
mod history;
mod journal;
mod lock;
mod mark;
mod pool;
mod reader;
mod restore;
mod schema;
mod writer;

use std::{path::Path, sync::Arc};

pub use audit::verify_audit_of;
pub use backup::{Position, backup};
pub use damage::{Damage, Repair, check, check_backup, repair};
pub use reader::SqliteReader;
pub use restore::{Restore, Restored};
use rusqlite::ErrorCode;
pub use writer::SqliteWriter;

use crate::{Error, Result};

/// What to do with a store that does not contain what it contained before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unexpected {
    /// Do not open it.
    Refuse,
    /// Open it. Its journal continues under a new ID, so that new events are not mistaken for lost ones.
    Accept,
}

/// Opens the store at `path`, and creates it if it does not exist.
///
/// Fails with [`Error::Locked`] while another process, or an earlier writer or reader of this one, has the store open;
/// with [`Error::Format`] when another version wrote it; and with [`Error::Lost`] when its mark names another journal
/// or more events. A store of an older format is migrated.
pub fn open(path: &Path) -> Result<(SqliteWriter, SqliteReader)> {
    open_or(path, Unexpected::Refuse)
}

/// Opens the store at `path` like [`open`], with a choice of what to do when it does not contain what it contained
/// before.
pub fn open_or(path: &Path, unexpected: Unexpected) -> Result<(SqliteWriter, SqliteReader)> {
    let lock = Arc::new(lock::Lock::take(path)?);
    let expected = existing::check(path);
    let accepts = unexpected == Unexpected::Accept;
    let renew = match expected {
        Err(Error::Lost { .. }) if accepts => true,
        other => other.map(|()| false)?,
    };
    file::open_private(path)?;
    let writer = SqliteWriter::open(path, Arc::clone(&lock), renew)?;
    let reader = SqliteReader::open(path, lock)?;
    Ok((writer, reader))
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let is_unreadable = matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..)
        );
        let code = error.sqlite_error_code();
        let is_broken = matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase));
        if is_unreadable || is_broken {
            Self::Corrupt(error.to_string())
        } else {
            Self::Storage(error.to_string())
        }
    }
}
