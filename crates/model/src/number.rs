//! Telephone numbers and DTMF digits.

use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest number, in bytes. Our choice: E.164 has 15 digits, and SIP user names are longer.
const NUMBER_BYTES_MAX: usize = 64;

/// The most digits in one request. Our choice.
const DIGITS_MAX: usize = 64;

/// Why a text is not a valid number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is empty after white space and punctuation are removed.
    #[error("the {what} is empty")]
    Empty {
        /// The kind of value: `number` or `digits`.
        what: &'static str,
    },
    /// The text is too long.
    #[error("{what} has {length} characters; the maximum is {length_max}")]
    TooLong {
        /// The kind of value: `number` or `digits`.
        what: &'static str,
        /// The number of characters.
        length: usize,
        /// The allowed number of characters.
        length_max: usize,
    },
    /// The text contains a character that is not on a dial pad.
    #[error("{what} contains {character:?}; allowed are {allowed}")]
    Character {
        /// The kind of value: `number` or `digits`.
        what: &'static str,
        /// The invalid character.
        character: char,
        /// The allowed characters, in words.
        allowed: &'static str,
    },
}

/// A telephone number as it is dialed or shown: digits, `*`, `#`, and an optional leading `+`.
///
/// Spaces, dots, dashes, slashes and brackets are removed when a number is read from text. Numbers are personal data:
/// `Debug` shows only the last four characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "+14155550100")]
pub struct Number(CompactString);

impl Number {
    /// Parses a number as people type it.
    pub fn new(text: impl AsRef<str>) -> Result<Self, NumberError> {
        let text = text.as_ref();
        let mut kept = CompactString::default();
        for character in text.chars() {
            match character {
                '0'..='9' | '*' | '#' => kept.push(character),
                '+' if kept.is_empty() => kept.push(character),
                ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' => {}
                character => {
                    return Err(NumberError::Character {
                        what: "number",
                        character,
                        allowed: "0-9 * # and a leading +",
                    });
                }
            }
            if kept.len() > NUMBER_BYTES_MAX {
                let length = text.chars().count();
                return Err(NumberError::TooLong { what: "number", length, length_max: NUMBER_BYTES_MAX });
            }
        }
        if kept.trim_start_matches('+').is_empty() {
            return Err(NumberError::Empty { what: "number" });
        }
        Ok(Self(kept))
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits only, for peers that accept nothing else.
    pub fn digits(&self) -> impl Iterator<Item = char> + '_ {
        self.0.chars().filter(char::is_ascii_digit)
    }
}

impl TryFrom<CompactString> for Number {
    type Error = NumberError;
    fn try_from(text: CompactString) -> Result<Self, NumberError> {
        Self::new(text)
    }
}

impl From<Number> for CompactString {
    fn from(number: Number) -> Self {
        number.0
    }
}

impl FromStr for Number {
    type Err = NumberError;
    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::new(text)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len().saturating_sub(4);
        write!(out, "…{}", &self.0[shown..])
    }
}

/// DTMF digits to send into a call: 1 to 64 of `0-9 * # A-D`. They can be a card number, so `Debug` shows only how many
/// there are.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "1#")]
pub struct Digits(CompactString);

impl Digits {
    /// Parses digits. Lower-case letters become upper-case.
    pub fn new(text: impl AsRef<str>) -> Result<Self, NumberError> {
        let text = text.as_ref();
        let length = text.chars().count();
        if length == 0 {
            return Err(NumberError::Empty { what: "digits" });
        }
        if length > DIGITS_MAX {
            return Err(NumberError::TooLong { what: "digits", length, length_max: DIGITS_MAX });
        }
        match text.chars().find(|c| !matches!(c, '0'..='9' | '*' | '#' | 'A'..='D' | 'a'..='d')) {
            Some(character) => {
                Err(NumberError::Character { what: "digits", character, allowed: "0-9 * # A-D" })
            }
            None => Ok(Self(CompactString::new(text.to_ascii_uppercase()))),
        }
    }

    /// The digits as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<CompactString> for Digits {
    type Error = NumberError;
    fn try_from(text: CompactString) -> Result<Self, NumberError> {
        Self::new(text)
    }
}

impl From<Digits> for CompactString {
    fn from(digits: Digits) -> Self {
        digits.0
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} digits", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_of_people_is_dropped() {
        assert_eq!(Number::new("+1 (415) 555-0100").unwrap().as_str(), "+14155550100");
    }

    #[test]
    fn what_no_dial_pad_has_is_refused() {
        for text in ["", "+", "12a", "1+2", "12;ls", "\u{0}"] {
            assert!(Number::new(text).is_err(), "{text:?}");
        }
        assert!(Number::new("1".repeat(65)).is_err());
    }

    #[test]
    fn a_number_hides_itself_from_logs() {
        assert_eq!(format!("{:?}", Number::new("+14155550100").unwrap()), "…0100");
        assert_eq!(format!("{:?}", Digits::new("12").unwrap()), "2 digits");
    }
}
