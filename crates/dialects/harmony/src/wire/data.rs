//! The data of an interaction. The protocol nests it and the hub does not: a nested value gets the names on its path, joined by dots.

use model::{Data, DataError};
use serde_json::{Map, Value};

use super::limits::DATA_DEPTH_MAX;

/// The expected form of data.
const SHAPE: &str = "an object of texts and objects, at most 8 deep";

/// Flattens data. Returns the set pairs and the names to remove, whose value is `null`.
pub fn flatten(value: &Value) -> Result<(Data, Vec<String>), &'static str> {
    let Value::Object(object) = value else { return Err(SHAPE) };
    let (mut set, mut unset) = (Data::new(), Vec::new());
    walk(object, "", 1, &mut set, &mut unset)?;
    Ok((set, unset))
}

/// The pairs in the protocol's form. Names with dots are not nested again.
pub fn nest(data: &Data) -> Map<String, Value> {
    data.iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn walk(
    object: &Map<String, Value>,
    path: &str,
    depth: usize,
    set: &mut Data,
    unset: &mut Vec<String>,
) -> Result<(), &'static str> {
    for (name, value) in object {
        let name = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let kept = match value {
            Value::String(text) => set.set(&name, text),
            Value::Number(number) => set.set(&name, number.to_string()),
            Value::Bool(flag) => set.set(&name, if *flag { "true" } else { "false" }),
            Value::Null if unset.len() < super::limits::ENTRIES_MAX => {
                unset.push(name);
                Ok(())
            }
            Value::Null => Err(DataError::TooMany),
            Value::Object(inner) if depth < DATA_DEPTH_MAX => {
                walk(inner, &name, depth + 1, set, unset)?;
                Ok(())
            }
            Value::Object(_) | Value::Array(_) => return Err(SHAPE),
        };
        kept.map_err(|_| "data within the limits of the hub")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_become_dots_and_null_takes_out() {
        let value = serde_json::json!({"a": "1", "b": {"c": "2", "d": null}, "e": 3, "f": true});
        let (set, unset) = flatten(&value).unwrap();
        assert_eq!(set.iter().collect::<Vec<_>>(), [("a", "1"), ("b.c", "2"), ("e", "3"), ("f", "true")]);
        assert_eq!(unset, ["b.d"]);
    }

    #[test]
    fn what_is_too_deep_or_no_object_is_refused() {
        let deep = (0..9).fold(serde_json::json!("x"), |inner, _| serde_json::json!({ "k": inner }));
        assert_eq!(flatten(&deep), Err(SHAPE));
        assert_eq!(flatten(&serde_json::json!({"k": []})), Err(SHAPE));
        assert_eq!(flatten(&serde_json::json!("x")), Err(SHAPE));
        let long = serde_json::json!({"k": "x".repeat(10_000)});
        assert_eq!(flatten(&long), Err("data within the limits of the hub"));
    }
}
