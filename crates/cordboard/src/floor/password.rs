//! Passwords: in a floor file as they are or as a hash, in the directory always as a hash.

use std::{collections::BTreeMap, thread};

use anyhow::{Result, anyhow};
use model::{AccountName, AgentId, Role, Secret};
use store::Account;

/// Somebody who is to sign in.
#[derive(Debug, Clone)]
pub(crate) struct PlannedAccount {
    /// By this name.
    pub(crate) name: AccountName,
    /// As this kind.
    pub(crate) role: Role,
    /// As this agent.
    pub(crate) agent: Option<AgentId>,
    /// With this password.
    pub(crate) password: Password,
}

/// A password as a floor file gives it.
#[derive(Debug, Clone)]
pub(crate) enum Password {
    /// As it is.
    Plain(Secret),
    /// As an argon2id PHC string.
    Hash(String),
}

impl Password {
    /// The one of the two that is given.
    pub(super) fn given(plain: Option<&Secret>, hash: Option<&str>) -> Option<Self> {
        let plain = plain.map(|secret| Self::Plain(secret.clone()));
        plain.or_else(|| hash.map(|hash| Self::Hash(hash.to_owned())))
    }

    /// As the directory would keep it with a salt: the same as is kept already, where that is of the same password.
    fn salted(self, salt: Option<&str>) -> String {
        match self {
            Self::Hash(hash) => hash,
            Self::Plain(secret) => salt
                .and_then(|salt| hub::auth::hash_password_with(salt, &secret))
                .unwrap_or_else(|| hub::auth::hash_password(&secret)),
        }
    }

    /// As the directory keeps it: as it is kept already, where that is of the same password.
    fn into_hash(self, kept: Option<&str>) -> String {
        match self {
            Self::Hash(hash) => hash,
            Self::Plain(secret) => match kept.filter(|kept| hub::auth::verify_password(kept, &secret)) {
                Some(kept) => kept.to_owned(),
                None => hub::auth::hash_password(&secret),
            },
        }
    }
}

/// Hashes the passwords, on every processor: one takes about 20 ms. An account of which `kept` has the same stays as it is, and whoever
/// signed in with it stays so.
pub(crate) fn hash_all(accounts: Vec<PlannedAccount>, kept: &[Account]) -> Result<Vec<Account>> {
    let hashed = |planned: PlannedAccount| {
        let kept = kept.iter().find(|account| account.name == planned.name);
        planned.with(|password| password.into_hash(kept.map(|account| account.password_hash.as_str())))
    };
    each(accounts, &hashed)
}

/// Salts of the hashes that a node keeps.
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
