//! Ids from the machine's randomness.

use cordboard_core::Ids;
use model::Timestamp;
use uuid::Uuid;

/// How much randomness is fetched in one go. Bytes; a whole number of [`EACH`].
const POOL: usize = 2_560;

/// How much randomness one id takes. Bytes.
const EACH: usize = 10;

/// Makes UUIDv7; fetches its randomness for many at once.
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

/// Fills `bytes` from the machine's randomness.
///
/// # Panics
/// When the machine has none: no token and no id could be trusted, so nothing may go on.
pub(crate) fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).unwrap_or_else(|error| panic!("the machine gives no randomness: {error}"));
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
