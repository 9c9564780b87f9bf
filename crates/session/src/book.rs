//! Requests that wait for an answer.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;

/// Open requests by key, each with what its answer is for. Each is closed once: by its answer, by its deadline, or with all others when the book is cleared.
#[derive(Debug)]
pub struct RequestBook<K, T> {
    open: BTreeMap<K, (Option<Timestamp>, T)>,
    deadlines: BTreeSet<(Timestamp, K)>,
}

impl<K, T> Default for RequestBook<K, T> {
    fn default() -> Self {
        Self { open: BTreeMap::new(), deadlines: BTreeSet::new() }
    }
}

impl<K: Ord + Clone, T> RequestBook<K, T> {
    /// Opens a request. Without a deadline it waits for as long as it takes.
    pub fn open(&mut self, key: K, until: impl Into<Option<Timestamp>>, what: T) {
        self.close(&key);
        let until = until.into();
        self.deadlines.extend(until.map(|until| (until, key.clone())));
        self.open.insert(key, (until, what));
    }

    /// Closes a request; `None` when none with this key is open.
    pub fn close(&mut self, key: &K) -> Option<T> {
        let (until, what) = self.open.remove(key)?;
        if let Some(until) = until {
            self.deadlines.remove(&(until, key.clone()));
        }
        Some(what)
    }

    /// Closes the request whose deadline passed first.
    pub fn close_late(&mut self, now: Timestamp) -> Option<(K, T)> {
        let (_, key) = self.deadlines.first().filter(|(until, _)| *until <= now)?.clone();
        let what = self.close(&key)?;
        Some((key, what))
    }

    /// Forgets every request.
    pub fn clear(&mut self) {
        self.open.clear();
        self.deadlines.clear();
    }

    /// What is kept of an open request, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut T> {
        self.open.get_mut(key).map(|(_, what)| what)
    }

    /// Whether a request is open.
    pub fn contains(&self, key: &K) -> bool {
        self.open.contains_key(key)
    }

    /// Every open request, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &T)> {
        self.open.iter().map(|(key, (_, what))| (key, what))
    }

    /// Every open request, to be changed, in the order of their keys.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut T)> {
        self.open.iter_mut().map(|(key, (_, what))| (key, what))
    }

    /// The first deadline.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(until, _)| *until)
    }

    /// How many requests are open.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether no request is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_closed_once() {
        let mut book = RequestBook::default();
        book.open(1, Timestamp(20), "a");
        book.open(2, Timestamp(10), "b");
        book.open(3, None, "c");
        assert_eq!(book.deadline(), Some(Timestamp(10)));
        assert_eq!(book.close_late(Timestamp(9)), None);
        assert_eq!(book.close_late(Timestamp(15)), Some((2, "b")));
        assert_eq!((book.close(&1), book.close(&1)), (Some("a"), None));
        assert_eq!(book.close_late(Timestamp(99)), None);
        assert_eq!(book.iter().collect::<Vec<_>>(), [(&3, &"c")]);
        book.clear();
        assert!(book.is_empty());
    }
}
