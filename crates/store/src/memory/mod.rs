//! A store in memory, on a model of a disk that fails on demand.
//!
//! For tests and simulations: durable data survives a crash, other data does not, and the same calls always have the
//! same outcome. Latency is not modeled.

mod disk;
mod reader;
mod tables;
mod writer;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use disk::Disk;
pub use disk::Fault;
pub use reader::MemoryReader;
pub use writer::MemoryWriter;

/// A disk with a store. Clones share the same disk.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Disk>>);

impl Memory {
    /// Opens the store with exactly the durable data, as after a crash.
    pub fn reopen(&self) -> (MemoryWriter, MemoryReader) {
        self.crash();
        let generation = self.disk().generation();
        (MemoryWriter::new(self.clone(), generation), MemoryReader::new(self.clone(), generation))
    }

    /// Invalidates the open writer and reader, as killing the process does. Both return errors from then on.
    pub fn crash(&self) {
        self.disk().crash();
    }

    /// Makes the next write fail that has something to write.
    pub fn fail(&self, fault: Fault) {
        self.disk().fail(fault);
    }

    /// Locks the disk. A poisoned lock is safe to use, because every change is one call that does not panic half way.
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
