//! Comparison of numbers.

use compact_str::CompactString;
use model::{Country, Number};

use crate::read::read;

/// Digits that carriers send when the caller withholds the number: 266 696 687 spells ANONYMOUS on a dial pad.
const ANONYMOUS: &str = "266696687";

/// How many of the last digits two equal numbers share, unless the shorter one has fewer. Our choice: enough to find a
/// handful of candidates.
const ENDING_DIGITS: usize = 7;

/// A number to compare with others.
#[derive(Debug, Clone)]
pub struct ComparableNumber {
    home: Option<Country>,
    digits: CompactString,
    e164: Option<CompactString>,
    ending: CompactString,
}

impl ComparableNumber {
    /// Reads a number as dialed in the floor's country. `None` when it does not identify a caller: no digits, only
    /// zeros, or the digits for a withheld number.
    pub fn of(number: &Number, home: Option<Country>) -> Option<Self> {
        let digits = digits(number.as_str());
        if digits.trim_start_matches('0').is_empty() || digits == ANONYMOUS {
            return None;
        }
        let full = read(number, home);
        let own = full.as_ref().map_or(digits.as_str(), |full| full.national.as_str());
        let ending = own[own.len().saturating_sub(ENDING_DIGITS)..].into();
        Some(Self { home, digits, e164: full.map(|full| full.e164), ending })
    }

    /// Whether another number is equal: both have the same E.164 form, or, if one of them cannot be read, the same
    /// digits.
    pub fn is(&self, other: &Number) -> bool {
        match (&self.e164, read(other, self.home)) {
            (Some(one), Some(other)) => *one == other.e164,
            (Some(_), None) | (None, Some(_)) | (None, None) => self.digits == digits(other.as_str()),
        }
    }

    /// The last digits that every equal number shares, to find candidates for comparison.
    pub fn ending(&self) -> &str {
        &self.ending
    }
}

/// The digits of a number.
fn digits(number: &str) -> CompactString {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Loads the tables of the library, which takes some milliseconds, before the first call needs them.
pub fn warm_up(home: Option<Country>) {
    let number = Number::new("+14155550100").ok();
    drop(number.and_then(|number| ComparableNumber::of(&number, home)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(one: &str, other: &str, home: &str) -> bool {
        let (one, other) = (Number::new(one).unwrap(), Number::new(other).unwrap());
        let home = Country::new(home).ok();
        let is = ComparableNumber::of(&one, home).is_some_and(|one| one.is(&other));
        let back = ComparableNumber::of(&other, home).is_some_and(|other| other.is(&one));
        assert_eq!(is, back, "{one} and {other}");
        let ending = ComparableNumber::of(&one, home).map(|one| one.ending().to_owned()).unwrap_or_default();
        assert!(!is || digits(other.as_str()).ends_with(&ending), "{ending} {other}");
        is
    }

    #[test]
    fn the_ways_to_write_a_number_are_the_same() {
        for other in ["4155550100", "1 415 555 0100", "011 1 415 555 0100"] {
            assert!(same("+14155550100", other, "US"), "{other}");
        }
        assert!(
            same("030 12345678", "+493012345678", "DE") && same("0049 30 12345678", "030 12345678", "DE")
        );
        assert!(same("14155550100", "+14155550100", "TR"), "no number of the country: its digits count");
        assert!(same("4155550100", "4155550100", "") && same("770", "770", "US") && same("12*", "12", "US"));
    }

    #[test]
    fn an_ending_is_not_the_number() {
        assert!(!same("1234567", "+442071234567", "GB") && !same("1234567", "+442071234567", "TR"));
        assert!(!same("9014155550100", "+14155550100", "US") && !same("9014155550100", "+14155550100", "TR"));
        assert!(
            !same("+9014155550100", "+14155550100", "TR") && !same("+90 141 5555 0100", "+14155550100", "US")
        );
        assert!(!same("5550100", "+14155550100", "US") && !same("4155550100", "+14155550100", "DE"));
    }

    #[test]
    fn a_caller_without_a_number_is_nobody() {
        for number in ["0", "0000000000", "+266696687", "*", "#31#0"] {
            assert!(!same(number, number, "US") || number == "#31#0", "{number}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn any_number_can_be_compared_and_is_itself(text in "\\+?[0-9*#]{1,30}", home in 0..300_usize) {
            let home = Country::all().nth(home);
            let number = Number::new(&text).unwrap();
            if let Some(sameness) = ComparableNumber::of(&number, home) {
                prop_assert!(sameness.is(&number));
                prop_assert!(digits(&text).ends_with(sameness.ending()));
            }
        }
    }
}
