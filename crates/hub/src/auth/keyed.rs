//! Fingerprints: of secrets that people choose, by a key that nobody else has; of what cannot be guessed, without one.

use blake2::{
    Blake2s256, Blake2sMac256, Digest,
    digest::{KeyInit, Mac},
};

use crate::node::ids::random;

/// A fingerprint.
pub(super) type Fingerprint = [u8; 32];

/// The fingerprint of some parts, the same in each process: only for what nobody can guess.
pub(super) fn fingerprint(parts: &[&[u8]]) -> Fingerprint {
    let mut hash = Blake2s256::new();
    for part in parts {
        Digest::update(&mut hash, (part.len() as u64).to_le_bytes());
        Digest::update(&mut hash, part);
    }
    hash.finalize().into()
}

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
