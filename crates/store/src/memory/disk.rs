//! A model of a disk: the durable data, and the remains of failed writes.

use std::sync::atomic::{AtomicU64, Ordering};

use model::JournalId;
use uuid::Uuid;

use super::tables::{Change, Tables};
use crate::{Error, Result};

/// How a write fails. The writer cannot write any more afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full: nothing is written.
    NoSpace,
    /// Only the first half is written, without the mark that ends a batch.
    ShortWrite,
    /// Everything is written, but syncing fails and the data is lost.
    SyncLost,
    /// Everything is written and syncing fails, but the data is there after the crash.
    SyncKept,
}

/// The contents of the disk.
#[derive(Debug)]
pub(super) struct Disk {
    journal: JournalId,
    durable: Tables,
    torn: Option<TornWrite>,
    next_fault: Option<Fault>,
    generation: u64,
}

/// The data of a failed write, after the durable data.
#[derive(Debug)]
struct TornWrite {
    changes: Vec<Change>,
    ended: bool,
}

/// The number of disks in this process. Each disk's journal ID is derived from its number.
static DISKS: AtomicU64 = AtomicU64::new(0);

impl Default for Disk {
    fn default() -> Self {
        let number = DISKS.fetch_add(1, Ordering::Relaxed);
        let journal = JournalId(Uuid::from_u128(u128::from(number) + 1));
        Self { journal, durable: Tables::default(), torn: None, next_fault: None, generation: 0 }
    }
}

impl Disk {
    /// The ID of the journal on the disk.
    pub(super) fn journal(&self) -> JournalId {
        self.journal
    }

    /// The generation: how often the store was opened.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// The durable data, if `generation` is still the current generation.
    pub(super) fn tables(&self, generation: u64) -> Result<&Tables> {
        if generation == self.generation {
            return Ok(&self.durable);
        }
        Err(Error::Storage(format!(
            "opening {generation} of the store is over, the last is {}",
            self.generation
        )))
    }

    /// Writes all changes or, with a fault, a part of them.
    pub(super) fn write(&mut self, changes: Vec<Change>) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        match self.next_fault.take() {
            None => {
                self.durable.apply(changes);
                Ok(())
            }
            Some(fault) => Err(self.tear(fault, changes)),
        }
    }

    pub(super) fn fail(&mut self, fault: Fault) {
        self.next_fault = Some(fault);
    }

    /// Starts the next generation with the durable data. A batch without its end mark is dropped.
    pub(super) fn crash(&mut self) {
        self.generation += 1;
        if let Some(TornWrite { changes, ended: true }) = self.torn.take() {
            self.durable.apply(changes);
        }
    }

    fn tear(&mut self, fault: Fault, mut changes: Vec<Change>) -> Error {
        let all = changes.len();
        let (kept, ended, what) = match fault {
            Fault::NoSpace => (0, false, "no space is left"),
            Fault::ShortWrite => (all / 2, false, "a write was cut short"),
            Fault::SyncLost => (0, false, "syncing failed"),
            Fault::SyncKept => (all, true, "syncing failed"),
        };
        changes.truncate(kept);
        self.torn = Some(TornWrite { changes, ended });
        Error::Storage(what.to_owned())
    }
}
