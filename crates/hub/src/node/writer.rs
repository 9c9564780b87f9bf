//! Makes durable what was decided: the only thread that writes.

use std::{sync::Arc, time::Instant};

use cordboard_core::invariants;
use model::Seq;
use store::Writer;
use tokio::sync::{mpsc, oneshot};

use super::{Error, inbox::Live, shared::Shared};
use crate::engine::{Batch, Checkpoint, Released};

/// How many records one commit gathers before it stops looking for more. Ours: syncing takes as long for one as for many, so a store
/// that is behind catches up with large commits; one that keeps up has small ones.
const COMMIT_RECORDS_MAX: usize = 2_048;

/// How many records are taken out of the journal between two batches. Ours.
const PRUNED_AT_ONCE: u64 = 2_000;

/// A change of the directory.
pub(crate) type Change = Box<dyn FnOnce(&mut dyn Writer) -> store::Result<()> + Send>;

/// Something for the writer.
pub(crate) enum Job {
    /// Decided by the core.
    Batch(Batch<Live>),
    /// For the directory; answered when durable.
    Change(Change, oneshot::Sender<()>),
    /// The core's state, written out.
    Snapshot { seq: Seq, state: Vec<u8> },
}

/// Writes until nobody sends any more. The first error ends it: nothing is tried again on storage that failed.
pub(crate) fn run(
    jobs: mpsc::Receiver<Job>,
    back: mpsc::WeakSender<Job>,
    released: mpsc::Sender<Released<Live>>,
    writer: Box<dyn Writer>,
    shared: Arc<Shared>,
) {
    let failed = Arc::clone(&shared);
    let done = first(&shared).and_then(|pruned| {
        let desk = Desk { jobs, back, released, writer, shared, pruned, prune_to: pruned };
        desk.run()
    });
    if let Err(error) = done {
        failed.fail(Error::Store(error));
    }
}

/// The last record that is no longer in the journal.
fn first(shared: &Shared) -> store::Result<Seq> {
    Ok(Seq(shared.reader.first_seq()?.0.saturating_sub(1)))
}

struct Desk {
    jobs: mpsc::Receiver<Job>,
    back: mpsc::WeakSender<Job>,
    released: mpsc::Sender<Released<Live>>,
    writer: Box<dyn Writer>,
    shared: Arc<Shared>,
    /// The journal begins after this one.
    pruned: Seq,
    /// And is to begin after this one.
    prune_to: Seq,
}

impl Desk {
    fn run(mut self) -> store::Result<()> {
        while let Some(job) = self.jobs.blocking_recv() {
            let mut next = Some(job);
            while let Some(job) = next.take() {
                match job {
                    Job::Batch(batch) => next = self.write_with_followers(batch)?,
                    Job::Change(change, done) => {
                        change(&mut *self.writer)?;
                        // Whoever asked may have gone; the change stands.
                        let _ = done.send(());
                    }
                    Job::Snapshot { seq, state } => self.keep(seq, &state)?,
                }
            }
        }
        Ok(())
    }

    /// Writes a batch together with those that wait behind it; gives the job that stopped the gathering.
    fn write_with_followers(&mut self, mut batch: Batch<Live>) -> store::Result<Option<Job>> {
        let mut next = None;
        while batch.len() < COMMIT_RECORDS_MAX {
            match self.jobs.try_recv() {
                Ok(Job::Batch(later)) => batch.absorb(later),
                Ok(other @ (Job::Change(..) | Job::Snapshot { .. })) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        self.write(batch)?;
        Ok(next)
    }

    fn write(&mut self, batch: Batch<Live>) -> store::Result<()> {
        let (records, began) = (batch.len(), Instant::now());
        let mut released = batch.commit(&mut *self.writer)?;
        if records > 0 {
            self.shared.metrics.count_commit(records, began.elapsed());
        }
        if let Some(checkpoint) = released.checkpoint.take() {
            self.write_out(checkpoint)?;
        }
        if self.released.blocking_send(released).is_err() {
            tracing::debug!("fan-out has ended");
        }
        self.prune_a_bit()
    }

    /// Takes a few old records out of the journal: between two batches, so that neither waits for long.
    fn prune_a_bit(&mut self) -> store::Result<()> {
        if self.pruned < self.prune_to {
            self.pruned = Seq(self.pruned.0.saturating_add(PRUNED_AT_ONCE)).min(self.prune_to);
            self.writer.prune(self.pruned)?;
        }
        Ok(())
    }

    /// Has the state written out beside the writer, which meanwhile goes on; at the end of the node, here.
    fn write_out(&mut self, checkpoint: Checkpoint) -> store::Result<()> {
        let Some(back) = self.back.upgrade() else {
            let state = encode(&checkpoint, &self.shared)?;
            return self.keep(checkpoint.seq, &state);
        };
        let shared = Arc::clone(&self.shared);
        let written = std::thread::Builder::new().name("hub-snapshot".into()).spawn(move || {
            match encode(&checkpoint, &shared) {
                // The writer may have ended; then the next start reads more of the journal.
                Ok(state) => drop(back.blocking_send(Job::Snapshot { seq: checkpoint.seq, state })),
                Err(error) => shared.fail(Error::Store(error)),
            }
        });
        written.map(drop).map_err(|error| store::Error::Storage(format!("no thread for a snapshot: {error}")))
    }

    fn keep(&mut self, seq: Seq, state: &[u8]) -> store::Result<()> {
        self.writer.save_snapshot(seq, state)?;
        self.prune_to = Seq(seq.0.saturating_sub(self.shared.config.journal_kept)).max(self.pruned);
        Ok(())
    }
}

/// Writes the state out, and looks whether what should always be true is.
fn encode(checkpoint: &Checkpoint, shared: &Shared) -> store::Result<Vec<u8>> {
    for violation in invariants::check(&checkpoint.state) {
        shared.metrics.violations.inc();
        tracing::error!(seq = %checkpoint.seq, name = violation.name, what = violation.what, "invariant broken");
    }
    checkpoint.encode()
}
