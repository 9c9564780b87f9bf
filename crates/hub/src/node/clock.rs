//! The node's time: the machine's, and never backwards.

use std::{
    sync::Mutex,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use model::Timestamp;

/// How often the machine's clock is looked at again; in between time is counted. Ours.
const ANCHOR_EVERY: Duration = Duration::from_secs(60);

/// How far the machine's clock may fall behind ours and be followed: ours stands still until it catches up. Ours.
const STAND_STILL_MAX: Duration = Duration::from_secs(1);

/// A clock that never runs backwards, however the machine's is set.
#[derive(Debug)]
pub struct Clock(Mutex<Anchor>);

#[derive(Debug)]
struct Anchor {
    wall: Timestamp,
    at: Instant,
    last: Timestamp,
}

impl Clock {
    /// One that begins no earlier than `floor`: the time of the last record.
    pub fn starting_at(floor: Timestamp) -> Self {
        Self(Mutex::new(Anchor { wall: wall(), at: Instant::now(), last: floor }))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        let mut anchor = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        anchor.tell(Instant::now(), wall)
    }
}

impl Anchor {
    fn tell(&mut self, at: Instant, wall: impl Fn() -> Timestamp) -> Timestamp {
        let gone = at.saturating_duration_since(self.at);
        let counted = self.wall + gone;
        if gone >= ANCHOR_EVERY {
            self.wall = follow(counted, wall());
            self.at = at;
        }
        self.last = self.last.max(counted);
        self.last
    }
}

/// The machine's time, unless it was set far back: then our own count goes on.
fn follow(counted: Timestamp, wall: Timestamp) -> Timestamp {
    if counted.since(wall) <= STAND_STILL_MAX {
        return wall;
    }
    tracing::warn!(behind_ms = counted.0 - wall.0, "machine clock was set back, counting on");
    counted
}

fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::default() + since
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_begins_at_the_last_record() {
        let ahead = wall() + Duration::from_secs(3_600);
        assert_eq!(Clock::starting_at(ahead).now(), ahead);
        assert!(Clock::starting_at(Timestamp(1)).now() > Timestamp(1));
    }

    #[test]
    fn a_clock_set_back_does_not_turn_time() {
        let start = Instant::now();
        let mut anchor = Anchor { wall: Timestamp(1_000_000), at: start, last: Timestamp(0) };
        let mut before = Timestamp(0);
        for minute in 1..10u64 {
            let at = start + Duration::from_secs(61 * minute);
            let told = anchor.tell(at, || Timestamp(1_000));
            assert!(told > before, "{told:?} after {before:?}");
            before = told;
        }
    }

    #[test]
    fn a_clock_set_forward_is_followed() {
        let start = Instant::now();
        let mut anchor = Anchor { wall: Timestamp(1_000), at: start, last: Timestamp(0) };
        anchor.tell(start + ANCHOR_EVERY, || Timestamp(9_000_000));
        assert_eq!(anchor.tell(start + ANCHOR_EVERY, wall), Timestamp(9_000_000));
    }
}
