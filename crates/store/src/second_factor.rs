//! Second factors of accounts: time-based codes (RFC 6238) and recovery codes.

use std::fmt;

use model::{AccountName, Timestamp};
use serde::{Deserialize, Serialize};

/// The second factor of an account. The secret is stored as it is, because codes are computed from it. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The account.
    pub account: AccountName,
    /// The secret that the authenticator has too.
    pub secret: Vec<u8>,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// Whether a code has confirmed it. Until then it is not asked for.
    pub confirmed: bool,
    /// The time step of the last accepted code. Codes of this step and of earlier ones are refused.
    pub last_step: u64,
    /// One-way hashes of the recovery codes that are not used yet.
    pub recovery: Vec<[u8; 32]>,
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, enrolled_at, confirmed, .. } = self;
        out.debug_struct("SecondFactor")
            .field("account", account)
            .field("enrolled_at", enrolled_at)
            .field("confirmed", confirmed)
            .finish_non_exhaustive()
    }
}
