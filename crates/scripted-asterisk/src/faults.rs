//! What goes wrong: by chance, from the seed.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What goes wrong by chance. Nothing does by default, and nothing takes any time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Chances {
    /// How long a message is on its way at most. Messages on different connections overtake each other. Milliseconds.
    pub way_ms: u64,
    /// An answer is late. Probability, of each request.
    pub late_answer: f64,
    /// An event is late, and all that follow it. Probability, of each event.
    pub late_event: f64,
    /// By how much something is late at most. Milliseconds.
    pub late_ms: u64,
    /// A request has no answer; what it asks for may have been done. Probability, of each request.
    pub lost_answer: f64,
    /// A request arrives twice, as when its client sends it again on another connection. Probability, of each request that changes nothing.
    pub repeated_request: f64,
    /// A request is answered with an error, and what it asks for is not done. Probability, of each request.
    pub refused: f64,
    /// An event comes twice. Probability, of each event.
    pub repeated_event: f64,
    /// Whether events of different channels overtake each other.
    pub reorder: bool,
    /// The event socket is cut. Probability, of each event.
    pub cut: f64,
    /// How long nothing can be reached after a cut, at most. Milliseconds.
    pub cut_ms: u64,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is done and answered, after so long.
    Answered(Duration),
    /// It is not done, and answered with an error.
    Refused,
    /// It is done, and not answered.
    AnswerLost,
    /// It is not done, and not answered.
    Lost,
}

/// The chances, and what they are drawn from.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) chances: Chances,
    random: ChaCha8Rng,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chances: Chances::default(), random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// How long a message is on its way: mostly next to nothing.
    pub(crate) fn way(&mut self) -> Duration {
        let way_ms = self.chances.way_ms;
        let is_slow = way_ms > 0 && self.random.random_bool(0.25);
        Duration::from_millis(if is_slow { self.random.random_range(1..=way_ms) } else { 0 })
    }

    /// How much later than usual something comes that is late by chance.
    pub(crate) fn late(&mut self, chance: f64) -> Duration {
        let is_late = self.happens(chance);
        let ms = if is_late { self.random.random_range(0..=self.chances.late_ms) } else { 0 };
        Duration::from_millis(ms)
    }

    pub(crate) fn fate(&mut self) -> Fate {
        if self.happens(self.chances.refused) {
            return Fate::Refused;
        }
        if self.happens(self.chances.lost_answer) {
            return if self.random.random_bool(0.5) { Fate::AnswerLost } else { Fate::Lost };
        }
        Fate::Answered(self.late(self.chances.late_answer))
    }

    /// How long nothing can be reached, when an event is the one with which the socket is cut.
    pub(crate) fn cut(&mut self) -> Option<Duration> {
        let is_cut = self.happens(self.chances.cut);
        is_cut.then(|| Duration::from_millis(self.random.random_range(0..=self.chances.cut_ms)))
    }

    /// Draws only for what can happen, so that a run without faults needs no luck.
    pub(crate) fn happens(&mut self, chance: f64) -> bool {
        chance > 0.0 && self.random.random_bool(chance.min(1.0))
    }
}
