//! The writer thread: makes decisions durable. No other thread writes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cordboard_core::invariants;
use model::{Seq, Timestamp};
use store::{AuditEvent, AuditKept, Writer};
use tokio::sync::{mpsc, oneshot};

use super::{Error, inbox::NodePorts, shared::Shared};
use crate::engine::{Batch, Checkpoint, CommittedBatch};

/// How many records one commit may gather. Our choice: a sync takes about as long for many records as for one, so a slow store catches up
/// with large commits.
const COMMIT_RECORDS_MAX: usize = 2_048;

/// How many records are pruned from the journal between two batches. Our choice.
const PRUNED_AT_ONCE: u64 = 2_000;

/// How many jobs with entries of the audit trail one commit may gather. Our choice.
const AUDITS_MAX: usize = 256;

/// After this many jobs with entries of the audit trail, old entries are deleted. Our choice.
const AUDITS_BETWEEN_PRUNES: u32 = 10_000;

/// After this time, old entries are deleted and the head is logged, when there are new entries. Our choice.
const AUDIT_PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// A change of the directory.
pub(crate) type Change = Box<dyn FnOnce(&mut dyn Writer) -> store::Result<()> + Send>;

/// A job for the writer.
pub(crate) enum Job {
    /// A batch of the core.
    Batch(Batch<NodePorts>),
    /// A directory change. The sender is notified when it is durable.
    Change(Change, oneshot::Sender<()>),
    /// Entries of the audit trail. The sender is notified when they are durable.
    Audit(Vec<AuditEvent>, oneshot::Sender<()>),
    /// An encoded checkpoint.
    Snapshot { seq: Seq, state: Vec<u8> },
}

/// Runs until all senders are gone. The first error ends it, because storage that has failed must not be retried.
pub(crate) fn run(
    jobs: mpsc::Receiver<Job>,
    back: mpsc::WeakSender<Job>,
    released: mpsc::Sender<CommittedBatch<NodePorts>>,
    writer: Box<dyn Writer>,
    shared: Arc<Shared>,
) {
    let failed = Arc::clone(&shared);
    let done = first(&shared).and_then(|pruned| {
        let (audited, audit_pruned) = (0, None);
        let prune_to = pruned;
        let thread =
            WriterThread { jobs, back, released, writer, shared, pruned, prune_to, audited, audit_pruned };
        thread.run()
    });
    if let Err(error) = done {
        failed.fail(Error::Store(error));
    }
}

/// The last record that is no longer in the journal.
fn first(shared: &Shared) -> store::Result<Seq> {
    Ok(Seq(shared.reader.first_seq()?.0.saturating_sub(1)))
}

struct WriterThread {
    jobs: mpsc::Receiver<Job>,
    back: mpsc::WeakSender<Job>,
    released: mpsc::Sender<CommittedBatch<NodePorts>>,
    writer: Box<dyn Writer>,
    shared: Arc<Shared>,
    /// The journal starts after this record.
    pruned: Seq,
    /// The journal should start after this record.
    prune_to: Seq,
    /// The jobs with entries of the audit trail since old entries were deleted.
    audited: u32,
    /// When old entries of the audit trail were deleted.
    audit_pruned: Option<Instant>,
}

impl WriterThread {
    fn run(mut self) -> store::Result<()> {
        while let Some(job) = self.jobs.blocking_recv() {
            let mut next = Some(job);
            while let Some(job) = next.take() {
                match job {
                    Job::Batch(batch) => next = self.write_with_followers(batch)?,
                    Job::Change(change, done) => {
                        change(&mut *self.writer)?;
                        // The receiver may be gone. The change stands.
                        let _ = done.send(());
                    }
                    Job::Audit(events, done) => next = self.audit_with_followers(events, done)?,
                    Job::Snapshot { seq, state } => self.keep(seq, &state)?,
                }
            }
        }
        self.log_audit_head()
    }

