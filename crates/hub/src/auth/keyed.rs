//! Fingerprints that mean nothing outside this process.

use blake2::{
    Blake2sMac256,
    digest::{KeyInit, Mac},
};

use crate::node::ids::random;

/// A fingerprint.
pub(super) type Fingerprint = [u8; 32];

/// A key that lives as long as the process.
pub(super) struct Key([u8; 32]);

impl Default for Key {
    fn default() -> Self {
        let mut key = [0; 32];
        random(&mut key);
        Self(key)
    }
}

impl Key {
    /// The fingerprint of some parts; where one ends and the next begins matters.
    pub(super) fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint {
        let mut mac = Blake2sMac256::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("BLAKE2s takes keys of 32 bytes"));
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}
