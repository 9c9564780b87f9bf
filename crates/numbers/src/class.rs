//! The dial policy's class of a number.

use model::{Country, Number, NumberClass};
use phonenumber::Type;

use crate::read::{FULL_DIGITS_MIN, FullNumber, read};

/// Country codes that belong to no country and are expensive to call. Source: ITU-T E.164, list of assigned country
/// codes: 870 Inmarsat, 875 to 877 reserved for maritime mobile, 878 universal personal numbers, 881 satellite systems,
/// 882 and 883 international networks, 888 disaster relief, 991 trials of a correspondence service.
const NETWORKS: [&str; 10] = ["870", "875", "876", "877", "878", "881", "882", "883", "888", "991"];

/// The country code of international premium rate numbers (ITU-T E.169.2).
const PREMIUM_CODE: u16 = 979;

/// Digits that phones dial first to get an outside line. Our choice: the two that are common.
const OUTSIDE_LINES: [char; 2] = ['0', '9'];

/// What a number is, as the dial policy sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberKind {
    /// A number in this country, or in no country.
    In(Option<Country>),
    /// A number of a class that is denied unless the policy allows it.
    Class(NumberClass),
    /// Unknown, because the floor has no country.
    Undetermined,
}

/// Classifies a number that is not internal.
pub(crate) fn kind(number: &Number, home: Option<Country>) -> NumberKind {
    if number.as_str().contains(['*', '#']) {
        return NumberKind::Class(NumberClass::ServiceCode);
    }
    if let Some(full) = read(number, home) {
        return kind_of(&full, number, home);
    }
    if goes_to_network(number.as_str()) {
        return NumberKind::Class(NumberClass::Satellite);
    }
    if home.is_none() && !number.as_str().starts_with('+') {
        return NumberKind::Undetermined;
    }
    let behind_line = number.as_str().strip_prefix(OUTSIDE_LINES).and_then(|rest| Number::new(rest).ok());
    match behind_line.and_then(|rest| read(&rest, home).map(|full| kind_of(&full, &rest, home))) {
        Some(NumberKind::Class(class)) if class != NumberClass::International => NumberKind::Class(class),
        Some(NumberKind::In(_) | NumberKind::Class(_) | NumberKind::Undetermined) | None => {
            NumberKind::Class(class_of_invalid(number, home))
        }
    }
}

fn kind_of(full: &FullNumber, number: &Number, home: Option<Country>) -> NumberKind {
    if goes_to_network(&full.e164) {
        return NumberKind::Class(NumberClass::Satellite);
    }
    if full.code == PREMIUM_CODE {
        return NumberKind::Class(NumberClass::Premium);
    }
    match full.kind() {
        Type::PremiumRate | Type::SharedCost | Type::PersonalNumber | Type::Pager => {
            NumberKind::Class(NumberClass::Premium)
        }
        Type::Unknown => NumberKind::Class(class_of_invalid(number, home)),
        Type::FixedLine
        | Type::Mobile
        | Type::FixedLineOrMobile
        | Type::TollFree
        | Type::Voip
        | Type::Uan
        | Type::Emergency
        | Type::Voicemail
        | Type::ShortCode
        | Type::StandardRate
        | Type::Carrier
        | Type::NoInternational => {
            NumberKind::In(home.filter(|home| full.is_in(*home)).or_else(|| full.country()))
        }
    }
}

fn goes_to_network(e164: &str) -> bool {
    e164.strip_prefix('+').is_some_and(|digits| NETWORKS.iter().any(|code| digits.starts_with(code)))
}

/// The class of an invalid number. Switches ignore digits after the last one that they need, so an invalid number that
/// begins with a premium number counts as premium.
fn class_of_invalid(number: &Number, home: Option<Country>) -> NumberClass {
    let text = number.as_str();
    let lengths = (FULL_DIGITS_MIN..text.len()).rev();
    let beginnings = lengths.filter_map(|length| Number::new(&text[..length]).ok());
    let mut kinds = beginnings.filter_map(|beginning| read(&beginning, home)).map(|full| full.kind());
    let is_premium =
        |kind| matches!(kind, Type::PremiumRate | Type::SharedCost | Type::PersonalNumber | Type::Pager);
    if kinds.any(is_premium) { NumberClass::Premium } else { NumberClass::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, home: &str) -> NumberKind {
        kind(&Number::new(text).unwrap(), Country::new(home).ok())
    }

    fn class(text: &str, home: &str) -> NumberClass {
        match of(text, home) {
            NumberKind::Class(class) => class,
            other @ (NumberKind::In(_) | NumberKind::Undetermined) => panic!("{text} in {home} is {other:?}"),
        }
    }

    #[test]
    fn premium_numbers_are_known_however_they_are_dialed() {
        for text in [
            "+19005550100",
            "19005550100",
            "9005550100",
            "01119005550100",
            "919005550100",
            "+1900555010099",
            "900555010099",
        ] {
            assert_eq!(class(text, "US"), NumberClass::Premium, "{text}");
        }
        assert_eq!(class("+19005550100", ""), NumberClass::Premium);
        assert_eq!(class("09001234567", "DE"), NumberClass::Premium);
        assert_eq!(class("070 1234 5678", "GB"), NumberClass::Premium, "a personal number");
        assert_eq!(class("+979 1 1234 5678", "GB"), NumberClass::Premium);
    }

    #[test]
    fn satellites_and_codes_are_classes_of_their_own() {
        for text in ["+870773111632", "+8816 3155 5555", "0088216 5555 5555", "+88312345"] {
            assert_eq!(class(text, "DE"), NumberClass::Satellite, "{text}");
        }
        for text in ["*72", "*7214155550100", "#31#4155550100", "9*72", "**21*49301234567#"] {
            assert_eq!(class(text, "US"), NumberClass::ServiceCode, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_in_a_country() {
        let country = |code: &str| NumberKind::In(Country::new(code).ok());
        assert_eq!(of("4155550100", "US"), country("US"));
        assert_eq!(of("+1 604 555 0100", "US"), country("CA"));
        assert_eq!(of("+1 876 555 0100", "US"), country("JM"));
        assert_eq!(of("+1 800 555 0100", "CA"), country("CA"), "shared by both");
        assert_eq!(of("011 44 20 7946 0000", "US"), country("GB"));
        assert_eq!(of("+90 212 555 01 00", "TR"), country("TR"));
    }

    #[test]
    fn what_cannot_be_read_is_unknown_or_withheld() {
        assert_eq!(of("5550100", "US"), NumberKind::Class(NumberClass::Unknown));
        assert_eq!(of("+999123456789", ""), NumberKind::Class(NumberClass::Unknown));
        assert_eq!(of("9005550100", ""), NumberKind::Undetermined);
    }
}
