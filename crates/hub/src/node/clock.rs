//! The node's time. It goes on at the rate of the monotonic clock, never backwards, and follows the machine's wall clock.
//!
//! A wall clock that is ahead is followed at once. One that is behind, because it was set back or because the journal was written
//! while it ran ahead, is approached slowly: the node's time runs a little slower until the two meet. So rings and wrap-ups take
//! about as long as they should, whatever the wall clock does.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use model::Timestamp;

/// How often the wall clock is read; between two readings time is counted. Ours.
const READ_EVERY: Duration = Duration::from_secs(60);

/// How far the wall clock may be from what was counted without a warning. Ours: time services correct by less.
const JUMP_MIN: Duration = Duration::from_secs(1);

/// Which part of the counted time is left out while the wall clock is behind: one in so many. Ours: a ring of 20 s takes 21 s, and an
/// hour is made up for in 20 hours.
const SLOWER_BY_ONE_IN: u32 = 20;

/// A clock that never runs backwards or stands still, however the machine's is set.
#[derive(Debug)]
pub struct Clock(Mutex<Course>);

impl Clock {
    /// One that begins no earlier than `last`: the time of the last record.
    pub fn starting_at(last: Timestamp) -> Self {
        let wall = wall();
        if last.since(wall) > JUMP_MIN {
            tracing::warn!(
                journal_ms = last.0,
                machine_ms = wall.0,
                ahead_s = last.since(wall).as_secs(),
                "the last event is later than the machine's clock: time goes on from there and slows down until the clock has caught up"
            );
        }
        Self(Mutex::new(Course::new(last, wall, Instant::now())))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        let mut course = self.course();
        let at = Instant::now();
        if course.is_due(at) {
            let wall = wall();
            if let Some(jump) = course.read(wall, at) {
                jump.warn();
            }
        }
        course.at(at)
    }

    /// How far this clock is ahead of the machine's; zero when it is not.
    pub fn ahead(&self) -> Duration {
        self.course().ahead(Instant::now())
    }

    /// The course is whole whatever a thread died of: it is replaced as a whole.
    fn course(&self) -> MutexGuard<'_, Course> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How time goes on from the last reading of the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Course {
    /// When the wall clock was read.
    read_at: Instant,
    /// What it said.
    wall: Timestamp,
    /// What the node's time was.
    told: Timestamp,
}

/// The wall clock is not where it should be after the time that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Jump {
    expected: Timestamp,
    found: Timestamp,
}

impl Course {
    fn new(last: Timestamp, wall: Timestamp, at: Instant) -> Self {
        Self { read_at: at, wall, told: last.max(wall) }
    }

    /// Whether it is time to read the wall clock again.
    fn is_due(&self, at: Instant) -> bool {
        self.gone(at) >= READ_EVERY
    }

    /// Goes on from a reading of the wall clock; says when it jumped since the last one.
    fn read(&mut self, wall: Timestamp, at: Instant) -> Option<Jump> {
        let expected = self.wall + self.gone(at);
        *self = Self { read_at: at, wall, told: self.at(at).max(wall) };
        let off = expected.since(wall).max(wall.since(expected));
        (off > JUMP_MIN).then_some(Jump { expected, found: wall })
    }

    /// The node's time: the wall clock's, or, as long as that is behind, the own one a little slower.
    fn at(&self, at: Instant) -> Timestamp {
        let gone = self.gone(at);
        (self.wall + gone).max(self.told + (gone - gone / SLOWER_BY_ONE_IN))
    }

    fn ahead(&self, at: Instant) -> Duration {
        self.at(at).since(self.wall + self.gone(at))
    }

    fn gone(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.read_at)
    }
}

impl Jump {
    fn warn(self) {
        let (expected_ms, machine_ms) = (self.expected.0, self.found.0);
        if self.found < self.expected {
            let behind_s = self.expected.since(self.found).as_secs();
            tracing::warn!(
                expected_ms,
                machine_ms,
                behind_s,
                "the machine's clock was set back: time goes on and slows down until the clock has caught up"
            );
        } else {
            let ahead_s = self.found.since(self.expected).as_secs();
            tracing::warn!(
                expected_ms,
                machine_ms,
                ahead_s,
                "the machine's clock was set forward, or the machine slept: time follows it at once"
            );
        }
    }
}

fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::default() + since
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);
    const NOON: Timestamp = Timestamp(1_800_000_000_000);

    /// Reads the wall clock, which runs as `wall` says, each minute for `span`; gives the node's time after each minute.
    fn run(
        course: &mut Course,
        start: Instant,
        span: Duration,
        wall: impl Fn(Duration) -> Timestamp,
    ) -> Vec<Timestamp> {
        let minutes = u32::try_from(span.as_secs() / 60).unwrap();
        let minute = |number: u32| READ_EVERY * number;
        let mut told = Vec::new();
        for number in 1..=minutes {
            let at = start + minute(number);
            assert!(course.is_due(at));
            course.read(wall(minute(number)), at);
            told.push(course.at(at));
        }
        told
    }

    #[test]
    fn time_begins_at_the_last_record() {
        let ahead = wall() + HOUR;
        assert!(Clock::starting_at(ahead).now() >= ahead);
        assert!(Clock::starting_at(Timestamp(1)).now() > Timestamp(1));
    }

    #[test]
    fn time_goes_on_although_the_last_record_is_an_hour_ahead() {
        let start = Instant::now();
        let course = Course::new(NOON + HOUR, NOON, start);
        let ring = Duration::from_secs(20);
        let passed = course.at(start + ring).since(NOON + HOUR);
        assert!(passed >= ring * 19 / 20, "20 s have passed, {passed:?} are told");
        assert!(course.ahead(start + ring) < HOUR);
    }

    #[test]
    fn an_hour_is_made_up_for_in_a_day_and_never_by_standing_still() {
        let start = Instant::now();
        let mut course = Course::new(NOON + HOUR, NOON, start);
        let told = run(&mut course, start, HOUR * 24, |gone| NOON + gone);
        for pair in told.windows(2) {
            let minute = pair[1].since(pair[0]);
            assert!(minute >= READ_EVERY * 19 / 20 && minute <= READ_EVERY, "a minute took {minute:?}");
        }
        assert_eq!(told.last(), Some(&(NOON + HOUR * 24)), "it has met the wall clock");
    }

    #[test]
    fn a_clock_set_back_while_running_is_told_and_slows_time_down() {
        let start = Instant::now();
        let mut course = Course::new(NOON, NOON, start);
        let at = start + READ_EVERY;
        let expected = NOON + READ_EVERY;
        let found = Timestamp(expected.0 - 3_600_000);
        assert_eq!(course.read(found, at), Some(Jump { expected, found }));
        assert_eq!(course.at(at), expected);
        assert_eq!(course.at(at + Duration::from_secs(20)), expected + Duration::from_secs(19));
    }

    #[test]
    fn a_clock_set_forward_is_followed_and_told() {
        let start = Instant::now();
        let mut course = Course::new(NOON, NOON, start);
        let found = NOON + HOUR;
        let jump = course.read(found, start + READ_EVERY);
        assert_eq!(jump, Some(Jump { expected: NOON + READ_EVERY, found }));
        assert_eq!(course.at(start + READ_EVERY), found);
    }

    #[test]
    fn what_a_time_service_corrects_is_not_told() {
        let start = Instant::now();
        let mut course = Course::new(NOON, NOON, start);
        let (slow, at) = (Timestamp(NOON.0 + 59_800), start + READ_EVERY);
        assert_eq!(course.read(slow, at), None);
        assert_eq!(course.at(at), NOON + READ_EVERY);
    }
}
