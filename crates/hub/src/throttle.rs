//! Limits log lines that a stranger could cause without end to one per cause and minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The time after a line in which the same cause is not logged again. Our choice.
const QUIET: Duration = Duration::from_secs(60);

/// When each cause was last logged. Causes are constants in the code, so there are few.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<&'static str, Logged>>);

#[derive(Debug)]
struct Logged {
    at: Instant,
    unlogged: u64,
}

impl Throttle {
    /// Returns how many lines about this cause were left out since the last one if a line is due, else `None`.
    pub(crate) fn due(&self, cause: &'static str, now: Instant) -> Option<u64> {
        let mut causes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(logged) = causes.get_mut(cause) else {
            causes.insert(cause, Logged { at: now, unlogged: 0 });
            return Some(0);
        };
        if now.saturating_duration_since(logged.at) < QUIET {
            logged.unlogged += 1;
            return None;
        }
        let unlogged = logged.unlogged;
        *logged = Logged { at: now, unlogged: 0 };
        Some(unlogged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_has_one_line_a_minute_and_counts_how_many_were_left_out() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        assert_eq!(throttle.due("a", now), Some(0));
        assert_eq!(throttle.due("a", now + Duration::from_secs(1)), None);
        assert_eq!(throttle.due("a", now + Duration::from_secs(59)), None);
        assert_eq!(throttle.due("b", now + Duration::from_secs(59)), Some(0));
        assert_eq!(throttle.due("a", now + Duration::from_secs(60)), Some(2));
        assert_eq!(throttle.due("a", now + Duration::from_secs(120)), Some(0));
    }
}
