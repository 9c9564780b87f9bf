//! Delays inside a node: none in a story, random ones from the seed in a simulation.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The source of delays.
#[derive(Debug)]
pub enum Latency {
    /// No delays.
    None,
    /// Random delays from a seed.
    Random(Box<ChaCha8Rng>),
}

impl Latency {
    /// Random delays from a seed.
    pub fn of_seed(seed: u64) -> Self {
        Self::Random(Box::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    /// Returns a delay from 0 to `ms_max` milliseconds, most often 0.
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
