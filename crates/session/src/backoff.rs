//! Pauses between attempts.

use std::time::Duration;

/// Pauses between attempts that fail in a row. The last pause repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    pauses: &'static [Duration],
    failures: usize,
}

impl Backoff {
    /// Creates a backoff with the pause after the first failure, after the second, and so on.
    pub const fn new(pauses: &'static [Duration]) -> Self {
        Self { pauses, failures: 0 }
    }

    /// Counts a failure. Returns how long to wait.
    pub fn fail(&mut self) -> Duration {
        let pause = self.pauses.get(self.failures).or(self.pauses.last());
        self.failures = self.failures.saturating_add(1);
        pause.copied().unwrap_or_default()
    }

    /// Starts over after a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// The number of attempts that failed in a row.
    pub fn failures(&self) -> usize {
        self.failures
    }

    /// Whether every pause was used once.
    pub fn is_used_up(&self) -> bool {
        self.failures >= self.pauses.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_last_one_and_begin_again() {
        const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];
        let mut backoff = Backoff::new(&PAUSES);
        assert_eq!([backoff.fail(), backoff.fail(), backoff.fail()].map(|pause| pause.as_secs()), [1, 5, 5]);
        assert!(backoff.is_used_up());
        backoff.reset();
        assert_eq!((backoff.fail().as_secs(), backoff.failures(), backoff.is_used_up()), (1, 1, false));
    }
}
