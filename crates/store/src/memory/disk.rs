//! A model of a disk: what is durable, and what a fault left half done.

use std::sync::atomic::{AtomicU64, Ordering};

use model::JournalId;
use uuid::Uuid;

use super::tables::{Change, Tables};
use crate::{Error, Result};

/// How a write fails. The writer that meets it may write nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no room: nothing is written.
    NoSpace,
    /// The first half is written, the rest and the mark that ends a batch are not.
    ShortWrite,
    /// Everything is written, syncing it fails, and it is lost.
    SyncLost,
    /// Everything is written, syncing it fails, and it comes back after the crash all the same.
    SyncKept,
}

/// What is on the disk.
#[derive(Debug)]
pub(super) struct Disk {
    journal: JournalId,
    durable: Tables,
    torn: Option<Torn>,
    next_fault: Option<Fault>,
    life: u64,
}

/// What a failed write left behind the durable.
#[derive(Debug)]
struct Torn {
    changes: Vec<Change>,
    ended: bool,
}

/// How many disks there were in this process: the journal of each has its number.
static DISKS: AtomicU64 = AtomicU64::new(0);

impl Default for Disk {
    fn default() -> Self {
        let number = DISKS.fetch_add(1, Ordering::Relaxed);
        let journal = JournalId(Uuid::from_u128(u128::from(number) + 1));
        Self { journal, durable: Tables::default(), torn: None, next_fault: None, life: 0 }
    }
}

impl Disk {
    /// Which journal is on it.
    pub(super) fn journal(&self) -> JournalId {
        self.journal
    }

    /// Which opening of the store it is.
    pub(super) fn life(&self) -> u64 {
        self.life
    }

    /// What is durable, for `life` to see as long as it is the last.
    pub(super) fn tables(&self, life: u64) -> Result<&Tables> {
        if life == self.life {
            return Ok(&self.durable);
        }
        Err(Error::Storage(format!("opening {life} of the store is over, the last is {}", self.life)))
    }

    /// Writes changes: all, or, with a fault, as the fault says.
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

    /// Begins another life with what is durable. A batch without its end is not.
    pub(super) fn crash(&mut self) {
        self.life += 1;
        if let Some(Torn { changes, ended: true }) = self.torn.take() {
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
        self.torn = Some(Torn { changes, ended });
        Error::Storage(what.to_owned())
    }
}
