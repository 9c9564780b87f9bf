//! Times and durations as text.

use std::time::Duration;

use jiff::tz::TimeZone;
use model::Timestamp;

/// The time zone in which times are shown.
pub(crate) struct Zone(TimeZone);

impl Zone {
    /// Coordinated Universal Time.
    #[cfg(test)]
    pub(crate) const UTC: Self = Self(TimeZone::UTC);

    /// The time zone of this machine, or the one that the variable `TZ` names.
    pub(crate) fn local() -> Self {
        Self(TimeZone::system())
    }

    /// Date and time to the second, with the offset from UTC: `2026-11-21 09:15:30 +01:00`.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        self.format(at, "%Y-%m-%d %H:%M:%S %:z")
    }

    /// The time of day to the millisecond: `09:15:30.042`.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        self.format(at, "%H:%M:%S%.3f")
    }

    /// A time that no calendar has is shown as its milliseconds.
    fn format(&self, at: Timestamp, format: &str) -> String {
        let time = i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        match time {
            Some(time) => time.to_zoned(self.0.clone()).strftime(format).to_string(),
            None => at.0.to_string(),
        }
    }
}

/// Date and time in UTC, in ISO 8601: `2026-11-21T08:15:30.042Z`.
pub(super) fn iso(at: Timestamp) -> String {
    wire::soap::rfc3339(at.0)
}

/// A duration: `0:42`, `1:02:03`.
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
    fn moments_have_the_offset_of_their_zone() {
        let berlin = Zone(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap());
        assert_eq!(Zone::UTC.moment(Timestamp(0)), "1970-01-01 00:00:00 +00:00");
        assert_eq!(berlin.moment(Timestamp(1_795_219_199_999)), "2026-11-21 00:59:59 +01:00");
        assert_eq!(berlin.moment(Timestamp(1_782_864_000_000)), "2026-07-01 02:00:00 +02:00");
        assert_eq!(berlin.clock(Timestamp(1_795_219_199_999)), "00:59:59.999");
        assert_eq!(iso(Timestamp(1_795_219_199_999)), "2026-11-20T23:59:59.999Z");
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(took(Duration::from_secs(42)), "0:42");
        assert_eq!(took(Duration::from_secs(3_723)), "1:02:03");
    }
}
