//! When two numbers, or a text and a contact, are taken for the same.

use model::{Contact, InteractionSummary, Number};

/// How many digits two numbers must share at their end to be taken for the same. Ours: a subscriber number without prefixes.
pub const MATCH_DIGITS_MIN: usize = 7;

/// The digits of a number.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The digits of a number, the last one first: numbers with the same ending have the same beginning here and stand together in an index.
pub(crate) fn reversed(number: &str) -> String {
    number.chars().rev().filter(char::is_ascii_digit).collect()
}

/// Whether one of two numbers, both reversed, is the ending of the other. Zeros in front, which are prefixes for dialling, do not count.
pub(crate) fn same_ending(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_end_matches('0'), other.trim_end_matches('0'));
    one.len().min(other.len()) >= MATCH_DIGITS_MIN && (one.starts_with(other) || other.starts_with(one))
}

/// The digits of the customer's number, where it has any.
pub(crate) fn customer_digits(summary: &InteractionSummary) -> Option<String> {
    let digits = digits(summary.interaction.customer.at.number()?);
    if digits.is_empty() { None } else { Some(digits) }
}

/// What a text is searched for by.
pub(crate) struct Search {
    /// In names, in lower case.
    pub(crate) text: String,
    /// In numbers, reversed; only where the text is a number.
    pub(crate) reversed: Option<String>,
}

impl Search {
    /// Reads what somebody typed.
    pub(crate) fn new(text: &str) -> Self {
        let number = Number::new(text).ok().map(|number| reversed(number.as_str()));
        Self { text: folded(text), reversed: number.filter(|digits| !digits.is_empty()) }
    }

    /// Whether a contact is one that is looked for.
    pub(crate) fn finds(&self, contact: &Contact) -> bool {
        let in_number = |number: &Number, digits: &str| reversed(number.as_str()).contains(digits);
        let by_number = |digits: &String| contact.numbers.iter().any(|number| in_number(number, digits));
        folded(&contact.name).contains(&self.text) || self.reversed.as_ref().is_some_and(by_number)
    }
}

/// A name as it is sorted and searched by.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        same_ending(&reversed(one), &reversed(other))
    }

    #[test]
    fn prefixes_for_dialling_do_not_matter() {
        assert!(same("+1 415 555 0100", "4155550100"));
        assert!(same("0415550100", "+61415550100"));
        assert!(same("0049 30 1234567", "030 1234567"));
        assert!(same("5550100", "+14155550100"));
    }

    #[test]
    fn another_area_or_too_few_digits_is_another_number() {
        assert!(!same("+14155550100", "+12125550100"));
        assert!(!same("550100", "+14155550100"));
        assert!(!same("0550100", "+14150550100"));
        assert!(!same("0000000000", "0000000000"));
    }
}
