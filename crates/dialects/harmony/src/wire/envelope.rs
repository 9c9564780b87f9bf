//! Messages: a header and a body (harmony.md §2.2).

use bytes::Bytes;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    pub said: MessageKind,
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

#[derive(Serialize, Deserialize)]
struct Message {
    header: Header,
    #[serde(default)]
    body: Value,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Header {
    #[serde(rename = "type")]
    kind: String,
    name: CompactString,
    target: CompactString,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<CompactString>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

impl Envelope {
    /// Parses the contents of a frame. An error ends the stream, because later frames cannot be trusted.
    pub fn parse(contents: &[u8]) -> Result<Self, Error> {
        let message: Message =
            serde_json::from_slice(contents).map_err(|error| Error::Json { why: error.to_string() })?;
        let header = message.header;
        short("target", &header.target)?;
        short("name", &header.name)?;
        let said = header.said()?;
        let body = match said {
            MessageKind::Response { .. } => unwrapped(message.body),
            MessageKind::Request { .. } | MessageKind::Event => message.body,
        };
        Ok(Self { target: header.target, name: header.name, said, body })
    }

    /// Encodes the contents of a frame.
    pub fn print(&self) -> Bytes {
        let header =
            Header { name: self.name.clone(), target: self.target.clone(), ..Header::of(&self.said) };
        let body = if self.body.is_null() { Value::Object(Default::default()) } else { self.body.clone() };
        let text = serde_json::to_vec(&Message { header, body });
        text.unwrap_or_else(|error| unreachable!("a message has text keys only: {error}")).into()
    }
}

impl Header {
    fn of(said: &MessageKind) -> Self {
        match said {
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

    fn said(&self) -> Result<MessageKind, Error> {
        match self.kind.as_str() {
            QUERY => Ok(MessageKind::Request { id: self.id()?, query: true }),
            REQUEST => Ok(MessageKind::Request { id: self.id()?, query: false }),
            RESPONSE => Ok(MessageKind::Response { id: self.id()?, answer: self.answer()? }),
            EVENT => Ok(MessageKind::Event),
            other => {
                let expected = "cti.query, cti.request, cti.response or cti.event";
                Err(Error::Value { header: "type", value: shortened(other), expected })
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
    match serde_json::from_slice::<Value>(contents) {
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