    /// Writes entries of the audit trail together with those that wait behind them. Returns the first other job.
    fn audit_with_followers(
        &mut self,
        mut events: Vec<AuditEvent>,
        done: oneshot::Sender<()>,
    ) -> store::Result<Option<Job>> {
        let (mut written, mut next) = (vec![done], None);
        while written.len() < AUDITS_MAX {
            match self.jobs.try_recv() {
                Ok(Job::Audit(later, done)) => {
                    events.extend(later);
                    written.push(done);
                }
                Ok(other @ (Job::Batch(_) | Job::Change(..) | Job::Snapshot { .. })) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        self.writer.append_audit(&events)?;
        self.audited = self.audited.saturating_add(u32::try_from(written.len()).unwrap_or(u32::MAX));
        // A receiver may be gone. The entries stand.
        written.into_iter().for_each(|done| done.send(()).unwrap_or_default());
        self.prune_audit()?;
        Ok(next)
    }

    /// Deletes old entries of the audit trail when it is time to.
    fn prune_audit(&mut self) -> store::Result<()> {
        let is_late = self.audit_pruned.is_none_or(|last| last.elapsed() >= AUDIT_PRUNE_EVERY);
        if !is_late && self.audited < AUDITS_BETWEEN_PRUNES {
            return Ok(());
        }
        (self.audited, self.audit_pruned) = (0, Some(Instant::now()));
        let (config, now) = (&self.shared.config, self.shared.clock.now());
        let kept_ms = u64::try_from(config.audit_kept.as_millis()).unwrap_or(u64::MAX);
        let from = Timestamp(now.0.saturating_sub(kept_ms));
        self.writer.prune_audit(AuditKept { from, entries_max: config.audit_entries_max }, now)?;
        self.log_audit_head()
    }

    /// Logs the newest entry of the audit trail, so that a copy of its hash is elsewhere.
    fn log_audit_head(&self) -> store::Result<()> {
        let head = self.shared.reader.audit_head()?;
        tracing::info!(number = head.number, hash = %head.hash, "head of the audit trail");
        Ok(())
    }

    /// Writes a batch together with the batches that wait behind it. Returns the first other job.
    fn write_with_followers(&mut self, mut batch: Batch<NodePorts>) -> store::Result<Option<Job>> {
        let mut next = None;
        while batch.len() < COMMIT_RECORDS_MAX {
            match self.jobs.try_recv() {
                Ok(Job::Batch(later)) => batch.absorb(later),
                Ok(other @ (Job::Change(..) | Job::Audit(..) | Job::Snapshot { .. })) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        self.write(batch)?;
        Ok(next)
    }

    fn write(&mut self, batch: Batch<NodePorts>) -> store::Result<()> {
        let (records, began) = (batch.len(), Instant::now());
        let mut released = batch.commit(&mut *self.writer)?;
        if records > 0 {
            self.shared.metrics.count_commit(records, began.elapsed());
        }
        if let Some(checkpoint) = released.checkpoint.take() {
            self.write_out(checkpoint)?;
        }
        if self.released.blocking_send(released).is_err() {
            tracing::debug!("fan-out has ended; the batch stays invisible");
        }
        self.prune_step()
    }

    /// Prunes a few old records. Called between batches, so that neither waits long.
    fn prune_step(&mut self) -> store::Result<()> {
        if self.pruned < self.prune_to {
            self.pruned = Seq(self.pruned.0.saturating_add(PRUNED_AT_ONCE)).min(self.prune_to);
            self.writer.prune(self.pruned)?;
        }
        Ok(())
    }

    /// Encodes a checkpoint on another thread while the writer continues. At the end of the node, encodes it here.
    fn write_out(&mut self, checkpoint: Checkpoint) -> store::Result<()> {
        let Some(back) = self.back.upgrade() else {
            let state = encode(&checkpoint, &self.shared)?;
            return self.keep(checkpoint.seq, &state);
        };
        let shared = Arc::clone(&self.shared);
        let written = std::thread::Builder::new().name("hub-snapshot".into()).spawn(move || {
            match encode(&checkpoint, &shared) {
                // If the writer has ended, the next start reads more of the journal.
                Ok(state) => drop(back.blocking_send(Job::Snapshot { seq: checkpoint.seq, state })),
                Err(error) => shared.fail(Error::Store(error)),
            }
        });
        written.map(drop).map_err(|error| {
            store::Error::Storage(format!("cannot create a thread for the snapshot: {error}"))
        })
    }

    fn keep(&mut self, seq: Seq, state: &[u8]) -> store::Result<()> {
        self.writer.save_snapshot(seq, state)?;
        self.prune_to = Seq(seq.0.saturating_sub(self.shared.config.journal_kept)).max(self.pruned);
        Ok(())
    }
}

/// Checks the invariants and encodes the state.
fn encode(checkpoint: &Checkpoint, shared: &Shared) -> store::Result<Vec<u8>> {
    for violation in invariants::check(&checkpoint.state) {
        shared.metrics.violations.inc();
        tracing::error!(seq = %checkpoint.seq, name = violation.name, what = violation.what, "invariant violated");
    }
    checkpoint.encode()
}
