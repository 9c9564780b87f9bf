//! A queue of future tasks, ordered by time and then by the order in which they were added.

use std::collections::BTreeMap;

use model::Timestamp;

/// A queue of future tasks.
#[derive(Debug)]
pub struct Schedule<T> {
    entries: BTreeMap<(Timestamp, u64), T>,
    noted: u64,
}

impl<T> Default for Schedule<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), noted: 0 }
    }
}

impl<T> Schedule<T> {
    /// Adds a task for a time.
    pub fn note(&mut self, at: Timestamp, what: T) {
        self.noted += 1;
        self.entries.insert((at, self.noted), what);
    }

    /// The time of the first task.
    pub fn next(&self) -> Option<Timestamp> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    /// Removes and returns the first task that is due.
    pub fn pop(&mut self, now: Timestamp) -> Option<T> {
        let first = self.entries.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(first.remove())
    }
}
