//! Tones of a request to a switch: digits that are known in memory only.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Digits;

/// Tones that a switch is to send.
///
/// They may be a card number, so whatever is written or shown of them says how many there are and nothing else. The digits travel with
/// the request in memory; read back from JSON they are gone.
#[derive(Clone, PartialEq, Eq)]
pub struct Tones {
    count: usize,
    digits: Option<Digits>,
}

impl Tones {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The digits, where they are known.
    pub fn digits(&self) -> Option<&Digits> {
        self.digits.as_ref()
    }

    /// The same number of tones, with their digits forgotten.
    #[must_use]
    pub fn without_digits(&self) -> Self {
        Self { count: self.count, digits: None }
    }
}

impl From<Digits> for Tones {
    fn from(digits: Digits) -> Self {
        Self { count: digits.as_str().len(), digits: Some(digits) }
    }
}

impl std::fmt::Debug for Tones {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} tones", self.count)
    }
}

impl Serialize for Tones {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.count.serialize(to)
    }
}

/// Journals once had the digits themselves: only their count is taken from those.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Count(usize),
    Digits(Digits),
}

impl<'de> Deserialize<'de> for Tones {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(from)? {
            Written::Count(count) => Self { count, digits: None },
            Written::Digits(digits) => Self::from(digits).without_digits(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SwitchRequest;

    fn card() -> SwitchRequest {
        let (call, device) = ("c".parse().unwrap(), "1001".parse().unwrap());
        SwitchRequest::GenerateDigits { call, device, tones: Digits::new("4111").unwrap().into() }
    }

    #[test]
    fn what_is_written_and_shown_says_how_many_only() {
        let written = serde_json::to_string(&card()).unwrap();
        assert_eq!(written, r#"{"service":"generate-digits","call":"c","device":"1001","tones":4}"#);
        assert!(!format!("{:?}", card()).contains("4111"));
        let read: SwitchRequest = serde_json::from_str(&written).unwrap();
        assert_eq!(read, card().without_digits());
    }

    #[test]
    fn a_journal_that_has_digits_is_read_without_them() {
        let old = r#"{"service":"generate-digits","call":"c","device":"1001","digits":"4111"}"#;
        assert_eq!(serde_json::from_str::<SwitchRequest>(old).unwrap(), card().without_digits());
    }
}
