//! Copying the log into the file, aside from whoever commits.
//!
//! The thread does most of the copying. Only while nobody writes can all of the log be copied, so that it begins anew; a writer
//! that never rests therefore does the little that is left itself once the log is long.

use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use rusqlite::Connection;

use crate::{Error, Result};

/// After how many bytes the thread is woken. Ours.
pub(super) const WAKE_BYTES: usize = 4 << 20;

/// From how many pages on the log is long: 32 MiB of them. Ours.
const LONG_PAGES: u32 = 8_192;

/// Keeps the log short.
#[derive(Debug)]
pub(super) struct Checkpointer {
    bytes: usize,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    seen: Arc<Seen>,
}

/// What the thread tells.
#[derive(Debug, Default)]
struct Seen {
    log_pages: AtomicU32,
    failure: OnceLock<Error>,
}

impl Checkpointer {
    /// Starts the thread.
    pub(super) fn start(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        let seen = Arc::new(Seen::default());
        let (wake, woken) = sync_channel(1);
        let (name, theirs) = ("checkpoint".to_owned(), Arc::clone(&seen));
        let thread = std::thread::Builder::new().name(name).spawn(move || run(&connection, &woken, &theirs));
        let thread = thread.map_err(|error| Error::Storage(format!("no thread: {error}")))?;
        Ok(Self { bytes: 0, wake: Some(wake), thread: Some(thread), seen })
    }

    /// Takes note that so many bytes were committed through `connection`. Fails when copying failed, now or before.
    pub(super) fn committed(&mut self, connection: &Connection, bytes: usize) -> Result<()> {
        self.bytes += bytes;
        if self.bytes >= WAKE_BYTES {
            self.bytes = 0;
            // A full channel says that the thread has yet to come to the last call; it is not called twice.
            self.wake.as_ref().map(|wake| wake.try_send(()));
        }
        if self.seen.log_pages.swap(0, Ordering::Relaxed) >= LONG_PAGES {
            copy(connection)?;
        }
        self.seen.failure.get().cloned().map_or(Ok(()), Err)
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        // A thread that panicked has said so already.
        self.thread.take().map(JoinHandle::join);
    }
}

fn run(connection: &Connection, woken: &Receiver<()>, seen: &Seen) {
    for () in woken {
        match copy(connection) {
            Ok(log_pages) => seen.log_pages.store(log_pages, Ordering::Relaxed),
            Err(error) => {
                seen.failure.get_or_init(|| error);
                return;
            }
        }
    }
}

/// Copies what can be copied without making anybody wait; gives how many pages the log has.
fn copy(connection: &Connection) -> Result<u32> {
    let pages: i64 = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))?;
    Ok(u32::try_from(pages).unwrap_or(0))
}
