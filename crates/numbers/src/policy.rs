//! The dial policy: which numbers can be dialed from a floor.

use compact_str::CompactString;
use model::{Code, Country, DialPolicy, Floor, Number, NumberClass, NumberPattern, Rejection};
use phonenumber::metadata::DATABASE;
use serde::Serialize;

use crate::{
    class::{NumberKind, kind},
    is_emergency,
    read::{FULL_DIGITS_MIN, read, ways},
};

/// Checks whether a number can be dialed. `is_internal` means that the number is known to reach a phone.
///
/// Emergency numbers are always allowed. Patterns apply to every number; an outside number must also be in a country
/// and of a class that the policy allows.
pub fn check(floor: &Floor, to: &Number, is_internal: bool) -> Result<(), Rejection> {
    if is_emergency(to, floor.country) {
        return Ok(());
    }
    check_patterns(floor, to)?;
    if is_internal || is_internal_number(floor, to) {
        return Ok(());
    }
    let is_listed = !floor.dial_policy.allow.is_empty();
    match kind(to, floor.country) {
        NumberKind::In(Some(country)) if is_listed || reaches(floor, country) => Ok(()),
        NumberKind::In(None) if is_listed || allows_class(floor, NumberClass::International) => Ok(()),
        NumberKind::Class(NumberClass::Unknown) if is_listed => Ok(()),
        NumberKind::Class(class) if allows_class(floor, class) => Ok(()),
        NumberKind::In(country) => Err(refused(to, &abroad(country))),
        NumberKind::Class(class) => Err(refused(to, &of_class(class, floor.country))),
        NumberKind::Undetermined => Err(refused(
            to,
            "the number cannot be interpreted without a country; set country in the floor, such as country = \"US\"",
        )),
    }
}

/// What the dial policy decides for a number, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Whether the number may be dialed.
    pub is_allowed: bool,
    /// What the number is: `emergency`, `internal`, `national`, `international`, or another class of the policy. `undetermined` without a
    /// country of the floor.
    pub class: CompactString,
    /// The country of the number, if it is known.
    pub country: Option<Country>,
    /// The rule that decides, one sentence.
    pub why: String,
    /// Whether the limit of numbers in a minute applies.
    pub is_limited: bool,
}

/// Explains the decision of [`check`] for a number that is not known to reach a phone.
pub fn explain(floor: &Floor, to: &Number) -> Decision {
    let checked = check(floor, to, false);
    let (class, country) = described(floor, to);
    let is_emergency = is_emergency(to, floor.country);
    let why = match &checked {
        Err(refused) => refused.text.to_string(),
        Ok(()) if is_emergency => {
            "it is an emergency number, which no policy, pattern or limit can block".to_owned()
        }
        Ok(()) => allowed_by(floor, to),
    };
    Decision { is_allowed: checked.is_ok(), class: class.into(), country, why, is_limited: !is_emergency }
}

/// The class and the country of a number.
fn described(floor: &Floor, to: &Number) -> (&'static str, Option<Country>) {
    if is_emergency(to, floor.country) {
        return ("emergency", floor.country);
    }
    if is_internal_number(floor, to) {
        return ("internal", None);
    }
    match kind(to, floor.country) {
        NumberKind::In(country) if country.is_some() && country == floor.country => ("national", country),
        NumberKind::In(country) => (NumberClass::International.as_str(), country),
        NumberKind::Class(class) => (class.as_str(), None),
        NumberKind::Undetermined => ("undetermined", None),
    }
}

