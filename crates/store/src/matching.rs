//! How numbers and names are searched for. Which two numbers are the same `numbers::Sameness` says.

use model::{Contact, InteractionSummary, Number};

/// The most contacts that are given for one number. Ours: an agent chooses among them while somebody waits.
pub const CANDIDATES_MAX: usize = 10;

/// The digits of a number.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The digits of a number, the last one first: numbers with the same ending have the same beginning here and stand together in an index.
pub(crate) fn reversed(number: &str) -> String {
    number.chars().rev().filter(char::is_ascii_digit).collect()
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
