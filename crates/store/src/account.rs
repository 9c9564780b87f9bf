//! Who may sign in.

use std::fmt;

use model::{AccountName, AgentId, Role};
use serde::{Deserialize, Serialize};

/// Somebody who may sign in. `Debug` shows nothing of the password's hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// By this name.
    pub name: AccountName,
    /// As this kind.
    pub role: Role,
    /// As this agent.
    pub agent: Option<AgentId>,
    /// With this password: an argon2id PHC string.
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
