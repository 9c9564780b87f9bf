//! What a page reports.

use serde::Deserialize;
use serde_json::Value;

/// What comes from a page.
#[derive(Debug)]
pub(crate) enum Came {
    /// A document of the page was loaded, with this query in its address.
    Loaded { document: usize, query: String },
    /// The tested end has posted a message.
    Message(Message),
}

/// A message of the tested end.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The document of the page that got it.
    pub(crate) document: usize,
    /// The origin that the browser gives.
    pub(crate) origin: String,
    /// The message as JSON, as the page has written it.
    pub(crate) bytes: Vec<u8>,
    /// The same, parsed.
    pub(crate) value: Value,
    /// Values that JSON does not have, each with its place. A text replaces each of them in the message.
    pub(crate) lost: Vec<String>,
}

impl Message {
    /// A text in the message, by its pointer (RFC 6901); empty without one.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    /// A value in the message, by its pointer; null without one.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.value.pointer(pointer).unwrap_or(&Value::Null)
    }
}

/// A message as the page reports it.
#[derive(Debug, Deserialize)]
pub(super) struct ReportedMessage {
    document: usize,
    origin: String,
    text: String,
    lost: Vec<String>,
}

impl ReportedMessage {
    /// The message. Text that is not JSON counts as lost.
    pub(super) fn read(self) -> Message {
        let Self { document, origin, text, mut lost } = self;
        let value = serde_json::from_str(&text).unwrap_or_else(|error| {
            lost.push(format!("the message: {error}"));
            Value::Null
        });
        Message { document, origin, bytes: text.into_bytes(), value, lost }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_text_stays_and_what_is_not_json_is_reported() {
        let reported = |text: &str| ReportedMessage {
            document: 1,
            origin: String::new(),
            text: text.to_owned(),
            lost: Vec::new(),
        };
        let message = reported(r#"{"b": 1, "a": {"c": "x"}}"#).read();
        assert_eq!(
            (message.text("/a/c"), message.bytes.as_slice()),
            ("x", &br#"{"b": 1, "a": {"c": "x"}}"#[..])
        );
        assert_eq!(reported("{").read().lost.len(), 1);
    }
}