/// The rule that allows a number, for one that is allowed and is not an emergency number.
fn allowed_by(floor: &Floor, to: &Number) -> String {
    let ways = ways_to(floor, to);
    let pattern = floor.dial_policy.allow.iter().find(|one| ways.iter().any(|way| one.matches(way)));
    if is_internal_number(floor, to) {
        return "it is a phone or queue of the floor, or has at most five digits".to_owned();
    }
    if let Some(pattern) = pattern {
        return format!("it matches {pattern} in dial_policy.allow");
    }
    match kind(to, floor.country) {
        NumberKind::In(Some(country)) if floor.country == Some(country) => {
            format!("it is in {country}, the floor's country")
        }
        NumberKind::In(Some(country)) if floor.dial_policy.countries.contains(&country) => {
            format!("it is in {country}, which is in dial_policy.countries")
        }
        NumberKind::In(_) => "\"international\" is in dial_policy.classes".to_owned(),
        NumberKind::Class(class) => format!("\"{class}\" is in dial_policy.classes"),
        // Such a number is denied.
        NumberKind::Undetermined => "it is allowed".to_owned(),
    }
}

/// Every way to dial a number.
fn ways_to(floor: &Floor, to: &Number) -> Vec<Number> {
    let mut ways = read(to, floor.country).map(|full| full.ways(floor.country)).unwrap_or_default();
    ways.push(to.clone());
    ways
}

fn check_patterns(floor: &Floor, to: &Number) -> Result<(), Rejection> {
    let policy = &floor.dial_policy;
    if policy.deny.is_empty() && policy.allow.is_empty() {
        return Ok(());
    }
    fit(policy, &ways_to(floor, to)).map_err(|why| refused(to, &why))
}

/// Checks a number against the patterns, given every way to dial it. The error is the reason for denial.
fn fit(policy: &DialPolicy, ways: &[Number]) -> Result<(), String> {
    let fits = |pattern: &&NumberPattern| ways.iter().any(|way| pattern.matches(way));
    if let Some(pattern) = policy.deny.iter().find(fits) {
        return Err(format!("it matches {pattern} in dial_policy.deny"));
    }
    if policy.allow.is_empty() || policy.allow.iter().any(|pattern| fits(&pattern)) {
        return Ok(());
    }
    Err("it matches no pattern in dial_policy.allow".to_owned())
}

/// Whether a number reaches a phone or a queue of the floor, or is as short as an extension.
fn is_internal_number(floor: &Floor, to: &Number) -> bool {
    let text = to.as_str();
    let is_extension =
        text.len() < FULL_DIGITS_MIN && text.chars().all(|character| character.is_ascii_digit());
    is_extension
        || floor.queues.iter().any(|queue| queue.id.as_str() == text)
        || floor.agents.iter().any(|agent| agent.device.as_str() == text)
}

fn reaches(floor: &Floor, country: Country) -> bool {
    floor.country == Some(country)
        || floor.dial_policy.countries.contains(&country)
        || allows_class(floor, NumberClass::International)
}

fn allows_class(floor: &Floor, class: NumberClass) -> bool {
    floor.dial_policy.classes.contains(&class)
}

fn refused(to: &Number, why: &str) -> Rejection {
    Rejection::new(Code::NumberRefused, format!("the dial policy denies {to}: {why}"))
}

fn abroad(country: Option<Country>) -> String {
    match country {
        Some(country) => format!(
            "it is an international number, in {country}; add \"{country}\" to dial_policy.countries, or \"international\" to dial_policy.classes"
        ),
        None => "it is an international number that belongs to no country; add \"international\" to dial_policy.classes"
            .to_owned(),
    }
}

fn of_class(class: NumberClass, home: Option<Country>) -> String {
    let is = match class {
        NumberClass::International => "an international number".to_owned(),
        NumberClass::Premium => "a premium number".to_owned(),
        NumberClass::Satellite => "a number of a satellite network or an international network".to_owned(),
        NumberClass::ServiceCode => "a service code".to_owned(),
        NumberClass::Unknown => {
            let place = home.map(|home| format!(" in {home}")).unwrap_or_default();
            format!("an unknown number, not valid{place}")
        }
    };
    format!("it is {is}; add \"{class}\" to dial_policy.classes")
}

