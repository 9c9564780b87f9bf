//! Messages: a header and a body (harmony.md §2.2).

use bytes::Bytes;
use compact_str::CompactString;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{limits::HEADER_BYTES_MAX, vocabulary::Words, words::Key};
use crate::Error;

/// `header.type` of a query.
const QUERY: &str = "cti.query";
/// `header.type` of a request.
const REQUEST: &str = "cti.request";
/// `header.type` of a response.
const RESPONSE: &str = "cti.response";
/// `header.type` of an event.
const EVENT: &str = "cti.event";
/// `header.result` of a successful response.
const SUCCESS: &str = "SUCCESS";
/// `header.result` of a failed response.
const FAILURE: &str = "FAILURE";
/// The byte order mark of UTF-8, which some writers put before the text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The text for a failure without a message.
const NO_MESSAGE: &str = "failure without a message";

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The object that the message is for or from.
    pub target: CompactString,
    /// The name on the wire.
    pub name: CompactString,
    /// The kind of the message.
    pub kind: MessageKind,
    /// The body; `null` if there was none.
    pub body: Value,
}

/// The kind of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageKind {
    /// A query or a request.
    Request {
        /// The ID, which the response repeats unchanged.
        id: CompactString,
        /// Whether it is a query.
        query: bool,
    },
    /// The response to a query or a request.
    Response {
        /// The ID of the query or request.
        id: CompactString,
        /// The result.
        answer: Answer,
    },
    /// An event.
    Event,
}

/// The result of a query or a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It succeeded.
    Success,
    /// It failed. Contains a sentence that may be shown to an agent.
    Failure(String),
}

#[derive(Serialize)]
struct Message {
    header: Header,
    body: Value,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Header {
    #[serde(rename = "type")]
    kind: String,
    name: CompactString,
    target: CompactString,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<CompactString>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

impl Envelope {
    /// Parses the contents of a frame. An error ends the stream, because later frames cannot be trusted.
    pub fn parse(contents: &[u8]) -> Result<Self, Error> {
        let message = Message::parse(contents)?;
        let header = message.header;
        short("target", &header.target)?;
        short("name", &header.name)?;
        let kind = header.kind()?;
        let body = match kind {
            MessageKind::Response { .. } => unwrapped(message.body),
            MessageKind::Request { .. } | MessageKind::Event => message.body,
        };
        Ok(Self { target: header.target, name: header.name, kind, body })
    }

    /// Encodes the contents of a frame.
    pub fn print(&self) -> Bytes {
        let header =
            Header { name: self.name.clone(), target: self.target.clone(), ..Header::of(&self.kind) };
        let body = if self.body.is_null() { Value::Object(Default::default()) } else { self.body.clone() };
        let text = serde_json::to_vec(&Message { header, body });
        text.unwrap_or_else(|error| unreachable!("a message has text keys only: {error}")).into()
    }
}

impl Message {
    /// Reads a message: with or without a byte order mark, with the members in any letter case. If a member is repeated, the last one counts
    /// (harmony.md §2.2).
    fn parse(contents: &[u8]) -> Result<Self, Error> {
        let contents = contents.strip_prefix(BYTE_ORDER_MARK).unwrap_or(contents);
        let mut object: Map<String, Value> =
            serde_json::from_slice(contents).map_err(|error| Error::Json { why: error.to_string() })?;
        let body = member(&mut object, "body").unwrap_or_default();
        match member(&mut object, "header") {
            Some(Value::Object(header)) => Ok(Self { header: Header::parse(header)?, body }),
            Some(_) => Err(Error::Json { why: "the header is not an object".to_owned() }),
            None => Err(Error::Json { why: "missing field `header`".to_owned() }),
        }
    }
}

/// Takes the member of an object with a name in any letter case. The exact name is preferred.
fn member(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    if let Some(value) = object.remove(name) {
        return Some(value).filter(|value| !value.is_null());
    }
    let key = object.keys().rfind(|key| key.eq_ignore_ascii_case(name)).cloned()?;
    object.remove(&key).filter(|value| !value.is_null())
}

impl Header {
    fn parse(mut object: Map<String, Value>) -> Result<Self, Error> {
        let mut text = |header: &'static str| match member(&mut object, header) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => {
                Err(Error::Value { header, value: shortened(&other.to_string()), expected: "a text" })
            }
        };
        Ok(Self {
            kind: text("type")?.ok_or(Error::Header { header: "type" })?,
            name: text("name")?.ok_or(Error::Header { header: "name" })?.into(),
            target: text("target")?.ok_or(Error::Header { header: "target" })?.into(),
            request_id: text("requestId")?.map(CompactString::from),
            result: text("result")?,
            error_message: text("errorMessage")?,
        })
    }

    fn of(kind: &MessageKind) -> Self {
        match kind {
            MessageKind::Request { id, query } => {
                let kind = if *query { QUERY } else { REQUEST };
                Self { kind: kind.to_owned(), request_id: Some(id.clone()), ..Self::default() }
            }
            MessageKind::Response { id, answer } => {
                let (result, error_message) = match answer {
                    Answer::Success => (SUCCESS, None),
                    Answer::Failure(text) => (FAILURE, Some(text.clone())),
                };
                Self {
                    kind: RESPONSE.to_owned(),
                    request_id: Some(id.clone()),
                    result: Some(result.to_owned()),
                    error_message,
                    ..Self::default()
                }
            }
            MessageKind::Event => Self { kind: EVENT.to_owned(), ..Self::default() },
        }
    }

