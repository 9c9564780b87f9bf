//! Fingerprints of recently verified passwords. They make a password in each request affordable.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Secret};
use store::Account;
use subtle::ConstantTimeEq;

use super::fingerprints::{Fingerprint, Key};

/// How long a verified password is remembered. Our choice.
const PROOF_LIFE: Duration = Duration::from_secs(5 * 60);

/// The recently verified passwords. At most one for each account, so accounts limit their number.
#[derive(Default)]
pub(super) struct VerifiedPasswords {
    key: Key,
    kept: Mutex<HashMap<AccountName, VerifiedPassword>>,
}

struct VerifiedPassword {
    fingerprint: Fingerprint,
    until: Instant,
}

impl VerifiedPasswords {
    /// Whether this password was verified for this account recently.
    pub(super) fn holds(&self, account: &Account, secret: &Secret, now: Instant) -> bool {
        let fingerprint = self.fingerprint(account, secret);
        let kept = self.lock();
        let proof = kept.get(&account.name).filter(|proof| proof.until > now);
        proof.is_some_and(|proof| proof.fingerprint.ct_eq(&fingerprint).into())
    }

    pub(super) fn keep(&self, account: &Account, secret: &Secret, now: Instant) {
        let proof =
            VerifiedPassword { fingerprint: self.fingerprint(account, secret), until: now + PROOF_LIFE };
        self.lock().insert(account.name.clone(), proof);
    }

    pub(super) fn forget(&self, accounts: &HashSet<AccountName>) {
        self.lock().retain(|account, _| !accounts.contains(account));
    }

    /// Includes the account's hash, so that a result for the old password does not count for a changed account.
    fn fingerprint(&self, account: &Account, secret: &Secret) -> Fingerprint {
        let parts = [account.name.as_str(), &account.password_hash, secret.reveal()];
        self.key.fingerprint(&parts.map(str::as_bytes))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountName, VerifiedPassword>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
