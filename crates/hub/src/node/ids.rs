//! Random IDs.

use cordboard_core::Ids;
use model::Timestamp;
use uuid::Uuid;

/// How many random bytes are fetched at a time: a multiple of [`EACH`].
const POOL: usize = 2_560;

/// How many random bytes one ID needs.
const EACH: usize = 10;

/// Creates UUIDv7. Fetches the random bytes for many IDs at a time.
pub(crate) struct RandomIds {
    pool: [u8; POOL],
    used: usize,
}

impl Default for RandomIds {
    fn default() -> Self {
        Self { pool: [0; POOL], used: POOL }
    }
}

impl Ids for RandomIds {
    fn uuid(&mut self, now: Timestamp) -> Uuid {
        if self.used == POOL {
            random(&mut self.pool);
            self.used = 0;
        }
        let mut bytes = [0; EACH];
        bytes.copy_from_slice(&self.pool[self.used..self.used + EACH]);
        self.used += EACH;
        uuid::Builder::from_unix_timestamp_millis(now.0, &bytes).into_uuid()
    }
}

/// Fills `bytes` with random bytes from the operating system.
///
/// # Panics
/// If the operating system has none: no token and no ID could be trusted.
pub(crate) fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes)
        .unwrap_or_else(|error| panic!("the operating system provides no random bytes: {error}"));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_version_7_and_differ() {
        let mut ids = RandomIds::default();
        let made: BTreeSet<Uuid> = (0..1_000).map(|_| ids.uuid(Timestamp(1_700_000_000_000))).collect();
        assert_eq!(made.len(), 1_000);
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }
}
