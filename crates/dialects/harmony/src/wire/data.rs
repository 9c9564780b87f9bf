//! The data of an interaction. The protocol nests it and the hub does not: a nested value gets the names on its path, joined by dots.

use std::fmt;

use compact_str::CompactString;
use model::{Data, DataError};
use serde_json::{Map, Value};

use super::limits::{DATA_DEPTH_MAX, ENTRIES_MAX, OMITTED_NAME_CHARS_MAX, OMITTED_NAMED_MAX};

/// Data without nesting. A value that the hub cannot keep does not affect the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlatData {
    /// The pairs.
    pub set: Data,
    /// The names whose value is `null`.
    pub unset: Vec<CompactString>,
    /// The names whose value cannot be kept.
    pub omitted: Omitted,
}

/// Names of data that cannot be kept, with the reasons. `Display` writes the first ones and the number of the others; never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Omitted {
    first: Vec<String>,
    others: usize,
}

impl Omitted {
    /// Whether all data can be kept.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Adds a name.
    pub fn add(&mut self, name: &str, why: impl fmt::Display) {
        if self.first.len() >= OMITTED_NAMED_MAX {
            self.others += 1;
            return;
        }
        let short: String = name.chars().take(OMITTED_NAME_CHARS_MAX).collect();
        self.first.push(format!("{short:?} {why}"));
    }
}

impl fmt::Display for Omitted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.first.join("; "))?;
        if self.others > 0 { write!(out, "; and {} more", self.others) } else { Ok(()) }
    }
}

/// Flattens data. `None` if it is not an object; `null` is an empty one.
pub fn flatten(value: &Value) -> Option<FlatData> {
    let mut flat = FlatData::default();
    match value {
        Value::Null => {}
        Value::Object(object) => flat.walk(object, "", 1),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return None,
    }
    Some(flat)
}

/// The pairs in the protocol's form. Names with dots are not nested again.
pub fn nest(data: &Data) -> Map<String, Value> {
    data.iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

impl FlatData {
    fn walk(&mut self, object: &Map<String, Value>, path: &str, depth: usize) {
        for (name, value) in object {
            let name = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match value {
                Value::String(text) => self.keep(&name, text),
                Value::Number(number) => self.keep(&name, &number.to_string()),
                Value::Bool(flag) => self.keep(&name, if *flag { "true" } else { "false" }),
                Value::Null if self.unset.len() < ENTRIES_MAX => self.unset.push(name.into()),
                Value::Null => {
                    self.omitted.add(&name, format_args!("is not removed: at most {ENTRIES_MAX} names are"));
                }
                Value::Object(inner) if depth < DATA_DEPTH_MAX => self.walk(inner, &name, depth + 1),
                Value::Object(_) => {
                    self.omitted.add(&name, format_args!("is nested deeper than {DATA_DEPTH_MAX} levels"));
                }
                Value::Array(_) => self.omitted.add(&name, "is a list, expected a text or an object"),
            }
        }
    }

    fn keep(&mut self, name: &str, value: &str) {
        if let Err(error) = self.set.set(name, value) {
            self.omitted.add(name, reason(&error));
        }
    }

    /// Omits the new pairs for which `known` has no room.
    pub fn fit(&mut self, known: &Data) {
        let mut all = known.clone();
        for (name, value) in std::mem::take(&mut self.set).iter() {
            match all.set(name, value) {
                Ok(()) => self.keep(name, value),
                Err(error) => self.omitted.add(name, reason(&error)),
            }
        }
    }
}

fn reason(error: &DataError) -> String {
    match error {
        DataError::TooMany => "is one pair too many".to_owned(),
        DataError::NoName => "is an empty name".to_owned(),
        DataError::LongName { bytes } => format!("is a name of {bytes} bytes"),
        DataError::LongValue { bytes, .. } => format!("has {bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flat(value: &Value) -> FlatData {
        flatten(value).unwrap()
    }

    #[test]
    fn levels_become_dots_and_null_takes_out() {
        let value = json!({"a": "1", "b": {"c": "2", "d": null}, "e": 3, "f": true});
        let FlatData { set, unset, omitted } = flat(&value);
        assert_eq!(set.iter().collect::<Vec<_>>(), [("a", "1"), ("b.c", "2"), ("e", "3"), ("f", "true")]);
        assert_eq!(unset, ["b.d"]);
        assert!(omitted.is_empty());
    }

    #[test]
    fn one_odd_value_is_named_and_the_others_are_kept() {
        let deep = (0..9).fold(json!("x"), |inner, _| json!({ "k": inner }));
        let long = "x".repeat(70_000);
        let value = json!({"": "e", "Good": "1", "List": ["a"], "Long": long, "deep": deep, "n": {"": "ok"}});
        let FlatData { set, unset, omitted } = flat(&value);
        assert_eq!(set.iter().collect::<Vec<_>>(), [("Good", "1"), ("n.", "ok")]);
        assert_eq!(unset, Vec::<CompactString>::new());
        assert_eq!(
            omitted.to_string(),
            r#""" is an empty name; "List" is a list, expected a text or an object; "Long" has 70000 bytes; "deep.k.k.k.k.k.k.k" is nested deeper than 8 levels"#
        );
    }

    #[test]
    fn pairs_above_the_limit_are_counted() {
        let pairs: Map<String, Value> = (0..200).map(|index| (format!("k{index:03}"), json!("v"))).collect();
        let mut many = flat(&Value::Object(pairs));
        assert_eq!(many.set.len(), 128);
        let text = many.omitted.to_string();
        assert!(text.starts_with(r#""k128" is one pair too many; "k129""#), "{text}");
        assert!(text.ends_with("; and 64 more"), "{text}");
        let known: Data = [("other", "1"), ("k000", "before")].into_iter().collect();
        many.omitted = Omitted::default();
        many.fit(&known);
        assert_eq!(
            (many.set.len(), many.omitted.to_string().as_str()),
            (127, r#""k127" is one pair too many"#)
        );
    }

    #[test]
    fn only_an_object_is_data() {
        assert_eq!(flatten(&json!("x")), None);
        assert_eq!(flatten(&json!([])), None);
        assert_eq!(flatten(&Value::Null), Some(FlatData::default()));
    }
}
