//! API tokens: credentials of programs, with scopes and an expiry.

use std::{collections::BTreeSet, fmt};

use model::{AccountName, AgentId, Role, Scope, Timestamp};
use serde::{Deserialize, Serialize};

/// The stored data of an API token, without the token itself. `Debug` does not show the fingerprint.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Its name, which is unique.
    pub name: AccountName,
    /// A one-way hash that identifies the token.
    pub fingerprint: [u8; 32],
    /// The role with which it acts.
    pub role: Role,
    /// The agent for which it acts, with the role agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// When it was created.
    pub created_at: Timestamp,
    /// The account that created it.
    pub created_by: AccountName,
    /// When it expires.
    pub until: Timestamp,
    /// About when it was last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, role, scopes, until, .. } = self;
        out.debug_struct("ApiToken")
            .field("name", name)
            .field("role", role)
            .field("scopes", scopes)
            .field("until", until)
            .finish_non_exhaustive()
    }
}
