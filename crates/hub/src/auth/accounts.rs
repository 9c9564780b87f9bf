//! Accounts and their passwords.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use argon2::{
    Argon2, Params,
    password_hash::{CustomizedPasswordHasher, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use model::{AccountName, AgentId, Floor, Secret};
use session::Login;
use store::Account;

use super::api_tokens::TOKEN_ACCOUNT_PREFIX;
use crate::node::ids::random;

/// The most accounts. Our choice: as many as a floor may have agents.
const ACCOUNTS_MAX: usize = 20_000;

/// The most memory that one password check may take. KiB. Our choice: a hash that asks for more could be used to overload the node.
const MEMORY_KIB_MAX: u32 = 65_536;

/// The most rounds that one password check may take. Our choice.
const ROUNDS_MAX: u32 = 10;

/// Why a list of accounts is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// Two accounts have the same name.
    #[error("account {0} is defined twice; remove or rename one of them")]
    Twice(AccountName),
    /// There are too many accounts.
    #[error("there are {count} accounts, at most {ACCOUNTS_MAX} are allowed")]
    TooMany {
        /// The number of accounts in the list.
        count: usize,
    },
    /// An account with the role `agent` does not name an agent.
    #[error("account {0} has the role agent but names no agent; set its agent")]
    NoAgent(AccountName),
    /// An account names an agent that is not on the floor.
    #[error("account {account} names agent {agent}, which is not on the floor")]
    UnknownAgent {
        /// The name of the account.
        account: AccountName,
        /// The agent that it names.
        agent: AgentId,
    },
    /// The name of an account is reserved for API tokens.
    #[error(
        "the name of account {0} begins with {TOKEN_ACCOUNT_PREFIX:?}, which is reserved for API tokens; rename it"
    )]
    Reserved(AccountName),
    /// A password hash is not an argon2id hash within the limits.
    #[error(
        "the password hash of account {account} is not an argon2id hash with at most {MEMORY_KIB_MAX} KiB and {ROUNDS_MAX} rounds"
    )]
    Hash {
        /// The name of the account.
        account: AccountName,
    },
}

/// Accounts by name and by agent.
pub(super) struct Accounts {
    by_name: HashMap<AccountName, Account>,
    by_agent: HashMap<AgentId, AccountName>,
}

impl Accounts {
    pub(super) fn new(accounts: Vec<Account>) -> Self {
        let agents = accounts.iter().filter(|account| account.role == model::Role::Agent);
        let by_agent =
            agents.filter_map(|account| Some((account.agent.clone()?, account.name.clone()))).collect();
        let by_name = accounts.into_iter().map(|account| (account.name.clone(), account)).collect();
        Self { by_name, by_agent }
    }

    pub(super) fn find(&self, login: &Login) -> Option<&Account> {
        match login {
            Login::Account(name) => self.by_name.get(name),
            Login::Agent(agent) => self.by_name.get(self.by_agent.get(agent)?),
        }
    }

    /// All accounts.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Account> {
        self.by_name.values()
    }

    /// The names of accounts that are missing or different in `after`.
    pub(super) fn changed(&self, after: &Accounts) -> HashSet<AccountName> {
        let kept = |account: &&Account| after.by_name.get(&account.name) != Some(account);
        self.by_name.values().filter(kept).map(|account| account.name.clone()).collect()
    }
}

/// Checks accounts against the floor that they belong to.
pub fn check_accounts(accounts: &[Account], floor: &Floor) -> Result<(), AccountsError> {
    if accounts.len() > ACCOUNTS_MAX {
        return Err(AccountsError::TooMany { count: accounts.len() });
    }
    let agents: HashSet<&AgentId> = floor.agents.iter().map(|agent| &agent.id).collect();
    let mut names = HashSet::new();
    for account in accounts {
        if !names.insert(&account.name) {
            return Err(AccountsError::Twice(account.name.clone()));
        }
        if account.name.as_str().starts_with(TOKEN_ACCOUNT_PREFIX) {
            return Err(AccountsError::Reserved(account.name.clone()));
        }
        check_agent(account, &agents)?;
        if !is_password_hash(&account.password_hash) {
            return Err(AccountsError::Hash { account: account.name.clone() });
        }
    }
    Ok(())
}

