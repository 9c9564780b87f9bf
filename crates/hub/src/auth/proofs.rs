//! Passwords that were proved lately, as fingerprints: what makes a password with each request affordable.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{AccountName, Secret};
use store::Account;
use subtle::ConstantTimeEq;

use super::keyed::{Fingerprint, Key};

/// How long a proof holds. Ours.
const PROOF_LIFE: Duration = Duration::from_secs(5 * 60);

/// One proof for each account at most, so their number is bounded by that of accounts.
#[derive(Default)]
pub(super) struct Proofs {
    key: Key,
    kept: Mutex<HashMap<AccountName, Proof>>,
}

struct Proof {
    fingerprint: Fingerprint,
    until: Instant,
}

impl Proofs {
    /// Whether this very password was proved for this very account.
    pub(super) fn holds(&self, account: &Account, secret: &Secret, now: Instant) -> bool {
        let fingerprint = self.fingerprint(account, secret);
        let kept = self.lock();
        let proof = kept.get(&account.name).filter(|proof| proof.until > now);
        proof.is_some_and(|proof| proof.fingerprint.ct_eq(&fingerprint).into())
    }

    pub(super) fn keep(&self, account: &Account, secret: &Secret, now: Instant) {
        let proof = Proof { fingerprint: self.fingerprint(account, secret), until: now + PROOF_LIFE };
        self.lock().insert(account.name.clone(), proof);
    }

    pub(super) fn forget(&self, accounts: &HashSet<AccountName>) {
        self.lock().retain(|account, _| !accounts.contains(account));
    }

    /// Holds the account's hash too: a proof that is kept while the account changes proves nothing of the changed one.
    fn fingerprint(&self, account: &Account, secret: &Secret) -> Fingerprint {
        let parts = [account.name.as_str(), &account.password_hash, secret.reveal()];
        self.key.fingerprint(&parts.map(str::as_bytes))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountName, Proof>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
