//! Deadlines by key.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;

/// Deadlines by key, at most one for each key.
#[derive(Debug)]
pub struct Timers<K> {
    by_key: BTreeMap<K, Timestamp>,
    in_order: BTreeSet<(Timestamp, K)>,
}

impl<K> Default for Timers<K> {
    fn default() -> Self {
        Self { by_key: BTreeMap::new(), in_order: BTreeSet::new() }
    }
}

impl<K: Ord + Clone> Timers<K> {
    /// Sets the deadline of a key. It replaces the previous one.
    pub fn set(&mut self, key: K, at: Timestamp) {
        self.cancel(&key);
        self.by_key.insert(key.clone(), at);
        self.in_order.insert((at, key));
    }

    /// Removes a deadline. Returns whether there was one.
    pub fn cancel(&mut self, key: &K) -> bool {
        let Some(at) = self.by_key.remove(key) else { return false };
        self.in_order.remove(&(at, key.clone()))
    }

    /// Takes the key whose deadline passed first.
    pub fn take(&mut self, now: Timestamp) -> Option<K> {
        let key = self.next().filter(|(at, _)| *at <= now)?.1.clone();
        self.cancel(&key);
        Some(key)
    }

    /// The first deadline and its key.
    pub fn next(&self) -> Option<(Timestamp, &K)> {
        self.in_order.first().map(|(at, key)| (*at, key))
    }

    /// Whether a key has a deadline.
    pub fn contains(&self, key: &K) -> bool {
        self.by_key.contains_key(key)
    }

    /// Removes all deadlines.
    pub fn clear(&mut self) {
        self.by_key.clear();
        self.in_order.clear();
    }

    /// The number of deadlines.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there are no deadlines.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_deadline_is_taken_first_and_once() {
        let mut timers = Timers::default();
        timers.set("b", Timestamp(20));
        timers.set("a", Timestamp(10));
        assert_eq!(timers.next(), Some((Timestamp(10), &"a")));
        assert_eq!(timers.take(Timestamp(9)), None);
        assert_eq!(timers.take(Timestamp(20)), Some("a"));
        assert_eq!(timers.take(Timestamp(20)), Some("b"));
        assert_eq!(timers.take(Timestamp(20)), None);
        assert!(timers.is_empty());
    }

    #[test]
    fn a_key_has_its_last_deadline_only() {
        let mut timers = Timers::default();
        timers.set("a", Timestamp(10));
        timers.set("a", Timestamp(30));
        timers.set("b", Timestamp(20));
        assert_eq!((timers.len(), timers.take(Timestamp(20))), (2, Some("b")));
        assert!(timers.contains(&"a") && timers.cancel(&"a") && !timers.cancel(&"a"));
        assert_eq!(timers.next(), None);
    }
}
