//! Durations in text: `250ms`, `30s`, `5m`, `8h`, `7d`.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

/// The units, the largest first, with their milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A duration, written as a whole number and a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span(Duration);

impl Span {
    /// A duration in milliseconds.
    pub const fn ms(ms: u64) -> Self {
        Self(Duration::from_millis(ms))
    }

    /// A duration in seconds.
    pub const fn s(s: u64) -> Self {
        Self(Duration::from_secs(s))
    }

    /// The duration for the standard library.
    pub const fn duration(self) -> Duration {
        self.0
    }

    /// The number of milliseconds.
    pub fn as_ms(self) -> u64 {
        // Each duration was made from milliseconds or seconds in 64 bits, checked for overflow.
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }
}

/// The error for a text that is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time; expected a whole number and a unit, such as 250ms, 30s, 5m, 8h or 7d")]
pub struct SpanError(String);

impl FromStr for Span {
    type Err = SpanError;
    fn from_str(text: &str) -> Result<Self, SpanError> {
        let refused = || SpanError(text.to_owned());
        let split = text.find(|character: char| !character.is_ascii_digit()).ok_or_else(refused)?;
        let (amount, unit) = text.split_at(split);
        let amount: u64 = amount.parse().map_err(|_| refused())?;
        let (_, unit_ms) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(refused)?;
        amount.checked_mul(*unit_ms).map(Self::ms).ok_or_else(refused)
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;
    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.as_ms();
        let fits = |(_, unit_ms): &&(&str, u64)| ms >= *unit_ms && ms.is_multiple_of(*unit_ms);
        match UNITS.iter().find(fits) {
            Some((unit, unit_ms)) => write!(out, "{}{unit}", ms / unit_ms),
            None => out.write_str("0s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_and_written() {
        for text in ["250ms", "30s", "5m", "8h", "7d", "90s", "0s"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("1000ms".parse::<Span>().unwrap().to_string(), "1s");
    }

    #[test]
    fn an_invalid_span_is_refused() {
        for text in ["", "30", "s", "30 s", "-1s", "1.5s", "1w", "18446744073709551615d"] {
            let error = text.parse::<Span>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("{text:?} is not a time")), "{error}");
        }
    }
}
