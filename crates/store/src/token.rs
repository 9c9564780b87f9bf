//! Tokens of signed-in accounts.

use model::{AccountName, Timestamp};

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
}
