//! DTMF tones of a request to a switch. The digits exist in memory only.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Digits;

/// DTMF tones for a switch to send.
///
/// The digits can be a card number, so JSON and `Debug` contain only their number. The digits stay with the request in
/// memory; a request that is read from JSON does not have them.
#[derive(Clone, PartialEq, Eq)]
pub struct Tones {
    count: usize,
    digits: Option<Digits>,
}

impl Tones {
    /// The number of tones.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The digits; `None` when the tones were read from JSON.
    pub fn digits(&self) -> Option<&Digits> {
        self.digits.as_ref()
    }

    /// A copy without the digits.
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

/// Tones as stored in a journal. Journals of older versions contain the digits; only their number is used.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredTones {
    Count(usize),
    Digits(Digits),
}

impl<'de> Deserialize<'de> for Tones {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match StoredTones::deserialize(from)? {
            StoredTones::Count(count) => Self { count, digits: None },
            StoredTones::Digits(digits) => Self::from(digits).without_digits(),
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
    fn what_is_written_and_shown_is_their_count_only() {
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
