//! JSON for programs outside the API: times in ISO 8601.

use model::Timestamp;
use serde::{Deserialize, Serialize, Serializer, ser::Error};
use serde_json::Value;

use super::time::iso;

/// A value of the API whose times are written in ISO 8601 (`2026-11-21T08:15:30.042Z`), not as milliseconds since 1970.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Iso<T>(pub(crate) T);

impl<T: Serialize> Serialize for Iso<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut value = serde_json::to_value(&self.0).map_err(S::Error::custom)?;
        convert(&mut value);
        value.serialize(serializer)
    }
}

fn convert(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(convert),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_u64().filter(|_| is_time(name)) {
                    Some(ms) => *value = Value::String(iso(Timestamp(ms))),
                    None => convert(value),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether the API has a time in a field of this name.
fn is_time(field: &str) -> bool {
    field == "at" || field == "since" || field.ends_with("_at")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_times_are_converted() {
        let value = json!({ "at": 0, "number": 7, "legs": [{ "talking_at": 1, "at": { "outside": "1" } }] });
        let expected = json!({
            "at": "1970-01-01T00:00:00.000Z",
            "number": 7,
            "legs": [{ "talking_at": "1970-01-01T00:00:00.001Z", "at": { "outside": "1" } }],
        });
        assert_eq!(serde_json::to_value(Iso(value)).unwrap(), expected);
    }
}
