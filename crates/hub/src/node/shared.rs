//! The state that all threads and tasks of a node share.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use store::Reader;
use tokio::sync::{Semaphore, watch};

use super::{Error, NodeConfig, clock::Clock, command_rates::CommandRates, switches::Switches};
use crate::metrics::Metrics;

/// How many reads of the store may run at the same time. Our choice: SQLite readers share one cache.
const READS_MAX: usize = 8;

/// The phase of a node's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Accepts work.
    Ready,
    /// Accepts work, and announces that it stops soon.
    Draining,
    /// Finishes and accepts no new work.
    Stopping,
    /// Has ended with an error.
    Failed,
}

impl Life {
    /// Whether the node accepts work.
    pub(crate) fn accepts_work(self) -> bool {
        match self {
            Self::Ready | Self::Draining => true,
            Self::Stopping | Self::Failed => false,
        }
    }
}

/// The space of the disk with the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// What the process may still write. Bytes.
    pub free_bytes: u64,
    /// The size of the disk. Bytes.
    pub size_bytes: u64,
    /// With less free space than this the disk counts as nearly full. Bytes; 0: never.
    pub low_bytes: u64,
}

impl DiskSpace {
    /// Whether the disk is nearly full.
    pub fn is_low(&self) -> bool {
        self.free_bytes < self.low_bytes
    }
}

/// The state that all threads and tasks of a node share.
pub(crate) struct Shared {
    pub(crate) config: NodeConfig,
    pub(crate) clock: Clock,
    pub(crate) reader: Arc<dyn Reader>,
    /// The ID of the journal.
    pub(crate) journal: model::JournalId,
    pub(crate) reads: Semaphore,
    pub(crate) metrics: Metrics,
    pub(crate) switches: Switches,
    pub(crate) rates: CommandRates,
    /// The sequence number of the last visible event.
    pub(crate) durable: AtomicU64,
    pub(crate) life: watch::Sender<Life>,
    /// Held while the floor is being replaced.
    pub(crate) floors: tokio::sync::Mutex<()>,
    failure: Mutex<Option<Error>>,
    disk: Mutex<Option<DiskSpace>>,
}

impl Shared {
    pub(crate) fn new(
        config: NodeConfig,
        clock: Clock,
        reader: Arc<dyn Reader>,
        journal: model::JournalId,
        durable: model::Seq,
    ) -> Self {
        Self {
            rates: CommandRates::new(config.commands_per_s),
            config,
            clock,
            reader,
            journal,
            reads: Semaphore::new(READS_MAX),
            metrics: Metrics::default(),
            switches: Switches::default(),
            durable: AtomicU64::new(durable.0),
            life: watch::Sender::new(Life::Ready),
            floors: tokio::sync::Mutex::new(()),
            failure: Mutex::new(None),
            disk: Mutex::new(None),
        }
    }

    /// Ends the node with an error. The first error counts.
    pub(crate) fn fail(&self, error: Error) {
        tracing::error!(%error, "the node has failed and is stopping");
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.life.send_replace(Life::Failed);
    }

    /// Announces the end, unless the node has ended.
    pub(crate) fn drain(&self) {
        self.turn(Life::Draining);
    }

    /// Stops accepting work, unless the node has failed.
    pub(crate) fn close(&self) {
        self.turn(Life::Stopping);
    }

    /// Enters the next phase, if the node accepts work.
    fn turn(&self, next: Life) {
        self.life.send_if_modified(|life| {
            let works = life.accepts_work();
            if works {
                *life = next;
            }
            works
        });
    }

    /// Notes the space of the disk.
    pub(crate) fn set_disk(&self, space: DiskSpace) {
        *self.disk.lock().unwrap_or_else(PoisonError::into_inner) = Some(space);
    }

    /// The space of the disk, if it was read.
    pub(crate) fn disk(&self) -> Option<DiskSpace> {
        *self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The error with which the node failed, if it did.
    pub(crate) fn failure(&self) -> Option<Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn life(&self) -> Life {
        *self.life.borrow()
    }

    pub(crate) fn durable(&self) -> model::Seq {
        model::Seq(self.durable.load(Ordering::Acquire))
    }

    /// Waits until the node stops accepting work.
    pub(crate) async fn closing(&self) {
        let mut life = self.life.subscribe();
        // `self` holds the sender, so the channel is never closed.
        drop(life.wait_for(|life| !life.accepts_work()).await);
    }

    /// The time from now until `at`; zero if it has passed.
    pub(crate) fn until(&self, at: model::Timestamp) -> Duration {
        at.since(self.clock.now())
    }
}
