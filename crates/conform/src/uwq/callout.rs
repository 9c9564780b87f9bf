//! Callouts and their responses (uwq.md §4).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{http::Message, xml};

/// What is written with `%`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The query of a callout.
pub(super) fn query(function: &str, pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("&{name}={}", utf8_percent_encode(value, ENCODED));
    format!("FunctionName={function}{}", pairs.iter().map(pair).collect::<String>())
}

/// A request without a body.
pub(super) fn request(method: &str, target: &str, host: &str) -> Vec<u8> {
    format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").into_bytes()
}

/// What a response says about its callout.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The callout was done.
    Done,
    /// The text of the error document.
    Error(String),
    /// Neither.
    Nothing,
}

/// Reads the body of a response: empty, an empty envelope, or an error document.
pub(super) fn outcome(response: &Message) -> Outcome {
    if response.body.is_empty() {
        return Outcome::Done;
    }
    let Some(document) = xml::read(&response.body) else { return Outcome::Nothing };
    let root = &document.root;
    if root.name != "CCTSDK" {
        return Outcome::Nothing;
    }
    match root.children.iter().find(|event| event.name == "event" && event.attribute("name") == Some("Error"))
    {
        None => Outcome::Done,
        Some(event) => {
            let is_text = |data: &&xml::Element| data.attribute("name") == Some("occtErrorMsg");
            let text = event.children.iter().find(is_text).and_then(|data| data.attribute("value"));
            text.map_or(Outcome::Nothing, |text| Outcome::Error(text.to_owned()))
        }
    }
}

/// A callout as it came.
#[derive(Debug)]
pub(super) struct Callout {
    /// The method.
    pub(super) method: String,
    /// The path.
    pub(super) path: String,
    /// Names and values, decoded, in their order.
    pub(super) pairs: Vec<(String, String)>,
    /// Whether the first line has exactly a method, a target and a version.
    pub(super) is_clean: bool,
}

/// Reads the first line of a callout.
pub(super) fn read(message: &Message) -> Callout {
    let words: Vec<&str> = message.start.split(' ').collect();
    let target = words.get(1).copied().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (decode(name), decode(value)));
    Callout {
        method: words.first().copied().unwrap_or_default().to_owned(),
        path: path.to_owned(),
        pairs: query.split('&').filter_map(pair).collect(),
        is_clean: words.len() == 3,
    }
}

impl Callout {
    /// The value of a parameter that is not empty.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// The name of the function.
    pub(super) fn function(&self) -> &str {
        self.value("FunctionName").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callouts_are_written_and_read() {
        let written = query("MakeCall", &[("telesetNumber", "70002"), ("dialString", "(1) 2&3")]);
        assert_eq!(written, "FunctionName=MakeCall&telesetNumber=70002&dialString=%281%29%202%263");
        let message = Message { start: format!("GET /?{written} HTTP/1.1"), ..Message::default() };
        let callout = read(&message);
        assert_eq!((callout.function(), callout.path.as_str(), callout.is_clean), ("MakeCall", "/", true));
        assert_eq!(callout.value("dialString"), Some("(1) 2&3"));
        assert_eq!(callout.value("port"), None);
    }

    #[test]
    fn a_response_is_done_an_error_or_nothing() {
        let outcome_of = |body: &str| outcome(&Message { body: body.into(), ..Message::default() });
        assert_eq!(outcome_of(""), Outcome::Done);
        assert_eq!(outcome_of("<CCTSDK></CCTSDK>"), Outcome::Done);
        let error =
            r#"<CCTSDK><event name="Error"><data name="occtErrorMsg" value="X: y"/></event></CCTSDK>"#;
        assert_eq!(outcome_of(error), Outcome::Error("X: y".to_owned()));
        assert_eq!(outcome_of(&error.replace("occtErrorMsg", "message")), Outcome::Nothing);
        assert_eq!(outcome_of("<html/>"), Outcome::Nothing);
        assert_eq!(outcome_of("OK"), Outcome::Nothing);
    }
}
