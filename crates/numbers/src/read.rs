//! Reads a number as it would be dialed in a country.

use std::panic::{AssertUnwindSafe, catch_unwind};

use compact_str::{CompactString, format_compact};
use model::{Country, Number};
use phonenumber::{
    PhoneNumber, Type, country,
    metadata::{DATABASE, Metadata},
};

/// The most digits that are read. Our choice: E.164 has 15, and an international prefix at most 6 more.
const DIGITS_MAX: usize = 21;

/// The fewest digits of a number that is not an extension or a short code. Our choice: the shortest national numbers
/// have 6, and some of small islands 5 (libphonenumber 9.0.33).
pub(crate) const FULL_DIGITS_MIN: usize = 6;

/// A number whose country code is known.
#[derive(Debug, Clone)]
pub(crate) struct FullNumber {
    /// The number in E.164 format, with the `+`.
    pub(crate) e164: CompactString,
    /// The country code.
    pub(crate) code: u16,
    /// The digits after the country code.
    pub(crate) national: CompactString,
    parsed: PhoneNumber,
}

/// Reads a number. With `+` or the country's international prefix it can have any country code; otherwise it must be
/// valid in the country.
pub(crate) fn read(number: &Number, home: Option<Country>) -> Option<FullNumber> {
    let text = number.as_str();
    let count = number.digits().count();
    if text.contains(['*', '#']) || !(FULL_DIGITS_MIN..=DIGITS_MAX).contains(&count) {
        return None;
    }
    guarded(|| match text.strip_prefix('+') {
        Some(rest) => international(rest),
        None => home.and_then(|home| dialed(text, home)),
    })
}

/// Calls the library, which has panicked on unusual numbers before (RUSTSEC-2024-0369). A caller's number must not end
/// the process.
fn guarded<T>(parse: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(parse)).unwrap_or(None)
}

/// Reads a number as dialed in a country.
fn dialed(text: &str, home: Country) -> Option<FullNumber> {
    let meta = DATABASE.by_id(home.as_str())?;
    let prefix = meta
        .international_prefix()
        .and_then(|prefix| prefix.find(text).map(|found| (found.start(), found.end())));
    if let Some((0, end)) = prefix
        && let Some(full) = international(&text[end..])
    {
        return Some(full);
    }
    let home: country::Id = home.as_str().parse().ok()?;
    let full = FullNumber::of(phonenumber::parse(Some(home), text).ok()?);
    (full.code == meta.country_code() && full.kind() != Type::Unknown).then_some(full)
}

/// Reads the digits after a `+`. The library would strip prefixes by the rules of a given country, so none is given.
fn international(rest: &str) -> Option<FullNumber> {
    if rest.starts_with('0') {
        return None;
    }
    Some(FullNumber::of(phonenumber::parse(None, format!("+{rest}")).ok()?))
}

impl FullNumber {
    fn of(parsed: PhoneNumber) -> Self {
        let code = parsed.code().value();
        let national = format_compact!("{}", parsed.national());
        Self { e164: format_compact!("+{code}{national}"), code, national, parsed }
    }

    /// The type of number; `Unknown` when it is not valid. Tries the patterns of every country with the country code.
    pub(crate) fn kind(&self) -> Type {
        guarded(|| Some(self.parsed.number_type(&DATABASE))).unwrap_or(Type::Unknown)
    }

    /// The country; `None` when the number belongs to no country. As slow as [`FullNumber::kind`].
    pub(crate) fn country(&self) -> Option<Country> {
        guarded(|| self.parsed.metadata(&DATABASE).and_then(|meta| Country::new(meta.id()).ok()))
    }

    /// Whether the number belongs to a country by its own rules. Several countries share a country code, and some share
    /// numbers.
    pub(crate) fn is_in(&self, country: Country) -> bool {
        let Some(meta) = DATABASE.by_id(country.as_str()).filter(|meta| meta.country_code() == self.code)
        else {
            return false;
        };
        let is_toll_free =
            || meta.descriptors().toll_free().is_some_and(|free| free.is_match(&self.national));
        self.country() == Some(country) || (self.kind() == Type::TollFree && is_toll_free())
    }

    /// All ways to dial the number in a country.
    pub(crate) fn ways(&self, home: Option<Country>) -> Vec<Number> {
        ways(self.code, &self.national, home)
    }
}

/// All ways to dial a national number with a country code in a country.
pub(crate) fn ways(code: u16, national: &str, home: Option<Country>) -> Vec<Number> {
    let mut ways = vec![format_compact!("+{code}{national}")];
    if let Some(meta) = home.and_then(|home| DATABASE.by_id(home.as_str())) {
        ways.push(format_compact!("{}{code}{national}", international_prefix(meta)));
        if meta.country_code() == code {
            ways.push(national.into());
            ways.extend(meta.national_prefix().map(|trunk| format_compact!("{trunk}{national}")));
        }
    }
    ways.into_iter().filter_map(|way| Number::new(way).ok()).collect()
}

/// The international prefix. If several are possible, the preferred one; otherwise the pattern, which is then plain
/// digits.
fn international_prefix(meta: &Metadata) -> String {
    let pattern = meta.international_prefix().map(|pattern| pattern.as_str());
    let prefix = meta.preferred_international_prefix().or(pattern).unwrap_or("00");
    prefix.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn e164(text: &str, home: &str) -> Option<String> {
        let home = Country::new(home).ok();
        read(&Number::new(text).unwrap(), home).map(|full| full.e164.to_string())
    }

    #[test]
    fn one_number_is_written_in_many_ways() {
        for text in ["+1 415 555 0100", "011 1 415 555 0100", "1 415 555 0100", "(415) 555-0100"] {
            assert_eq!(e164(text, "US").as_deref(), Some("+14155550100"), "{text}");
        }
        for text in ["+49 (0)30 12345678", "0049 30 12345678", "030 12345678"] {
            assert_eq!(e164(text, "DE").as_deref(), Some("+493012345678"), "{text}");
        }
        assert_eq!(e164("+390612345678", "DE").as_deref(), Some("+390612345678"), "Italy keeps its zero");
        assert_eq!(e164("00390612345678", "DE").as_deref(), Some("+390612345678"));
        assert_eq!(e164("0011 44 20 7946 0000", "AU").as_deref(), Some("+442079460000"));
    }

    #[test]
    fn what_is_not_valid_in_the_country_is_no_full_number() {
        for (text, home) in [
            ("1234567", "TR"),
            ("9014155550100", "TR"),
            ("9014155550100", "US"),
            ("5550100", "US"),
            ("1001", "US"),
            ("*72", "US"),
            ("415555010*", "US"),
        ] {
            assert_eq!(e164(text, home), None, "{text} in {home}");
        }
        assert_eq!(e164("4155550100", ""), None);
        assert_eq!(e164("+4155550100", "").as_deref(), Some("+4155550100"));
        assert_eq!(e164(&"9".repeat(60), "US"), None);
    }

    #[test]
    fn every_country_of_the_model_is_one_of_the_library() {
        for country in Country::all() {
            assert!(DATABASE.by_id(country.as_str()).is_some(), "{country}");
        }
    }
}
