//! What is due when, over all registrations.

use std::collections::BTreeSet;

use model::Timestamp;
use session::Reason;

use super::registration::Key;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// An event is to be posted again.
    Retry,
    /// EBS has perhaps been silent for too long.
    Silence,
    /// Nobody has logged in at a registration for too long.
    Unproven,
}

/// Every timer, the next one first.
#[derive(Debug, Default)]
pub(super) struct Timers(BTreeSet<(Timestamp, Key, Due)>);

impl Timers {
    pub(super) fn set(&mut self, at: Timestamp, key: Key, due: Due) {
        self.0.insert((at, key, due));
    }

    pub(super) fn cancel(&mut self, at: Timestamp, key: Key, due: Due) {
        self.0.remove(&(at, key, due));
    }

    /// Takes the first one that is due.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<(Key, Due)> {
        let first = self.0.first().copied().filter(|(at, ..)| *at <= now)?;
        self.0.remove(&first);
        Some((first.1, first.2))
    }

    pub(super) fn next(&self) -> Option<(Timestamp, Reason)> {
        self.0.first().map(|(at, _, due)| match due {
            Due::Retry => (*at, "an event is to be posted again"),
            Due::Silence => (*at, "ebs may have been silent for too long"),
            Due::Unproven => (*at, "nobody has logged in at a registration"),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
