//! Fingerprints: with a secret key for values that people choose, without one for values that nobody can guess.

use blake2::{
    Blake2s256, Blake2sMac256, Digest,
    digest::{KeyInit, Mac},
};

use crate::node::ids::random;

/// A BLAKE2s hash that stands for a secret.
pub(super) type Fingerprint = [u8; 32];

/// The fingerprint of some parts without a key: the same in each process. Only for values that nobody can guess.
pub(super) fn fingerprint(parts: &[&[u8]]) -> Fingerprint {
    let mut hash = Blake2s256::new();
    for part in parts {
        Digest::update(&mut hash, (part.len() as u64).to_le_bytes());
        Digest::update(&mut hash, part);
    }
    hash.finalize().into()
}

/// A random key that lasts as long as the process.
pub(super) struct Key([u8; 32]);

impl Default for Key {
    fn default() -> Self {
        let mut key = [0; 32];
        random(&mut key);
        Self(key)
    }
}

impl Key {
    /// The fingerprint of some parts with the key. The boundaries between parts count.
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
