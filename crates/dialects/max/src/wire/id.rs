//! Contact IDs: whole numbers, written as text or as numbers, compared as text (max.md §3.1).

use std::fmt;

use compact_str::CompactString;
use serde_json::Value;

use super::limits::ID_DIGITS_MAX;

/// The largest integer up to which JavaScript represents all integers exactly: `Number.MAX_SAFE_INTEGER`.
const SAFE_MAX: u64 = (1 << 53) - 1;

/// A contact ID: digits without leading zeros, never zero.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContactId(CompactString);

/// A value that is not a valid ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoId;

impl ContactId {
    /// Parses the value that a page gave. `None` if it is absent, null or empty.
    pub fn given(value: Option<&Value>) -> Result<Option<Self>, NoId> {
        match value {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => Self::from_digits(text).map(Some).ok_or(NoId),
            Some(Value::Number(number)) => Self::from_digits(&number.to_string()).map(Some).ok_or(NoId),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => Err(NoId),
        }
    }

    /// Parses digits. Zero is not a valid ID.
    pub fn from_digits(text: &str) -> Option<Self> {
        let digits = text.trim_start_matches('0');
        let fits = !digits.is_empty()
            && digits.len() <= ID_DIGITS_MAX
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(digits.into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ID as a number if JavaScript represents it exactly, else as text.
    pub fn to_value(&self) -> Value {
        match self.0.parse::<u64>() {
            Ok(number) if number <= SAFE_MAX => Value::from(number),
            Ok(_) | Err(_) => Value::from(self.0.as_str()),
        }
    }
}

impl From<u64> for ContactId {
    fn from(number: u64) -> Self {
        Self(number.to_string().into())
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_page_gives_is_an_id_none_or_wrong() {
        let given = |value: Value| ContactId::given(Some(&value));
        for value in [json!(304828365), json!("304828365"), json!("0304828365")] {
            assert_eq!(given(value.clone()).unwrap().unwrap().as_str(), "304828365", "{value}");
        }
        for value in [json!(null), json!("")] {
            assert_eq!(given(value.clone()), Ok(None), "{value}");
        }
        assert_eq!(ContactId::given(None), Ok(None));
        for value in [
            json!(0),
            json!("0"),
            json!("abc"),
            json!(-5),
            json!("-5"),
            json!(1.5),
            json!({}),
            json!([1]),
            json!(true),
        ] {
            assert_eq!(given(value.clone()), Err(NoId), "{value}");
        }
        assert_eq!(given(json!("1".repeat(33))), Err(NoId));
    }

    #[test]
    fn an_id_that_javascript_cannot_hold_stays_text() {
        let id = |text: &str| ContactId::from_digits(text).unwrap().to_value();
        assert_eq!(id("9007199254740991"), json!(9_007_199_254_740_991_u64));
        assert_eq!(id("9007199254740992"), json!("9007199254740992"));
    }
}
