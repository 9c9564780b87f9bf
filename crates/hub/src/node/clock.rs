//! The node's time. It runs at the rate of the monotonic clock, never backward, and follows the machine's wall clock.
//!
//! If the wall clock is ahead, the node's time jumps forward to it. If the wall clock is behind, because it was set back or was ahead when
//! the journal was written, the node's time runs a little slower until both agree. So ring times and wrap-up times stay about right.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use model::Timestamp;

/// How often the wall clock is read. In between, the monotonic clock counts. Our choice.
const READ_EVERY: Duration = Duration::from_secs(60);

/// The largest difference between wall clock and counted time without a warning. Our choice: time services correct by less.
const JUMP_MIN: Duration = Duration::from_secs(1);

/// The divisor by which the node's time is slowed down while the wall clock is behind: one part in 20 is left out. Our choice: a ring of
/// 20 s takes 21 s, and an hour is made up in 20 hours.
const SLOWER_BY_ONE_IN: u32 = 20;

/// A clock that never runs backward or stands still, however the machine's clock is set.
#[derive(Debug)]
pub struct Clock(Mutex<ClockState>);

impl Clock {
    /// Creates a clock that starts no earlier than `last`, the time of the last record.
    pub fn starting_at(last: Timestamp) -> Self {
        let wall = wall_clock();
        if last.since(wall) > JUMP_MIN {
            tracing::warn!(
                journal_ms = last.0,
                machine_ms = wall.0,
                ahead_s = last.since(wall).as_secs(),
                "the last event is later than the machine's clock; the node's time continues from the event and runs slower until the clock has caught up"
            );
        }
        Self(Mutex::new(ClockState::new(last, wall, Instant::now())))
    }

    /// The node's current time.
    pub fn now(&self) -> Timestamp {
        let mut state = self.state();
        let at = Instant::now();
        if state.is_due(at) {
            let wall = wall_clock();
            if let Some(jump) = state.read(wall, at) {
                jump.warn();
            }
        }
        state.at(at)
    }

    /// How far this clock is ahead of the machine's clock; zero if it is not.
    pub fn ahead(&self) -> Duration {
        self.state().ahead(Instant::now())
    }

    /// Locks the state. A poisoned lock is fine, because the state is always replaced as a whole.
    fn state(&self) -> MutexGuard<'_, ClockState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last reading of the wall clock, from which time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ClockState {
    /// When the wall clock was read.
    read_at: Instant,
    /// The time of the wall clock.
    wall: Timestamp,
    /// The node's time at that moment.
    node_time: Timestamp,
}

/// A difference between the wall clock and the counted time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ClockJump {
    expected: Timestamp,
    found: Timestamp,
}

impl ClockState {
    fn new(last: Timestamp, wall: Timestamp, at: Instant) -> Self {
        Self { read_at: at, wall, node_time: last.max(wall) }
    }

    /// Whether the wall clock should be read again.
    fn is_due(&self, at: Instant) -> bool {
        self.gone(at) >= READ_EVERY
    }

    /// Takes a reading of the wall clock. Returns a jump since the last one.
    fn read(&mut self, wall: Timestamp, at: Instant) -> Option<ClockJump> {
        let expected = self.wall + self.gone(at);
        *self = Self { read_at: at, wall, node_time: self.at(at).max(wall) };
        let off = expected.since(wall).max(wall.since(expected));
        (off > JUMP_MIN).then_some(ClockJump { expected, found: wall })
    }

    /// The node's time: that of the wall clock, or, while that is behind, the slower counted time.
    fn at(&self, at: Instant) -> Timestamp {
        let gone = self.gone(at);
        (self.wall + gone).max(self.node_time + (gone - gone / SLOWER_BY_ONE_IN))
    }

    fn ahead(&self, at: Instant) -> Duration {
        self.at(at).since(self.wall + self.gone(at))
    }

    fn gone(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.read_at)
    }
}

impl ClockJump {
    fn warn(self) {
        let (expected_ms, machine_ms) = (self.expected.0, self.found.0);
        if self.found < self.expected {
            let behind_s = self.expected.since(self.found).as_secs();
            tracing::warn!(
                expected_ms,
                machine_ms,
                behind_s,
                "the machine's clock was set back; the node's time continues and runs slower until the clock has caught up"
            );
        } else {
            let ahead_s = self.found.since(self.expected).as_secs();
            tracing::warn!(
                expected_ms,
                machine_ms,
                ahead_s,
                "the machine's clock was set forward, or the machine was suspended; the node's time follows the clock"
            );
        }
    }
}

fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::default() + since
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);
    const NOON: Timestamp = Timestamp(1_800_000_000_000);

    /// Reads the wall clock `wall` each minute for `span`. Returns the node's time after each minute.
    fn run(
        state: &mut ClockState,
        start: Instant,
        span: Duration,
        wall: impl Fn(Duration) -> Timestamp,
    ) -> Vec<Timestamp> {
        let minutes = u32::try_from(span.as_secs() / 60).unwrap();
        let minute = |number: u32| READ_EVERY * number;
        let mut times = Vec::new();
        for number in 1..=minutes {
            let at = start + minute(number);
            assert!(state.is_due(at));
            state.read(wall(minute(number)), at);
            times.push(state.at(at));
        }
        times
    }

    #[test]
    fn time_begins_at_the_last_record() {
        let ahead = wall_clock() + HOUR;
        assert!(Clock::starting_at(ahead).now() >= ahead);
        assert!(Clock::starting_at(Timestamp(1)).now() > Timestamp(1));
    }

    #[test]
    fn time_goes_on_although_the_last_record_is_an_hour_ahead() {
        let start = Instant::now();
        let state = ClockState::new(NOON + HOUR, NOON, start);
        let ring = Duration::from_secs(20);
        let passed = state.at(start + ring).since(NOON + HOUR);
        assert!(passed >= ring * 19 / 20, "20 s have passed, {passed:?} are told");
        assert!(state.ahead(start + ring) < HOUR);
    }

    #[test]
    fn an_hour_is_made_up_for_in_a_day_and_never_by_standing_still() {
        let start = Instant::now();
        let mut state = ClockState::new(NOON + HOUR, NOON, start);
        let times = run(&mut state, start, HOUR * 24, |gone| NOON + gone);
        for pair in times.windows(2) {
            let minute = pair[1].since(pair[0]);
            assert!(minute >= READ_EVERY * 19 / 20 && minute <= READ_EVERY, "a minute took {minute:?}");
        }
        assert_eq!(times.last(), Some(&(NOON + HOUR * 24)), "it has met the wall clock");
    }

    #[test]
    fn a_clock_set_back_while_running_is_reported_and_slows_time_down() {
        let start = Instant::now();
        let mut state = ClockState::new(NOON, NOON, start);
        let at = start + READ_EVERY;
        let expected = NOON + READ_EVERY;
        let found = Timestamp(expected.0 - 3_600_000);
        assert_eq!(state.read(found, at), Some(ClockJump { expected, found }));
        assert_eq!(state.at(at), expected);
        assert_eq!(state.at(at + Duration::from_secs(20)), expected + Duration::from_secs(19));
    }

    #[test]
    fn a_clock_set_forward_is_followed_and_reported() {
        let start = Instant::now();
        let mut state = ClockState::new(NOON, NOON, start);
        let found = NOON + HOUR;
        let jump = state.read(found, start + READ_EVERY);
        assert_eq!(jump, Some(ClockJump { expected: NOON + READ_EVERY, found }));
        assert_eq!(state.at(start + READ_EVERY), found);
    }

    #[test]
    fn after_an_hour_forward_and_back_a_wrap_up_takes_hardly_longer() {
        let start = Instant::now();
        let mut state = ClockState::new(NOON, NOON, start);
        let (forward, back) = (start + READ_EVERY, start + READ_EVERY * 2);
        state.read(NOON + READ_EVERY + HOUR, forward);
        let shown = state.at(forward);
        state.read(NOON + READ_EVERY * 2, back);
        assert!(state.at(back) > shown, "time does not run backward");
        let wrap_up = Duration::from_secs(30);
        let passed = state.at(back + wrap_up).since(state.at(back));
        assert!(
            passed >= wrap_up * 19 / 20 && passed <= wrap_up,
            "30 s have passed, the clock shows {passed:?}"
        );
    }

    #[test]
    fn what_a_time_service_corrects_is_not_reported() {
        let start = Instant::now();
        let mut state = ClockState::new(NOON, NOON, start);
        let (slow, at) = (Timestamp(NOON.0 + 59_800), start + READ_EVERY);
        assert_eq!(state.read(slow, at), None);
        assert_eq!(state.at(at), NOON + READ_EVERY);
    }
}
