//! Tokens of signed-in accounts.

use std::net::IpAddr;

use model::{AccountName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Credential;

/// The stored data of a token, without the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// A one-way hash that identifies the token.
    pub fingerprint: [u8; 32],
    /// The account of the token.
    pub account: AccountName,
    /// A one-way hash of the account when the token was issued.
    pub account_fingerprint: [u8; 32],
    /// When the token expires.
    pub until: Timestamp,
    /// How the account signed in.
    pub origin: SignInOrigin,
}

/// When, where and how an account signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInOrigin {
    /// When; 0 for tokens of stores that did not keep it.
    pub since: Timestamp,
    /// How the account proved who it is.
    pub credential: Credential,
    /// The address of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The client as it names itself (`User-Agent`), cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

impl Default for SignInOrigin {
    fn default() -> Self {
        Self { since: Timestamp(0), credential: Credential::Password, address: None, client: None }
    }
}
