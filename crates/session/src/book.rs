//! Requests that wait for an answer.

use std::collections::BTreeMap;

use model::Timestamp;

use crate::Timers;

/// Open requests by key, each with a value. Each request is closed once: by its answer, by its deadline, or by `clear`.
#[derive(Debug)]
pub struct RequestBook<K, T> {
    open: BTreeMap<K, T>,
    deadlines: Timers<K>,
}

impl<K, T> Default for RequestBook<K, T> {
    fn default() -> Self {
        Self { open: BTreeMap::new(), deadlines: Timers::default() }
    }
}

impl<K: Ord + Clone, T> RequestBook<K, T> {
    /// Opens a request. Without a deadline it stays open until it is answered.
    pub fn open(&mut self, key: K, until: impl Into<Option<Timestamp>>, what: T) {
        self.close(&key);
        if let Some(until) = until.into() {
            self.deadlines.set(key.clone(), until);
        }
        self.open.insert(key, what);
    }

    /// Closes a request; `None` when no request with this key is open.
    pub fn close(&mut self, key: &K) -> Option<T> {
        self.deadlines.cancel(key);
        self.open.remove(key)
    }

    /// Closes the request whose deadline passed first.
    pub fn close_late(&mut self, now: Timestamp) -> Option<(K, T)> {
        let key = self.deadlines.take(now)?;
        let what = self.close(&key)?;
        Some((key, what))
    }

    /// Closes all requests.
    pub fn clear(&mut self) {
        self.open.clear();
        self.deadlines.clear();
    }

    /// The value of an open request.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut T> {
        self.open.get_mut(key)
    }

    /// Whether a request is open.
    pub fn contains(&self, key: &K) -> bool {
        self.open.contains_key(key)
    }

    /// All open requests, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &T)> {
        self.open.iter()
    }

    /// All open requests with mutable values, in the order of their keys.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut T)> {
        self.open.iter_mut()
    }

    /// The first deadline.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.deadlines.next().map(|(until, _)| until)
    }

    /// The number of open requests.
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
