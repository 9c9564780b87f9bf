//! A map by account and command ID, bounded so that no account can displace the entries of another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{AccountName, CommandId};

/// The limits of a map.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The most entries of one account. When exceeded, its oldest entry is removed.
    pub(crate) account_max: usize,
    /// The most entries in total. When exceeded, the oldest entry of the largest account is removed.
    pub(crate) all_max: usize,
}

/// Values by account and command ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandMap<T> {
    accounts: BTreeMap<AccountName, AccountEntries<T>>,
    /// The number of entries of each account.
    sizes: BTreeSet<(usize, AccountName)>,
    count: usize,
}

/// The entries of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AccountEntries<T> {
    by_id: BTreeMap<CommandId, T>,
    /// The oldest first.
    order: VecDeque<CommandId>,
}

impl<T> Default for CommandMap<T> {
    fn default() -> Self {
        Self { accounts: BTreeMap::new(), sizes: BTreeSet::new(), count: 0 }
    }
}

impl<T> CommandMap<T> {
    pub(crate) fn get(&self, by: &AccountName, id: &CommandId) -> Option<&T> {
        self.accounts.get(by)?.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, by: &AccountName, id: &CommandId) -> Option<&mut T> {
        self.accounts.get_mut(by)?.by_id.get_mut(id)
    }

    /// Sets a value. Removes entries that exceed the limits.
    pub(crate) fn put(&mut self, by: &AccountName, id: &CommandId, value: T, limits: Limits) {
        let own = self
            .accounts
            .entry(by.clone())
            .or_insert_with(|| AccountEntries { by_id: BTreeMap::new(), order: VecDeque::new() });
        if own.by_id.insert(id.clone(), value).is_some() {
            return;
        }
        own.order.push_back(id.clone());
        let size = own.order.len();
        self.resize(by, size - 1, size);
        self.count += 1;
        if size > limits.account_max {
            self.forget_oldest(&by.clone());
        }
        while self.count > limits.all_max
            && let Some((_, fullest)) = self.sizes.last().cloned()
        {
            self.forget_oldest(&fullest);
        }
    }

    /// All values, by account, the oldest first.
    pub(crate) fn into_values(self) -> impl Iterator<Item = T> {
        self.accounts.into_values().flat_map(|AccountEntries { mut by_id, order }| {
            order.into_iter().filter_map(move |id| by_id.remove(&id))
        })
    }

    fn forget_oldest(&mut self, by: &AccountName) {
        let Some(own) = self.accounts.get_mut(by) else { return };
        let Some(oldest) = own.order.pop_front() else { return };
        own.by_id.remove(&oldest);
        let size = own.order.len();
        if size == 0 {
            self.accounts.remove(by);
        }
        self.resize(by, size + 1, size);
        self.count -= 1;
    }

    fn resize(&mut self, by: &AccountName, from: usize, to: usize) {
        self.sizes.remove(&(from, by.clone()));
        if to > 0 {
            self.sizes.insert((to, by.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { account_max: 10, all_max: 15 };

    fn account(name: &str) -> AccountName {
        AccountName::new(name).unwrap()
    }

    fn id(number: usize) -> CommandId {
        CommandId::new(format!("c-{number}")).unwrap()
    }

    /// Keeps so many values for an account.
    fn fill(keys: &mut CommandMap<usize>, name: &str, count: usize) {
        (0..count).for_each(|number| keys.put(&account(name), &id(number), number, LIMITS));
    }

    #[test]
    fn an_account_that_sends_many_commands_displaces_its_own_keys_only() {
        let mut keys = CommandMap::default();
        fill(&mut keys, "quiet", 3);
        for name in ["loud", "louder", "loudest"] {
            fill(&mut keys, name, 1_000);
        }
        for number in 0..3 {
            assert_eq!(keys.get(&account("quiet"), &id(number)), Some(&number));
        }
        assert_eq!(keys.count, LIMITS.all_max);
        assert_eq!(keys.sizes.iter().map(|(size, _)| size).sum::<usize>(), LIMITS.all_max);
        assert_eq!(keys.into_values().count(), LIMITS.all_max);
    }

    #[test]
    fn an_account_keeps_its_newest() {
        let mut keys = CommandMap::default();
        fill(&mut keys, "loud", 12);
        assert_eq!(keys.get(&account("loud"), &id(1)), None);
        assert_eq!(keys.get(&account("loud"), &id(2)), Some(&2));
        assert_eq!(keys.into_values().collect::<Vec<_>>(), (2..12).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_key_is_kept_once() {
        let mut keys = CommandMap::default();
        keys.put(&account("a"), &id(1), 1, LIMITS);
        keys.put(&account("a"), &id(1), 2, LIMITS);
        assert_eq!((keys.get(&account("a"), &id(1)), keys.count), (Some(&2), 1));
    }
}