    fn kind(&self) -> Result<MessageKind, Error> {
        match self.kind.to_ascii_lowercase().as_str() {
            QUERY => Ok(MessageKind::Request { id: self.id()?, query: true }),
            REQUEST => Ok(MessageKind::Request { id: self.id()?, query: false }),
            RESPONSE => Ok(MessageKind::Response { id: self.id()?, answer: self.answer()? }),
            EVENT => Ok(MessageKind::Event),
            _ => {
                let expected = "cti.query, cti.request, cti.response or cti.event";
                Err(Error::Value { header: "type", value: shortened(&self.kind), expected })
            }
        }
    }

    fn id(&self) -> Result<CompactString, Error> {
        let id = self.request_id.clone().ok_or(Error::Header { header: "requestId" })?;
        short("requestId", &id)?;
        Ok(id)
    }

    fn answer(&self) -> Result<Answer, Error> {
        let result = self.result.as_deref().ok_or(Error::Header { header: "result" })?;
        if result.eq_ignore_ascii_case(SUCCESS) {
            return Ok(Answer::Success);
        }
        if result.eq_ignore_ascii_case(FAILURE) {
            return Ok(Answer::Failure(shortened(self.error_message.as_deref().unwrap_or(NO_MESSAGE))));
        }
        Err(Error::Value { header: "result", value: shortened(result), expected: "SUCCESS or FAILURE" })
    }
}

/// A message for people to read: unchanged, but without password and digits.
pub fn redact(contents: &[u8], words: &Words) -> String {
    match serde_json::from_slice::<Value>(contents.strip_prefix(BYTE_ORDER_MARK).unwrap_or(contents)) {
        Ok(mut value) => {
            mask_secrets(&mut value, words.text(Key::AgentPassword), words.text(Key::Digits));
            value.to_string()
        }
        Err(_) => format!("{} bytes that are not json", contents.len()),
    }
}

fn mask_secrets(value: &mut Value, password: &str, digits: &str) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object.iter_mut() {
                if name == password || name == digits {
                    *inner = "…".into();
                } else {
                    mask_secrets(inner, password, digits);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| mask_secrets(inner, password, digits)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Unwraps the body of a response. No page says whether it is inside `json` or not, so both forms are read (harmony.md §2.2).
fn unwrapped(mut body: Value) -> Value {
    match body.as_object_mut() {
        Some(object) if object.len() == 1 => match object.remove("json") {
            Some(inner) => inner,
            None => body,
        },
        Some(_) | None => body,
    }
}

fn short(header: &'static str, text: &str) -> Result<(), Error> {
    let bytes = text.len();
    if bytes > HEADER_BYTES_MAX {
        return Err(Error::Long { header, bytes, bytes_max: HEADER_BYTES_MAX });
    }
    Ok(())
}

/// The beginning of a peer's text, short enough for a log line or a screen.
fn shortened(text: &str) -> String {
    text.chars().take(HEADER_BYTES_MAX).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Result<Envelope, Error> {
        Envelope::parse(text.as_bytes())
    }

    #[test]
    fn the_letter_case_of_header_members_does_not_matter() {
        let text = r#"{"Header":{"Type":"CTI.Response","NAME":"n","Target":"t","RequestID":"A-b","Result":"failure",
            "errormessage":"no"},"BODY":{"Id":"1"}}"#;
        let envelope = parse(text).unwrap();
        let kind = MessageKind::Response { id: "A-b".into(), answer: Answer::Failure("no".to_owned()) };
        let expected = Envelope { target: "t".into(), name: "n".into(), kind, body: json!({ "Id": "1" }) };
        assert_eq!(envelope, expected);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let envelope =
            parse("\u{feff}{\"header\":{\"type\":\"cti.event\",\"name\":\"n\",\"target\":\"t\"}}").unwrap();
        assert_eq!(
            (envelope.name.as_str(), envelope.kind, envelope.body),
            ("n", MessageKind::Event, Value::Null)
        );
    }

    #[test]
    fn of_repeated_members_the_last_one_counts_and_the_exact_name_comes_first() {
        let header = r#""type":"cti.event","name":"first","target":"t","name":"last","Name":"other""#;
        let envelope =
            parse(&format!(r#"{{"header":{{{header}}},"body":{{"a":"1"}},"body":{{"a":"2"}}}}"#)).unwrap();
        assert_eq!((envelope.name.as_str(), envelope.body), ("last", json!({ "a": "2" })));
    }

    #[test]
    fn a_member_that_is_no_text_is_named() {
        let error = parse(r#"{"header":{"type":1,"name":"n","target":"t"}}"#).unwrap_err();
        assert_eq!(error.to_string(), r#"the header type is "1", expected a text"#);
        let error = parse(r#"{"header":{"type":"cti.event","name":"n"}}"#).unwrap_err();
        assert_eq!(error.to_string(), "the header has no target");
    }
}
