//! Moments and spans for people.

use std::time::Duration;

use model::Timestamp;

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;

/// A moment in UTC, to the second: `2026-11-21 08:15:30`.
pub(crate) fn moment(at: Timestamp) -> String {
    let (year, month, day) = civil(at.0 / DAY_MS);
    let s = at.0 % DAY_MS / 1_000;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", s / 3_600, s / 60 % 60, s % 60)
}

/// The time of day in UTC, to the millisecond: `08:15:30.042`.
pub(crate) fn clock(at: Timestamp) -> String {
    let ms = at.0 % DAY_MS;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}

/// How long something took: `0:42`, `1:02:03`.
pub(crate) fn took(span: Duration) -> String {
    let s = span.as_secs();
    match s / 3_600 {
        0 => format!("{}:{:02}", s / 60, s % 60),
        hours => format!("{hours}:{:02}:{:02}", s / 60 % 60, s % 60),
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
///
/// Years begin in March here, so that the leap day is the last one; an era is 400 years or 146,097 days.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_utc() {
        assert_eq!(moment(Timestamp(0)), "1970-01-01 00:00:00");
        assert_eq!(moment(Timestamp(951_782_400_000)), "2000-02-29 00:00:00");
        assert_eq!(moment(Timestamp(1_795_219_199_999)), "2026-11-20 23:59:59");
        assert_eq!(clock(Timestamp(1_795_219_199_999)), "23:59:59.999");
    }

    #[test]
    fn spans_are_short() {
        assert_eq!(took(Duration::from_secs(42)), "0:42");
        assert_eq!(took(Duration::from_secs(3_723)), "1:02:03");
    }
}
