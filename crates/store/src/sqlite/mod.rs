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
mod history;
mod journal;
mod lock;
mod pool;
mod reader;
mod schema;
mod writer;

use std::{path::Path, sync::Arc};

pub use reader::SqliteReader;
use rusqlite::ErrorCode;
pub use writer::SqliteWriter;

use crate::{Error, Result};

/// Opens the store at `path`, and makes it where there is none.
///
/// Fails with [`Error::Locked`] while another process, or an earlier pair in this one, has the store, and with
/// [`Error::Format`] when another version wrote it.
pub fn open(path: &Path) -> Result<(SqliteWriter, SqliteReader)> {
    let lock = Arc::new(lock::Lock::take(path)?);
    file::open_private(path)?;
    let writer = SqliteWriter::open(path, Arc::clone(&lock))?;
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
