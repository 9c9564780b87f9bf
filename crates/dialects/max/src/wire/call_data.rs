//! Call data in `CustomData` and `ScreenPopUrlVariables` of a contact (max.md §7.4).

use model::Data;
use serde_json::{Map, Value};

use super::{limits::DATA_BYTES_MAX, text::text};

/// The pairs that fit into an event, in order.
fn fitting(data: &Data) -> impl Iterator<Item = (&str, &str)> {
    let mut bytes = 0;
    data.iter().filter(move |(name, value)| {
        let fits = bytes + name.len() + value.len() <= DATA_BYTES_MAX;
        bytes += if fits { name.len() + value.len() } else { 0 };
        fits
    })
}

/// `CustomData`: a JSON object as text, empty without data. Our choice: no source shows the format.
pub(super) fn custom_data(data: &Data) -> String {
    let pairs: Map<String, Value> =
        fitting(data).map(|(name, value)| (name.to_owned(), value.into())).collect();
    if pairs.is_empty() { String::new() } else { Value::Object(pairs).to_string() }
}

/// `ScreenPopUrlVariables`: a list of objects with one member each.
pub(super) fn variables(data: &Data) -> Value {
    let one =
        |(name, value): (&str, &str)| Value::Object([(name.to_owned(), value.into())].into_iter().collect());
    fitting(data).map(one).collect()
}

/// Reads both. Values that the hub cannot keep are left out.
pub(super) fn parse(variables: Option<&Value>, custom: &str) -> Data {
    let mut data = Data::new();
    let custom: Option<Value> = serde_json::from_str(custom).ok();
    let listed = variables.and_then(Value::as_array).into_iter().flatten();
    for object in custom.iter().chain(listed).chain(variables).filter_map(Value::as_object) {
        for (name, value) in object {
            if let Some(value) = text(Some(value)) {
                // A pair beyond the limits of the hub is left out.
                let _ = data.set(name, value);
            }
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_is_read_as_it_is_written() {
        let data: Data = [("AccountCode", "A-1"), ("Name", "Zelda \"Z\"")].into_iter().collect();
        let (text, list) = (custom_data(&data), variables(&data));
        assert_eq!(text, r#"{"AccountCode":"A-1","Name":"Zelda \"Z\""}"#);
        assert_eq!(list, json!([{"AccountCode": "A-1"}, {"Name": "Zelda \"Z\""}]));
        assert_eq!(parse(Some(&list), ""), data);
        assert_eq!(parse(None, &text), data);
        assert_eq!(custom_data(&Data::new()), "");
    }

    #[test]
    fn other_forms_are_read_or_left_out() {
        assert_eq!(parse(Some(&json!({"a": "1"})), "no json"), [("a", "1")].into_iter().collect());
        assert_eq!(parse(Some(&json!("a=1")), ""), Data::new());
        assert_eq!(parse(Some(&json!([["x"], {"n": 5}, {"": "x"}])), ""), [("n", "5")].into_iter().collect());
    }

    #[test]
    fn pairs_that_do_not_fit_are_left_out() {
        let long = "x".repeat(8_000);
        let data: Data = (0..20).map(|index| (format!("k{index:02}"), long.clone())).collect();
        assert!(custom_data(&data).len() <= DATA_BYTES_MAX + 1_000);
        assert_eq!(variables(&data).as_array().unwrap().len(), 8);
    }
}
