//! Random IDs from a seed.

use cordboard_core::Ids;
use model::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// Random IDs from a seed. The same seed gives the same IDs.
#[derive(Debug)]
pub struct SeededIds(ChaCha8Rng);

impl SeededIds {
    /// Creates a generator with a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }
}

impl Ids for SeededIds {
    fn uuid(&mut self, now: Timestamp) -> Uuid {
        let mut bytes = [0; 10];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_unix_timestamp_millis(now.0, &bytes).into_uuid()
    }
}
