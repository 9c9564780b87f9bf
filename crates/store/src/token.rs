//! Who is signed in.

use model::{AccountName, Timestamp};

/// What is kept of a token: not the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// By which the token is known again; 32 bytes of a one-way function.
    pub fingerprint: [u8; 32],
    /// Whose it is.
    pub account: AccountName,
    /// What the account was when the token was given; 32 bytes of a one-way function.
    pub account_fingerprint: [u8; 32],
    /// When it ends.
    pub until: Timestamp,
}
