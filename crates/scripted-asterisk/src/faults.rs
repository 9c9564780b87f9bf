//! Random faults, from a seed.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The probabilities of faults, and their extent. By default there are no faults and no delays.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Chances {
    /// The longest latency of a message. Messages on different connections can overtake each other. Milliseconds.
    pub way_ms: u64,
    /// Probability, for each request, that the response is late.
    pub late_answer: f64,
    /// Probability, for each event, that it and all later events are late.
    pub late_event: f64,
    /// The longest delay of a delayed message. Milliseconds.
    pub late_ms: u64,
    /// Probability, for each request, that it gets no response; it may have been carried out.
    pub lost_answer: f64,
    /// Probability, for each request without side effects, that it arrives twice, as when a client repeats it on
    /// another connection.
    pub repeated_request: f64,
    /// Probability, for each request, that it fails with an error and is not carried out.
    pub refused: f64,
    /// Probability, for each event, that it arrives twice.
    pub repeated_event: f64,
    /// Whether events of different channels can overtake each other.
    pub reorder: bool,
    /// Probability, for each event, that the event socket breaks.
    pub cut: f64,
    /// How long Asterisk is unreachable after that, at most. Milliseconds.
    pub cut_ms: u64,
}

/// The fate of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Carried out and answered after this time.
    Answered(Duration),
    /// Not carried out, answered with an error.
    Refused,
    /// Carried out, not answered.
    AnswerLost,
    /// Not carried out, not answered.
    Lost,
}

/// The probabilities and the random number generator.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) chances: Chances,
    random: ChaCha8Rng,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chances: Chances::default(), random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// The latency of a message, mostly almost none.
    pub(crate) fn way(&mut self) -> Duration {
        let way_ms = self.chances.way_ms;
        let is_slow = way_ms > 0 && self.random.random_bool(0.25);
        Duration::from_millis(if is_slow { self.random.random_range(1..=way_ms) } else { 0 })
    }

    /// The additional delay of a message that is randomly late.
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

    /// How long Asterisk is unreachable, if the socket breaks at this event.
    pub(crate) fn cut(&mut self) -> Option<Duration> {
        let is_cut = self.happens(self.chances.cut);
        is_cut.then(|| Duration::from_millis(self.random.random_range(0..=self.chances.cut_ms)))
    }

    /// Whether something happens. A probability of 0 uses no randomness.
    pub(crate) fn happens(&mut self, chance: f64) -> bool {
        chance > 0.0 && self.random.random_bool(chance.min(1.0))
    }
}
