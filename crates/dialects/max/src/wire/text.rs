//! Values on the wire (max.md §6.1): all are texts.

use serde_json::Value;

/// A flag as MAX writes it.
pub(super) fn boolean_text(is: bool) -> Value {
    Value::from(if is { "True" } else { "False" })
}

/// Parses a flag: `True`, `true`, `on`, or a boolean.
pub(super) fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(is)) => *is,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("on"),
        Some(Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => false,
    }
}

/// A text, or a number as text.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The member with a name. If there is none, one whose name differs only in case.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let members = object.as_object()?;
    members.get(name).or_else(|| {
        members.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

/// The first characters of a text.
pub(crate) fn clipped(text: &str, chars_max: usize) -> &str {
    text.char_indices().nth(chars_max).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn truths_and_names_are_read_as_people_write_them() {
        for value in [json!("True"), json!("true"), json!("ON"), json!(true)] {
            assert!(is_true(Some(&value)), "{value}");
        }
        for value in [json!("False"), json!(""), json!(1), json!(null)] {
            assert!(!is_true(Some(&value)), "{value}");
        }
        let event = json!({"ContactId": "1", "contactID": "2"});
        assert_eq!(member(&event, "contactID"), Some(&json!("2")));
        assert!(member(&event, "CONTACTID").is_some());
        assert_eq!(clipped("äöü", 2), "äö");
    }
}
