//! The store in one SQLite file.
//!
//! Beside the file lie its log (`-wal`, `-shm`, SQLite's own) and a lock (`.lock`), which one process at a time holds. A commit is in
//! the log and synced before it returns; from there a thread of the store's own copies it into the file, so that nobody waits for that.

mod append;
mod backup;
mod checkpoint;
mod column;
mod directory;
mod file;
mod found;
mod history;
mod journal;
mod lock;
mod mark;
mod pool;
mod reader;
mod schema;
mod writer;

use std::{path::Path, sync::Arc};

pub use reader::SqliteReader;
use rusqlite::ErrorCode;
pub use writer::SqliteWriter;

use crate::{Error, Result};

/// What to do with a store that is not the one that was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unexpected {
    /// Do not open it.
    Refuse,
    /// Open it. Its journal goes on under an identity of its own, so that nobody takes its events for those that are gone.
    Accept,
}

/// Opens the store at `path`, and makes it where there is none.
///
/// Fails with [`Error::Locked`] while another process, or an earlier pair in this one, has the store, with
/// [`Error::Format`] when another version wrote it, and with [`Error::Lost`] when the mark beside it says that there was another
/// journal, or one with more events. A store of an older format is brought up to date.
pub fn open(path: &Path) -> Result<(SqliteWriter, SqliteReader)> {
    open_or(path, Unexpected::Refuse)
}

/// Opens the store at `path` as [`open`] does, and says what to do when it is not the one that was there before.
pub fn open_or(path: &Path, unexpected: Unexpected) -> Result<(SqliteWriter, SqliteReader)> {
    let lock = Arc::new(lock::Lock::take(path)?);
    let expected = found::expect(path);
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
