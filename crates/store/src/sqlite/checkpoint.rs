//! Checkpoints: copying the write-ahead log into the database file, without delaying commits.
//!
//! A thread does most of the copying while the writer writes. The log can start over only when all of it is copied and
//! nobody reads from it, which may never happen in a busy store. So when the log is long, the writer waits a short time
//! for this.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;

use crate::{Error, Result};

/// How many pages not yet copied wake the thread: 4 MiB. Our choice.
const WAKE_PAGES: u32 = 1_024;

/// How many pages make the log long, and how many more it grows before the next attempt to start over: 32 MiB. Our
/// choice.
const LONG_PAGES: u32 = 8_192;

/// How long the writer waits for readers so that the log can start over. Our choice: most reads take less time.
const READERS_WAIT: Duration = Duration::from_millis(20);

/// Keeps the log short.
#[derive(Debug)]
pub(super) struct Checkpointer {
    restart_at_pages: u32,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    copier: Arc<LogCopier>,
}

impl Checkpointer {
    /// Starts the thread.
    pub(super) fn start(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(READERS_WAIT)?;
        let copier = Arc::new(LogCopier { connection: Mutex::new(connection), failure: OnceLock::new() });
        let (wake, woken) = sync_channel(1);
        let (name, theirs) = ("checkpoint".to_owned(), Arc::clone(&copier));
        let thread = std::thread::Builder::new().name(name).spawn(move || theirs.run(&woken));
        let thread = thread.map_err(|error| Error::Storage(format!("no thread: {error}")))?;
        Ok(Self { restart_at_pages: LONG_PAGES, wake: Some(wake), thread: Some(thread), copier })
    }

    /// Checks the log after a commit of `connection`. Fails when copying failed now or earlier.
    pub(super) fn committed(&mut self, connection: &Connection) -> Result<()> {
        if let Some(failure) = self.copier.failure.get() {
            return Err(failure.clone());
        }
        let log = Log::look(connection)?;
        if log.pages.saturating_sub(log.copied_pages) >= WAKE_PAGES {
            // If the channel is full, the thread has not handled the last wake-up yet and needs no other.
            self.wake.as_ref().map(|wake| wake.try_send(()));
        }
        if log.pages >= self.restart_at_pages { self.restart(&log) } else { Ok(()) }
    }

    fn restart(&mut self, log: &Log) -> Result<()> {
        let is_held = Log::restart(&self.copier.connection())?.is_held;
        self.restart_at_pages = if is_held { log.pages + LONG_PAGES } else { LONG_PAGES };
        Ok(())
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        // A panic of the thread was already reported.
        self.thread.take().map(JoinHandle::join);
    }
}

/// Copies the whole log into the database file and empties it, so that the file alone has everything. Waits for readers.
pub(super) fn empty_log(connection: &Connection) -> Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// The connection that copies, and the first error.
#[derive(Debug)]
struct LogCopier {
    connection: Mutex<Connection>,
    failure: OnceLock<Error>,
}

impl LogCopier {
    fn run(&self, woken: &Receiver<()>) {
        for () in woken {
            if let Err(error) = Log::copy(&self.connection()) {
                self.failure.get_or_init(|| error);
                return;
            }
        }
    }

    /// Locks the connection. SQLite keeps it consistent even if a thread panicked.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of the log.
struct Log {
    /// Whether a reader or another writer blocks it.
    is_held: bool,
    pages: u32,
    copied_pages: u32,
}

impl Log {
    fn look(connection: &Connection) -> Result<Self> {
        Self::after(connection, "PRAGMA wal_checkpoint(NOOP)")
    }

    /// Copies what can be copied without blocking others.
    fn copy(connection: &Connection) -> Result<Self> {
        Self::after(connection, "PRAGMA wal_checkpoint(PASSIVE)")
    }

    /// Copies everything and starts the log over.
    fn restart(connection: &Connection) -> Result<Self> {
        Self::after(connection, "PRAGMA wal_checkpoint(RESTART)")
    }

    fn after(connection: &Connection, sql: &str) -> Result<Self> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Self { is_held: row.get(0)?, pages: pages(row, 1)?, copied_pages: pages(row, 2)? })
        };
        Ok(connection.prepare_cached(sql)?.query_row([], read)?)
    }
}

/// A number of pages. SQLite returns -1 when it could not check, for example while a commit is published; then there is
/// nothing to do this time.
fn pages(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u32> {
    Ok(u32::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_cannot_be_looked_at_is_no_failure() {
        let without_log = Connection::open_in_memory().unwrap();
        let log = Log::copy(&without_log).unwrap();
        assert_eq!((log.pages, log.copied_pages), (0, 0));
    }
}
