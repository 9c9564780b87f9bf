//! Passwords. A floor file has them as plain text or as a hash; the directory always stores a hash.

use std::{collections::BTreeMap, thread};

use anyhow::{Result, anyhow};
use model::{AccountName, AgentId, Role, Secret};
use store::Account;

/// An account of a floor file.
#[derive(Debug, Clone)]
pub(crate) struct PlannedAccount {
    /// The account's name.
    pub(crate) name: AccountName,
    /// The account's role.
    pub(crate) role: Role,
    /// The agent that signs in with the account.
    pub(crate) agent: Option<AgentId>,
    /// The account's password.
    pub(crate) password: Password,
}

/// A password in a floor file.
#[derive(Debug, Clone)]
pub(crate) enum Password {
    /// As plain text.
    Plain(Secret),
    /// As a hash: an argon2id PHC string.
    Hash(String),
}

impl Password {
    /// The password from the two keys of a floor file.
    pub(super) fn given(plain: Option<&Secret>, hash: Option<&str>) -> Option<Self> {
        let plain = plain.map(|secret| Self::Plain(secret.clone()));
        plain.or_else(|| hash.map(|hash| Self::Hash(hash.to_owned())))
    }

    /// The hash with this salt. With the salt of the stored hash, the same password gives the same hash.
    fn salted(self, salt: Option<&str>) -> String {
        match self {
            Self::Hash(hash) => hash,
            Self::Plain(secret) => salt
                .and_then(|salt| hub::auth::hash_password_with(salt, &secret))
                .unwrap_or_else(|| hub::auth::hash_password(&secret)),
        }
    }

    /// The hash for the directory. If `stored` is a hash of the same password, that hash.
    fn into_hash(self, stored: Option<&str>) -> String {
        match self {
            Self::Hash(hash) => hash,
            Self::Plain(secret) => {
                match stored.filter(|stored| hub::auth::verify_password(stored, &secret)) {
                    Some(stored) => stored.to_owned(),
                    None => hub::auth::hash_password(&secret),
                }
            }
        }
    }
}

/// Hashes the passwords, on all processors: one takes about 20 ms. An unchanged password keeps its stored hash, so that its sign-ins stay
/// valid.
pub(crate) fn hash_all(accounts: Vec<PlannedAccount>, stored: &[Account]) -> Result<Vec<Account>> {
    let hashed = |planned: PlannedAccount| {
        let stored = stored.iter().find(|account| account.name == planned.name);
        planned.with(|password| password.into_hash(stored.map(|account| account.password_hash.as_str())))
    };
    each(accounts, &hashed)
}

/// The salts of the hashes that a node stores, by account.
pub(crate) type Salts = BTreeMap<AccountName, String>;

/// Hashes passwords with the salts that the node stores: an unchanged password gives the same hash, and its sign-ins stay valid.
pub(crate) fn hash_with(accounts: Vec<PlannedAccount>, salts: &Salts) -> Result<Vec<Account>> {
    let hashed = |planned: PlannedAccount| {
        let salt = salts.get(&planned.name).map(String::as_str);
        planned.with(|password| password.salted(salt))
    };
    each(accounts, &hashed)
}

fn each(
    accounts: Vec<PlannedAccount>,
    hashed: &(impl Fn(PlannedAccount) -> Account + Sync),
) -> Result<Vec<Account>> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = accounts.len().div_ceil(workers).max(1);
    thread::scope(|scope| {
        let hash_share = |share: &[PlannedAccount]| {
            let share = share.to_vec();
            scope.spawn(move || share.into_iter().map(hashed).collect::<Vec<_>>())
        };
        let running: Vec<_> = accounts.chunks(share).map(hash_share).collect();
        let shares =
            running.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("hashing passwords failed")));
        Ok(shares.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    })
}

impl PlannedAccount {
    fn with(self, hash: impl FnOnce(Password) -> String) -> Account {
        let Self { name, role, agent, password } = self;
        Account { name, role, agent, password_hash: hash(password) }
    }
}