/// Describes in one line what the policy allows.
pub fn summary(floor: &Floor) -> String {
    let policy = &floor.dial_policy;
    let (home, abroad): (Vec<_>, Vec<_>) =
        reachable_countries(floor).into_iter().partition(|country| Some(*country) == floor.country);
    let mut parts = vec!["emergency numbers".to_owned(), "extensions".to_owned()];
    parts.extend(home.iter().map(|home| format!("numbers in {home}")));
    parts.extend(match abroad.as_slice() {
        [] => None,
        few if few.len() <= 5 => Some(format!("numbers in {}", joined(few))),
        many => Some(format!("numbers in {} other countries", many.len())),
    });
    parts.extend(
        policy
            .classes
            .iter()
            .filter(|class| **class != NumberClass::International)
            .map(|class| format!("{class} numbers")),
    );
    let limit = match policy.per_minute_max {
        0 => "without a limit".to_owned(),
        limit => format!("at most {limit} a minute for each agent"),
    };
    format!("may be dialed: {}; {limit}", parts.join(", "))
}

/// Warnings about risky settings, each with its key. A key with a dot is in `dial_policy`.
pub fn warnings(floor: &Floor) -> Vec<(&'static str, String)> {
    let policy = &floor.dial_policy;
    let mut warnings = Vec::new();
    if floor.country.is_none() {
        let text = "is not set: numbers without a country code cannot be dialed, and callers are matched by exact digits only; set it, such as country = \"US\"";
        warnings.push(("country", text.to_owned()));
    }
    for class in &policy.classes {
        warnings.push(("dial_policy.classes", class_warning(*class).to_owned()));
    }
    let abroad = reachable_countries(floor)
        .into_iter()
        .filter(|country| floor.country != Some(*country) && !policy.countries.contains(country))
        .collect::<Vec<_>>();
    if !policy.allow.is_empty() && !abroad.is_empty() && !allows_class(floor, NumberClass::International) {
        let (count, some) = (abroad.len(), joined(&abroad[..abroad.len().min(3)]));
        warnings.push((
            "dial_policy.allow",
            format!(
                "allows numbers in {count} countries that dial_policy.countries does not list, such as {some}"
            ),
        ));
    }
    if policy.per_minute_max == 0 {
        warnings.push((
            "dial_policy.per_minute_max",
            "is 0, so the number of calls that an agent can dial in a minute is not limited".to_owned(),
        ));
    }
    warnings
}

fn class_warning(class: NumberClass) -> &'static str {
    match class {
        NumberClass::International => {
            "\"international\" allows numbers in all countries; list the countries that you call in dial_policy.countries instead"
        }
        NumberClass::Premium => "\"premium\" allows numbers that charge the caller extra",
        NumberClass::Satellite => "\"satellite\" allows calls to satellite phones, which are very expensive",
        NumberClass::ServiceCode => {
            "\"service-code\" allows agents to forward phones of the floor to any number"
        }
        NumberClass::Unknown => "\"unknown\" allows numbers whose destination is unknown",
    }
}

fn joined(countries: &[Country]) -> String {
    countries.iter().map(Country::as_str).collect::<Vec<_>>().join(", ")
}

/// The countries in which an ordinary number can be dialed, tested with the library's example numbers.
fn reachable_countries(floor: &Floor) -> Vec<Country> {
    let policy = &floor.dial_policy;
    let is_reached = |country: &Country| {
        let is_named = !policy.allow.is_empty() || reaches(floor, *country);
        is_named && examples(*country, floor.country).iter().any(|ways| fit(policy, ways).is_ok())
    };
    Country::all().filter(is_reached).collect()
}

