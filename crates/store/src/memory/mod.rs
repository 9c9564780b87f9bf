//! The store in memory, on a model of a disk that fails on demand.
//!
//! For tests and simulations: what was durable outlives a crash, what was not does not, and the same calls give the same outcome every
//! time. Slowness is not modelled: a caller that wants it waits.

mod disk;
mod reader;
mod tables;
mod writer;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use disk::Disk;
pub use disk::Fault;
pub use reader::MemoryReader;
pub use writer::MemoryWriter;

/// A disk with a store on it. Clones are the same disk.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Disk>>);

impl Memory {
    /// Opens the store with exactly what is durable, after a crash of whoever had it before.
    pub fn reopen(&self) -> (MemoryWriter, MemoryReader) {
        self.crash();
        let life = self.disk().life();
        (MemoryWriter::new(self.clone(), life), MemoryReader::new(self.clone(), life))
    }

    /// Ends the life of the pair that is open, as a kill does: both refuse from here on.
    pub fn crash(&self) {
        self.disk().crash();
    }

    /// Makes the next write that has something to write fail.
    pub fn fail(&self, fault: Fault) {
        self.disk().fail(fault);
    }

    /// The disk is whole whatever a thread died of: each change to it is one call that does not panic half way.
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
