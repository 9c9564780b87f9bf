//! Compares a value with an expected part of it.

use serde_json::Value;

/// Checks that `whole` contains everything in `part`. Objects may have more fields; everything else must be equal. `null` also matches a
/// missing field.
pub fn covers(part: &Value, whole: &Value) -> Result<(), String> {
    covers_at("", part, whole)
}

fn covers_at(path: &str, part: &Value, whole: &Value) -> Result<(), String> {
    match (part, whole) {
        (Value::Object(wanted), Value::Object(found)) => wanted.iter().try_for_each(|(name, wanted)| {
            covers_at(&format!("{path}/{name}"), wanted, found.get(name).unwrap_or(&Value::Null))
        }),
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            let pairs = wanted.iter().zip(found).enumerate();
            pairs
                .into_iter()
                .try_for_each(|(index, (wanted, found))| covers_at(&format!("{path}/{index}"), wanted, found))
        }
        (wanted, found) if wanted == found => Ok(()),
        (wanted, found) => Err(format!("{path} is {found}, expected {wanted}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_is_covered_and_nothing_else_is() {
        let whole = json!({"a": 1, "b": {"c": [1, {"d": 2, "e": 3}]}});
        assert!(covers(&json!({"b": {"c": [1, {"d": 2}]}, "z": null}), &whole).is_ok());
        let error = covers(&json!({"b": {"c": [1, {"d": 9}]}}), &whole).unwrap_err();
        assert_eq!(error, "/b/c/1/d is 2, expected 9");
        assert!(covers(&json!({"b": {"c": [1]}}), &whole).is_err());
        assert!(covers(&json!({"a": null}), &whole).is_err());
    }
}