fn check_agent(account: &Account, agents: &HashSet<&AgentId>) -> Result<(), AccountsError> {
    match &account.agent {
        Some(agent) if !agents.contains(agent) => {
            Err(AccountsError::UnknownAgent { account: account.name.clone(), agent: agent.clone() })
        }
        None if account.role == model::Role::Agent => Err(AccountsError::NoAgent(account.name.clone())),
        Some(_) | None => Ok(()),
    }
}

/// Whether a text is a hash that the directory accepts: argon2id, within the limits.
pub fn is_password_hash(hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| hash.hash.is_some() && is_affordable(&hash))
}

fn is_affordable(hash: &PasswordHash) -> bool {
    let within = |name: &str, most: u32| hash.params.get_decimal(name).is_some_and(|value| value <= most);
    hash.algorithm.as_str() == "argon2id" && within("m", MEMORY_KIB_MAX) && within("t", ROUNDS_MAX)
}

/// The part of a hash that does not depend on the password: algorithm, cost and salt. With the password, the same hash can be computed.
pub fn salt_of(hash: &str) -> Option<&str> {
    hash.rsplit_once('$').map(|(salt, _)| salt)
}

/// Hashes a password with the cost and the salt of another hash. `None` if that is not an argon2id hash within the limits.
pub fn hash_password_with(salt: &str, secret: &Secret) -> Option<String> {
    let like = PasswordHash::new(salt).ok().filter(is_affordable)?;
    let params = Params::try_from(&like).ok()?;
    let (algorithm, salt) = (Some(like.algorithm.as_str()), like.salt.as_ref()?);
    let password = secret.reveal().as_bytes();
    let hashed = Argon2::default().hash_password_customized(password, salt, algorithm, like.version, params);
    hashed.ok().map(|hash| hash.to_string())
}

/// Hashes a password with argon2id and a random salt: 19 MiB, two rounds.
pub fn hash_password(secret: &Secret) -> String {
    let hashed = Argon2::default().hash_password(secret.reveal().as_bytes());
    let hash =
        hashed.unwrap_or_else(|error| panic!("the operating system provides no random bytes: {error}"));
    hash.to_string()
}

/// Whether a password matches a hash. Takes about as long as hashing.
pub fn verify_password(hash: &str, secret: &Secret) -> bool {
    verify(Some(hash), secret)
}

/// Whether a password matches a hash. Without a hash it takes as long and returns false.
pub(super) fn verify(hash: Option<&str>, secret: &Secret) -> bool {
    let hash = hash.unwrap_or_else(|| unknown_account_hash());
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(secret.reveal().as_bytes(), &parsed).is_ok()
}

/// A hash of a random password, for accounts that do not exist.
fn unknown_account_hash() -> &'static str {
    static NOBODY: OnceLock<String> = OnceLock::new();
    NOBODY.get_or_init(|| {
        let mut bytes = [0; 16];
        random(&mut bytes);
        hash_password(&Secret::new(format!("{bytes:?}")))
    })
}

#[cfg(test)]
mod tests {
    use model::Role;

    use super::*;

    fn account(hash: &str) -> Account {
        let name = AccountName::new("a").unwrap();
        Account { name, role: Role::Admin, agent: None, password_hash: hash.to_owned() }
    }

    #[test]
    fn only_bounded_argon2id_hashes_are_taken() {
        let good = hash_password(&Secret::new("x"));
        assert_eq!(check_accounts(&[account(&good)], &Floor::default()), Ok(()));
        let heavy = good.replace("m=19456", "m=4194304");
        assert_ne!(heavy, good);
        for bad in [heavy.as_str(), "", "plain", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ"] {
            assert!(check_accounts(&[account(bad)], &Floor::default()).is_err(), "{bad}");
        }
    }

    #[test]
    fn accounts_fit_their_floor() {
        let good = hash_password(&Secret::new("x"));
        let twice = [account(&good), account(&good)];
        assert!(matches!(check_accounts(&twice, &Floor::default()), Err(AccountsError::Twice(_))));
        let mut agent = account(&good);
        agent.role = Role::Agent;
        assert!(matches!(
            check_accounts(&[agent.clone()], &Floor::default()),
            Err(AccountsError::NoAgent(_))
        ));
        agent.agent = Some(AgentId::new("1001").unwrap());
        let unknown = check_accounts(&[agent], &Floor::default());
        assert!(matches!(unknown, Err(AccountsError::UnknownAgent { .. })));
    }
}
