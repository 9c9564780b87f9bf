//! A bounded map.

use std::collections::{BTreeMap, VecDeque};

/// A map with a maximum number of keys: adding another key removes the oldest one. Replacing a value does not change
/// the age of its key.
#[derive(Debug, Clone)]
pub struct Recent<K, V> {
    by_key: BTreeMap<K, V>,
    order: VecDeque<K>,
    keys_max: usize,
}

impl<K: Ord + Clone, V> Recent<K, V> {
    /// Creates a map with at most `keys_max` keys.
    pub fn new(keys_max: usize) -> Self {
        Self { by_key: BTreeMap::new(), order: VecDeque::new(), keys_max }
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.by_key.get(key)
    }

    /// The mutable value of a key.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.by_key.get_mut(key)
    }

    /// Whether the map has a key.
    pub fn contains(&self, key: &K) -> bool {
        self.by_key.contains_key(key)
    }

    /// Sets a value. Returns the previous value of the key.
    pub fn put(&mut self, key: K, value: V) -> Option<V> {
        let before = self.by_key.insert(key.clone(), value);
        if before.is_none() {
            self.order.push_back(key);
            if self.order.len() > self.keys_max
                && let Some(oldest) = self.order.pop_front()
            {
                self.by_key.remove(&oldest);
            }
        }
        before
    }

    /// The mutable value of a key; adds a default value when the key is missing.
    pub fn entry(&mut self, key: &K) -> &mut V
    where
        V: Default,
    {
        if !self.contains(key) {
            self.put(key.clone(), V::default());
        }
        self.by_key.entry(key.clone()).or_default()
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let value = self.by_key.remove(key)?;
        self.order.retain(|known| known != key);
        Some(value)
    }

    /// Removes all keys.
    pub fn clear(&mut self) {
        self.by_key.clear();
        self.order.clear();
    }

    /// All mutable values, in the order of their keys.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.by_key.values_mut()
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_key_goes_first_and_one_that_comes_again_keeps_its_place() {
        let mut recent = Recent::new(2);
        recent.put("a", 1);
        recent.put("b", 2);
        assert_eq!(recent.put("a", 3), Some(1));
        recent.put("c", 4);
        assert_eq!((recent.get(&"a"), recent.get(&"b"), recent.get(&"c")), (None, Some(&2), Some(&4)));
        assert_eq!(recent.len(), 2);
    }

    #[test]
    fn a_key_that_was_removed_leaves_room() {
        let mut recent = Recent::new(2);
        recent.put("a", 1);
        recent.put("b", 2);
        assert_eq!(recent.remove(&"a"), Some(1));
        recent.put("c", 3);
        assert!(recent.contains(&"b") && recent.contains(&"c"));
    }
}
