//! How long things take: nothing in a story, something out of the seed in a simulation.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How long things take.
#[derive(Debug)]
pub enum Latency {
    /// No time at all.
    None,
    /// Some time, out of a seed.
    Random(Box<ChaCha8Rng>),
}

impl Latency {
    /// Latency out of a seed.
    pub fn of_seed(seed: u64) -> Self {
        Self::Random(Box::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    /// From 0 to so many milliseconds; most of the time nothing.
    pub fn up_to(&mut self, ms_max: u64) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::Random(random) => {
                let slow = random.random_bool(0.25);
                let ms = if slow { random.random_range(0..=ms_max) } else { 0 };
                Duration::from_millis(ms)
            }
        }
    }
}
