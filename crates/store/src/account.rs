//! Accounts for signing in.

use std::fmt;

use model::{AccountName, AgentId, Role};
use serde::{Deserialize, Serialize};

/// An account for signing in. `Debug` does not show the password hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name of the account.
    pub name: AccountName,
    /// The role of the account.
    pub role: Role,
    /// The agent that the account belongs to; `None` when it belongs to none.
    pub agent: Option<AgentId>,
    /// The hash of the password: an argon2id PHC string.
    pub password_hash: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, role, agent, password_hash: _ } = self;
        out.debug_struct("Account")
            .field("name", name)
            .field("role", role)
            .field("agent", agent)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_hides_its_hash_from_logs() {
        let account = Account {
            name: AccountName::new("ann").unwrap(),
            role: Role::Agent,
            agent: None,
            password_hash: "$argon2id$secret".to_owned(),
        };
        assert_eq!(format!("{account:?}"), r#"Account { name: "ann", role: Agent, agent: None, .. }"#);
    }
}
