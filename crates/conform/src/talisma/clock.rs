//! The time in messages.

use jiff::{SignedDuration, Timestamp};

/// A time from now, as a message has it.
pub(super) fn at(seconds: i64) -> String {
    let time = Timestamp::now() + SignedDuration::from_secs(seconds);
    format!("{time:.3}")
}

/// A number that is different in each run: the microseconds since 1970.
pub(super) fn unique() -> u128 {
    Timestamp::now().as_microsecond().unsigned_abs().into()
}

/// How many seconds ago a time was. `None` when it cannot be read or is not in UTC.
pub(super) fn age(written: &str) -> Option<i64> {
    let time: Timestamp = written.trim().parse().ok()?;
    written.trim().ends_with('Z').then(|| Timestamp::now().as_second() - time.as_second())
}
