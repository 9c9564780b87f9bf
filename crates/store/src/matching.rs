//! Search for numbers and names. `numbers::ComparableNumber` decides which numbers are equal.

use model::{Contact, InteractionSummary, Number};

/// The most contacts that are returned for one number. Our choice: an agent chooses among them while a customer waits.
pub const CANDIDATES_MAX: usize = 10;

/// The digits of a number.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The digits of a number in reverse order, so that numbers with the same ending are neighbors in an index.
pub(crate) fn reversed(number: &str) -> String {
    number.chars().rev().filter(char::is_ascii_digit).collect()
}

/// The digits of the customer's number, if it has any.
pub(crate) fn customer_digits(summary: &InteractionSummary) -> Option<String> {
    let digits = digits(summary.interaction.customer.at.number()?);
    if digits.is_empty() { None } else { Some(digits) }
}

/// A parsed search text.
pub(crate) struct Search {
    /// The text to find in names, in lower case.
    pub(crate) text: String,
    /// The digits to find in numbers, reversed; `None` when the text is not a number.
    pub(crate) reversed: Option<String>,
}

impl Search {
    /// Parses a search text.
    pub(crate) fn new(text: &str) -> Self {
        let number = Number::new(text).ok().map(|number| reversed(number.as_str()));
        Self { text: folded(text), reversed: number.filter(|digits| !digits.is_empty()) }
    }

    /// Whether a contact matches.
    pub(crate) fn finds(&self, contact: &Contact) -> bool {
        let in_number = |number: &Number, digits: &str| reversed(number.as_str()).contains(digits);
        let by_number = |digits: &String| contact.numbers.iter().any(|number| in_number(number, digits));
        folded(&contact.name).contains(&self.text) || self.reversed.as_ref().is_some_and(by_number)
    }
}

/// A name in the form in which it is sorted and searched.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}
