//! What all threads and tasks of a node have in common.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use store::Reader;
use tokio::sync::{Semaphore, watch};

use super::{Error, NodeConfig, clock::Clock, switches::Switches};
use crate::metrics::Metrics;

/// How many reads of the store run at once. Ours: SQLite readers share one cache.
const READS_MAX: usize = 8;

/// Where a node is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Takes work.
    Ready,
    /// Ends: takes no new work.
    Stopping,
    /// Has ended by an error.
    Failed,
}

/// What all threads and tasks of a node have in common.
pub(crate) struct Shared {
    pub(crate) config: NodeConfig,
    pub(crate) clock: Clock,
    pub(crate) reader: Arc<dyn Reader>,
    /// Which journal it is.
    pub(crate) journal: model::JournalId,
    pub(crate) reads: Semaphore,
    pub(crate) metrics: Metrics,
    pub(crate) switches: Switches,
    /// The last event that was shown.
    pub(crate) durable: AtomicU64,
    pub(crate) life: watch::Sender<Life>,
    /// Held while the floor is changed.
    pub(crate) floors: tokio::sync::Mutex<()>,
    failure: Mutex<Option<Error>>,
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
        }
    }

    /// The node cannot go on. The first reason counts.
    pub(crate) fn fail(&self, error: Error) {
        tracing::error!(%error, "node stops");
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.life.send_replace(Life::Failed);
    }

    /// Takes no new work from here on, unless the node failed before.
    pub(crate) fn close(&self) {
        self.life.send_if_modified(|life| {
            let ready = *life == Life::Ready;
            if ready {
                *life = Life::Stopping;
            }
            ready
        });
    }

    /// Why the node failed, when it did.
    pub(crate) fn failure(&self) -> Option<Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn life(&self) -> Life {
        *self.life.borrow()
    }

    pub(crate) fn durable(&self) -> model::Seq {
        model::Seq(self.durable.load(Ordering::Acquire))
    }

    /// Waits until the node takes no more work.
    pub(crate) async fn closing(&self) {
        let mut life = self.life.subscribe();
        // The sender lives in `self`: it cannot be gone.
        drop(life.wait_for(|life| *life != Life::Ready).await);
    }

    /// Time from now until `at`; zero when it has come.
    pub(crate) fn until(&self, at: model::Timestamp) -> Duration {
        at.since(self.clock.now())
    }
}