/// Ordinary numbers of a country, each in every way to dial it at home.
fn examples(country: Country, home: Option<Country>) -> Vec<Vec<Number>> {
    let Some(meta) = DATABASE.by_id(country.as_str()) else { return Vec::new() };
    let kinds = [meta.descriptors().fixed_line(), meta.descriptors().mobile()];
    let national = kinds.into_iter().flatten().filter_map(|kind| kind.example());
    national.map(|national| ways(meta.country_code(), national, home)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floor(json: serde_json::Value) -> Floor {
        serde_json::from_value(json).unwrap()
    }

    fn us(policy: serde_json::Value) -> Floor {
        floor(serde_json::json!({
            "country": "US",
            "queues": [{"id": "7700000", "name": "sales"}],
            "agents": [{"id": "1001", "name": "Ann", "device": "100100", "switch": "pbx"}],
            "dial_policy": policy,
        }))
    }

    fn passes(floor: &Floor, to: &str) -> bool {
        check(floor, &Number::new(to).unwrap(), false).is_ok()
    }

    fn text(floor: &Floor, to: &str) -> String {
        check(floor, &Number::new(to).unwrap(), false).unwrap_err().text.to_string()
    }

    #[test]
    fn the_explanation_agrees_with_the_check_and_names_class_country_and_rule() {
        let open = us(serde_json::json!({
            "countries": ["GB"], "classes": ["premium"], "allow": ["+1.", "+44.", "X!"], "deny": ["+1212."],
        }));
        let closed = us(serde_json::json!({}));
        for (floor, to, class, country, rule) in [
            (&closed, "911", "emergency", "US", "no policy, pattern or limit can block"),
            (&closed, "7700000", "internal", "-", "a phone or queue of the floor"),
            (&closed, "415 555 0100", "national", "US", "it is in US, the floor's country"),
            (&closed, "011442079460000", "international", "GB", "add \"GB\" to dial_policy.countries"),
            (&closed, "*72", "service-code", "-", "add \"service-code\" to dial_policy.classes"),
            (&open, "+442079460000", "international", "GB", "it matches +44. in dial_policy.allow"),
            (&open, "+19005550100", "premium", "-", "it matches +1. in dial_policy.allow"),
            (&open, "+12125550100", "national", "US", "it matches +1212. in dial_policy.deny"),
            (
                &us(serde_json::json!({"countries": ["GB"]})),
                "+442079460000",
                "international",
                "GB",
                "which is in dial_policy.countries",
            ),
            (
                &us(serde_json::json!({"classes": ["premium"]})),
                "+19005550100",
                "premium",
                "-",
                "\"premium\" is in dial_policy.classes",
            ),
            (&floor(serde_json::json!({})), "4155550100", "undetermined", "-", "without a country"),
        ] {
            let number = Number::new(to).unwrap();
            let explained = explain(floor, &number);
            assert_eq!(explained.is_allowed, check(floor, &number, false).is_ok(), "{to}");
            assert_eq!(
                (explained.class.as_str(), explained.is_limited),
                (class, class != "emergency"),
                "{to}"
            );
            assert_eq!(explained.country.as_ref().map_or("-", Country::as_str), country, "{to}");
            assert!(explained.why.contains(rule), "{to}: {}", explained.why);
        }
    }

    #[test]
    fn a_policy_without_rules_allows_the_country() {
        let floor = us(serde_json::json!({}));
        for to in [
            "4155550100",
            "1 415 555 0100",
            "+14155550100",
            "+1 800 555 0100",
            "1002",
            "100100",
            "7700000",
            "112",
            "911",
        ] {
            assert!(passes(&floor, to), "{to}");
        }
        for to in [
            "+19005550100",
            "9005550100",
            "19005550100",
            "*72",
            "#31#",
            "011442079460000",
            "+442079460000",
            "+18765550100",
            "+870773111632",
            "5550100",
        ] {
            assert!(!passes(&floor, to), "{to}");
        }
    }

    #[test]
    fn a_refusal_names_the_class_and_the_key() {
        let floor = us(serde_json::json!({}));
        let premium = "the dial policy denies 9005550100: it is a premium number; add \"premium\" to dial_policy.classes";
        assert_eq!(text(&floor, "9005550100"), premium);
        let abroad = "the dial policy denies +442079460000: it is an international number, in GB; add \"GB\" to dial_policy.countries, or \"international\" to dial_policy.classes";
        assert_eq!(text(&floor, "+442079460000"), abroad);
        assert!(
            text(&floor, "*72")
                .ends_with("it is a service code; add \"service-code\" to dial_policy.classes")
        );
        assert!(text(&floor, "5550100").contains("an unknown number, not valid in US; add \"unknown\""));
    }

    #[test]
    fn what_is_named_is_let_out() {
        let all = us(
            serde_json::json!({"classes": ["premium", "satellite", "service-code", "unknown"], "countries": ["GB"]}),
        );
        for to in ["9005550100", "+870773111632", "*72", "5550100", "+442079460000"] {
            assert!(passes(&all, to), "{to}");
        }
        assert!(!passes(&all, "+493012345678"));
        assert!(passes(&us(serde_json::json!({"classes": ["international"]})), "+493012345678"));
    }

    #[test]
    fn a_pattern_is_for_every_way_to_dial_a_number() {
        let denies =
            us(serde_json::json!({"deny": ["+1415.", "2125550100"], "allow": ["NXXNXXXXXX", "9XXXXXXXXXX"]}));
        for to in ["4155550100", "14155550100", "01114155550100", "+12125550100"] {
            assert!(text(&denies, to).contains("dial_policy.deny"), "{to}");
        }
        assert!(passes(&denies, "+16505550100") && !passes(&denies, "+442079460000"));
        assert!(
            !passes(&denies, "9005550100") && !passes(&denies, "919005550100"),
            "a pattern lets no premium number out"
        );
        let listed = us(serde_json::json!({"allow": ["+44.", "555XXXX"]}));
        assert!(
            passes(&listed, "+442079460000") && passes(&listed, "5550100") && !passes(&listed, "4155550100")
        );
    }

    #[test]
    fn help_can_always_be_called() {
        let floor = us(serde_json::json!({"allow": ["+1."], "deny": ["9!", "1!", "+!"]}));
        assert!(passes(&floor, "911") && passes(&floor, "112") && !passes(&floor, "1001"));
    }

    #[test]
    fn without_a_country_only_a_number_with_its_country_can_be_allowed() {
        let none = floor(serde_json::json!({"dial_policy": {}}));
        assert!(passes(&none, "1001") && passes(&none, "112"));
        assert!(text(&none, "4155550100").contains("set country in the floor"));
        assert!(text(&none, "+14155550100").contains("add \"US\" to dial_policy.countries"));
        let named = floor(serde_json::json!({"dial_policy": {"countries": ["US"], "allow": []}}));
        assert!(
            passes(&named, "+14155550100")
                && !passes(&named, "+19005550100")
                && !passes(&named, "9005550100")
        );
        let listed = floor(serde_json::json!({"dial_policy": {"allow": ["NXXNXXXXXX"]}}));
        assert!(!passes(&listed, "9005550100"), "it may be a premium number");
    }

    #[test]
    fn a_check_lists_what_is_allowed_and_warns() {
        let plain = us(serde_json::json!({}));
        assert_eq!(
            summary(&plain),
            "may be dialed: emergency numbers, extensions, numbers in US; at most 30 a minute for each agent"
        );
        assert_eq!(warnings(&plain), []);
        let wide = us(serde_json::json!({"allow": ["+!"], "classes": ["premium"], "per_minute_max": 0}));
        let keys = warnings(&wide).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        assert_eq!(keys, ["dial_policy.classes", "dial_policy.allow", "dial_policy.per_minute_max"]);
        assert!(
            summary(&wide).contains("other countries, premium numbers; without a limit"),
            "{}",
            summary(&wide)
        );
        assert_eq!(warnings(&Floor::default())[0].0, "country");
    }
}
