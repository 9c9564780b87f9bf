//! The nonces of recent user name tokens: a token with a nonce is accepted once.

use std::collections::BTreeSet;

use session::{Recent, fingerprint};
use wire::soap::UsernameToken;

/// How many nonces are remembered. Our choice: with 50 notifications a second they last longer than the ten minutes for which a
/// message is accepted.
const NONCES_MAX: usize = 32_768;

/// A nonce of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Nonce(u128);

impl Nonce {
    /// The nonce of a token, if it has one.
    pub(super) fn of(token: &UsernameToken) -> Option<Self> {
        let nonce = token.nonce.as_ref().filter(|nonce| !nonce.is_empty())?;
        Some(Self(fingerprint(format!("{}\n{nonce}", token.username).as_bytes())))
    }
}

/// Recent nonces. Those of senders who are not authenticated are not remembered, so that strangers cannot displace others.
#[derive(Debug)]
pub(super) struct Nonces {
    /// Nonces of senders who are being checked.
    checking: BTreeSet<Nonce>,
    accepted: Recent<Nonce, ()>,
}

impl Default for Nonces {
    fn default() -> Self {
        Self { checking: BTreeSet::new(), accepted: Recent::new(NONCES_MAX) }
    }
}

impl Nonces {
    /// Begins to check the sender of a nonce. Returns whether the nonce is new.
    pub(super) fn begin(&mut self, nonce: Nonce) -> bool {
        !self.accepted.contains(&nonce) && self.checking.insert(nonce)
    }

    /// The result for the sender of a nonce.
    pub(super) fn checked(&mut self, nonce: Nonce, is_accepted: bool) {
        self.checking.remove(&nonce);
        if is_accepted {
            self.accepted.put(nonce, ());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_accepted_once_and_one_of_a_stranger_is_not_remembered() {
        let mut nonces = Nonces::default();
        assert!(nonces.begin(Nonce(1)) && !nonces.begin(Nonce(1)));
        nonces.checked(Nonce(1), false);
        assert!(nonces.begin(Nonce(1)));
        nonces.checked(Nonce(1), true);
        assert!(!nonces.begin(Nonce(1)));
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut nonces = Nonces::default();
        for nonce in (0..).map(Nonce).take(NONCES_MAX + 10) {
            assert!(nonces.begin(nonce));
            nonces.checked(nonce, true);
        }
        assert_eq!((nonces.accepted.len(), nonces.checking.len()), (NONCES_MAX, 0));
    }
}
