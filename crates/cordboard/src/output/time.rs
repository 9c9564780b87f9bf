//! Moments and spans for people.

use std::time::Duration;

use model::Timestamp;

/// A moment in UTC, to the second: `2026-11-21 08:15:30`.
pub(crate) fn moment(at: Timestamp) -> String {
    let (date, time) = date_and_time(at);
    format!("{date} {}", time.split('.').next().unwrap_or_default())
}

/// The time of day in UTC, to the millisecond: `08:15:30.042`.
pub(crate) fn clock(at: Timestamp) -> String {
    date_and_time(at).1
}

/// The date, and the time of day to the millisecond, in UTC.
fn date_and_time(at: Timestamp) -> (String, String) {
    let text = wire::soap::rfc3339(at.0);
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    (date.to_owned(), time.trim_end_matches('Z').to_owned())
}

/// How long something took: `0:42`, `1:02:03`.
pub(crate) fn took(span: Duration) -> String {
    let s = span.as_secs();
    match s / 3_600 {
        0 => format!("{}:{:02}", s / 60, s % 60),
        hours => format!("{hours}:{:02}:{:02}", s / 60 % 60, s % 60),
    }
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
