//! Lenient parsing of values as pages send them: numbers instead of texts, texts instead of flags, nothing instead of lists.

use compact_str::{CompactString, ToCompactString};
use serde_json::Value;

use super::limits::TEXT_MAX;

/// A text, or a number as a text. Long texts are cut. `None` for other types and for blank texts.
pub(super) fn text(value: &Value) -> Option<CompactString> {
    let text = match value {
        Value::String(text) => text.trim().chars().take(TEXT_MAX).collect(),
        Value::Number(number) => number.to_compact_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text).filter(|text: &CompactString| !text.is_empty())
}

/// A text that may have several lines, cut after `most` characters.
pub(super) fn long_text(value: &Value, most: usize) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().chars().take(most).collect()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Any value as a text: other types than text and number as JSON. Long texts are cut.
pub(super) fn any_text(value: &Value) -> CompactString {
    match value {
        Value::Null => CompactString::default(),
        Value::String(_) | Value::Number(_) => text(value).unwrap_or_default(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string().chars().take(TEXT_MAX).collect()
        }
    }
}

/// The text of an object's member.
pub(super) fn member(object: &Value, name: &str) -> Option<CompactString> {
    text(object.get(name)?)
}

/// A flag: a boolean, or `Y`, `true`, `1` for yes.
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

/// A count: a number, or a number as a text.
pub(super) fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The texts of a list, at most `most`. A single text counts as a list of one.
pub(super) fn texts(value: &Value, most: usize) -> Vec<CompactString> {
    match value {
        Value::Array(values) => values.iter().filter_map(text).take(most).collect(),
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) | Value::Object(_) => {
            text(value).into_iter().collect()
        }
    }
}

/// The JSON inside a text, or the value itself if it is not a text.
pub(super) fn unpacked(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.clone())
        }
    }
}
