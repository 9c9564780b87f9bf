//! Which class of the dial policy a number is of.

use model::{Country, Number, NumberClass};
use phonenumber::Type;

use crate::read::{FULL_DIGITS_MIN, Full, read};

/// Country codes that belong to no country, and no caller's tariff covers. Source: ITU-T E.164, list of assigned country codes: 870 Inmarsat, 875 to 877 kept
/// for maritime mobile, 878 personal numbers everywhere, 881 satellite systems, 882 and 883 international networks, 888 relief in disasters, 991 trials of
/// a correspondence service.
const NETWORKS: [&str; 10] = ["870", "875", "876", "877", "878", "881", "882", "883", "888", "991"];

/// The country code of international premium rate numbers (ITU-T E.169.2).
const PREMIUM_CODE: u16 = 979;

/// Digits that phones dial first to get an outside line. Ours: the two that are in use.
const OUTSIDE_LINES: [char; 2] = ['0', '9'];

/// What a number is, as the dial policy sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number in this country, or in none of them.
    In(Option<Country>),
    /// A number of a class that is denied unless it is named.
    Class(NumberClass),
    /// Cannot be told without knowing the floor's country.
    Untold,
}

/// Says what a number is that is no internal one.
pub(crate) fn kind(number: &Number, home: Option<Country>) -> Kind {
    if number.as_str().contains(['*', '#']) {
        return Kind::Class(NumberClass::ServiceCode);
    }
    if let Some(full) = read(number, home) {
        return kind_of(&full, number, home);
    }
    if goes_to_network(number.as_str()) {
        return Kind::Class(NumberClass::Satellite);
    }
    if home.is_none() && !number.as_str().starts_with('+') {
        return Kind::Untold;
    }
    let behind_line = number.as_str().strip_prefix(OUTSIDE_LINES).and_then(|rest| Number::new(rest).ok());
    match behind_line.and_then(|rest| read(&rest, home).map(|full| kind_of(&full, &rest, home))) {
        Some(Kind::Class(class)) if class != NumberClass::International => Kind::Class(class),
        Some(Kind::In(_) | Kind::Class(_) | Kind::Untold) | None => Kind::Class(hidden(number, home)),
    }
}

fn kind_of(full: &Full, number: &Number, home: Option<Country>) -> Kind {
    if goes_to_network(&full.e164) {
        return Kind::Class(NumberClass::Satellite);
    }
    if full.code == PREMIUM_CODE {
        return Kind::Class(NumberClass::Premium);
    }
    match full.kind {
        Type::PremiumRate | Type::SharedCost | Type::PersonalNumber | Type::Pager => {
            Kind::Class(NumberClass::Premium)
        }
        Type::Unknown => Kind::Class(hidden(number, home)),
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
        | Type::NoInternational => Kind::In(home.filter(|home| full.is_in(*home)).or(full.country)),
    }
}

fn goes_to_network(e164: &str) -> bool {
    e164.strip_prefix('+').is_some_and(|digits| NETWORKS.iter().any(|code| digits.starts_with(code)))
}

/// What a number that is not valid is: switches pass over digits after the last one they need, so one that begins with a premium number
/// is one.
fn hidden(number: &Number, home: Option<Country>) -> NumberClass {
    let text = number.as_str();
    let lengths = (FULL_DIGITS_MIN..text.len()).rev();
    let beginnings = lengths.filter_map(|length| Number::new(&text[..length]).ok());
    let mut kinds = beginnings.filter_map(|beginning| read(&beginning, home)).map(|full| full.kind);
    let is_premium =
        |kind| matches!(kind, Type::PremiumRate | Type::SharedCost | Type::PersonalNumber | Type::Pager);
    if kinds.any(is_premium) { NumberClass::Premium } else { NumberClass::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, home: &str) -> Kind {
        kind(&Number::new(text).unwrap(), Country::new(home).ok())
    }

    fn class(text: &str, home: &str) -> NumberClass {
        match of(text, home) {
            Kind::Class(class) => class,
            other => panic!("{text} in {home} is {other:?}"),
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
        let country = |code: &str| Kind::In(Country::new(code).ok());
        assert_eq!(of("4155550100", "US"), country("US"));
        assert_eq!(of("+1 604 555 0100", "US"), country("CA"));
        assert_eq!(of("+1 876 555 0100", "US"), country("JM"));
        assert_eq!(of("+1 800 555 0100", "CA"), country("CA"), "shared by both");
        assert_eq!(of("011 44 20 7946 0000", "US"), country("GB"));
        assert_eq!(of("+90 212 555 01 00", "TR"), country("TR"));
    }

    #[test]
    fn what_cannot_be_read_is_unknown_or_untold() {
        assert_eq!(of("5550100", "US"), Kind::Class(NumberClass::Unknown));
        assert_eq!(of("+999123456789", ""), Kind::Class(NumberClass::Unknown));
        assert_eq!(of("9005550100", ""), Kind::Untold);
    }
}
