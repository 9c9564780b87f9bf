//! Copying the log into the file, aside from whoever commits.
//!
//! The thread does most of the copying while the writer writes. The log begins anew only when all of it is copied and nobody reads in
//! it, which a busy store may never come to by itself: once the log is long, the writer waits for that moment, but not for long.

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

/// From how many pages that are not copied on the thread is woken: 4 MiB of them. Ours.
const WAKE_PAGES: u32 = 1_024;

/// From how many pages on the log is long, and by how many more it grows before the next try to begin anew: 32 MiB of them. Ours.
const LONG_PAGES: u32 = 8_192;

/// How long the writer waits for readers so that the log can begin anew. Ours: most reads are over sooner.
const PATIENCE: Duration = Duration::from_millis(20);

/// Keeps the log short.
#[derive(Debug)]
pub(super) struct Checkpointer {
    restart_at_pages: u32,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    copier: Arc<Copier>,
}

impl Checkpointer {
    /// Starts the thread.
    pub(super) fn start(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        let copier = Arc::new(Copier { connection: Mutex::new(connection), failure: OnceLock::new() });
        let (wake, woken) = sync_channel(1);
        let (name, theirs) = ("checkpoint".to_owned(), Arc::clone(&copier));
        let thread = std::thread::Builder::new().name(name).spawn(move || theirs.run(&woken));
        let thread = thread.map_err(|error| Error::Storage(format!("no thread: {error}")))?;
        Ok(Self { restart_at_pages: LONG_PAGES, wake: Some(wake), thread: Some(thread), copier })
    }

    /// Looks after the log once `connection` has committed. Fails when copying failed, now or before.
    pub(super) fn committed(&mut self, connection: &Connection) -> Result<()> {
        if let Some(failure) = self.copier.failure.get() {
            return Err(failure.clone());
        }
        let log = Log::look(connection)?;
        if log.pages.saturating_sub(log.copied_pages) >= WAKE_PAGES {
            // A full channel says that the thread has yet to come to the last call; it is not called twice.
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
        // A thread that panicked has said so already.
        self.thread.take().map(JoinHandle::join);
    }
}

/// The connection that copies, and how it failed.
#[derive(Debug)]
struct Copier {
    connection: Mutex<Connection>,
    failure: OnceLock<Error>,
}

impl Copier {
    fn run(&self, woken: &Receiver<()>) {
        for () in woken {
            if let Err(error) = Log::copy(&self.connection()) {
                self.failure.get_or_init(|| error);
                return;
            }
        }
    }

    /// SQLite keeps the connection whole whatever a thread died of.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the log is.
struct Log {
    /// Somebody reads in it, or writes.
    is_held: bool,
    pages: u32,
    copied_pages: u32,
}

impl Log {
    fn look(connection: &Connection) -> Result<Self> {
        Self::after(connection, "PRAGMA wal_checkpoint(NOOP)")
    }

    /// Copies what can be copied without making anybody wait.
    fn copy(connection: &Connection) -> Result<Self> {
        Self::after(connection, "PRAGMA wal_checkpoint(PASSIVE)")
    }

    /// Copies all and lets the log begin anew.
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

/// A count of pages. SQLite says -1 when it could not look, as in the moment in which a commit is being published: then there is nothing
/// to do this time.
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
