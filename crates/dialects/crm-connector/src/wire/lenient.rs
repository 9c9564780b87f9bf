//! Values as pages really send them: numbers for texts, texts for flags, nothing for lists.

use compact_str::{CompactString, ToCompactString};
use serde_json::Value;

use super::limits::TEXT_MAX;

/// A text; of a number its digits. Longer ones are cut. `None` for what is neither, and for a text of blanks.
pub(super) fn text(value: &Value) -> Option<CompactString> {
    let text = match value {
        Value::String(text) => text.trim().chars().take(TEXT_MAX).collect(),
        Value::Number(number) => number.to_compact_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text).filter(|text: &CompactString| !text.is_empty())
}

/// A text of more than one line, of at most so many characters.
pub(super) fn long_text(value: &Value, most: usize) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().chars().take(most).collect()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whatever a value is, as a text: of what is neither text nor number its JSON. Longer ones are cut.
pub(super) fn any_text(value: &Value) -> CompactString {
    match value {
        Value::Null => CompactString::default(),
        Value::String(_) | Value::Number(_) => text(value).unwrap_or_default(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string().chars().take(TEXT_MAX).collect()
        }
    }
}

/// A member's text.
pub(super) fn member(object: &Value, name: &str) -> Option<CompactString> {
    text(object.get(name)?)
}

/// A flag: JSON's own, or `Y`, `true`, `1` for yes.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" | "true" | "1" => Some(true),
            "n" | "no" | "false" | "0" => Some(false),
            _ => None,
        },
        Value::Number(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A count: JSON's own, or one written as a text.
pub(super) fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The texts of a list, at most so many; of a single text a list of one.
pub(super) fn texts(value: &Value, most: usize) -> Vec<CompactString> {
    match value {
        Value::Array(values) => values.iter().filter_map(text).take(most).collect(),
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) | Value::Object(_) => {
            text(value).into_iter().collect()
        }
    }
}

/// What a text holds as JSON, or the value itself where it is no text.
pub(super) fn unpacked(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.clone())
        }
    }
}
