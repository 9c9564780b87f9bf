//! What is to happen later, by its moment and then by the order in which it was noted.

use std::collections::BTreeMap;

use model::Timestamp;

/// Things to come.
#[derive(Debug)]
pub struct Agenda<T> {
    entries: BTreeMap<(Timestamp, u64), T>,
    noted: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), noted: 0 }
    }
}

impl<T> Agenda<T> {
    /// Notes something for a moment.
    pub fn note(&mut self, at: Timestamp, what: T) {
        self.noted += 1;
        self.entries.insert((at, self.noted), what);
    }

    /// When the first thing is due.
    pub fn next(&self) -> Option<Timestamp> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes out the first thing that is due.
    pub fn pop(&mut self, now: Timestamp) -> Option<T> {
        let first = self.entries.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(first.remove())
    }
}
