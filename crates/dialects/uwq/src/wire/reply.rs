//! Answers to callouts and to events (uwq.md §4.3, §5.1).

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{ALLOW, CONNECTION, CONTENT_TYPE},
};

use super::{Event, Refusal, Token};
use crate::config::SuccessBody;

/// The type of every body. Our choice (uwq.md §4.3).
pub(crate) const XML_TYPE: HeaderValue = HeaderValue::from_static("text/xml; charset=UTF-8");
/// Closes the connection after each message. Our choice (uwq.md §4.3).
pub(crate) const CLOSE: HeaderValue = HeaderValue::from_static("close");
/// An empty document for clients that require one. Our choice (uwq.md §4.3).
const ENVELOPE: &str = "<CCTSDK></CCTSDK>";

/// The answer to a callout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The callout is done or started.
    Accepted,
    /// The callout is refused.
    Refused {
        /// The token before the text, if it is known.
        token: Option<Token>,
        /// The whole text.
        text: String,
    },
    /// The answer is unusable: the softphone is in trouble, or it is another program.
    Broken {
        /// What came instead of an answer.
        text: String,
    },
}

impl Reply {
    /// Reads an answer. An `Error` event is a refusal under any status; a 2xx without one is a success.
    pub fn parse(response: &Response<Bytes>) -> Reply {
        let status = response.status();
        let error = match error_text(response.body()) {
            Ok(error) => error,
            Err(error) if status.is_success() => return Self::Broken { text: error.to_string() },
            Err(_) => None,
        };
        match error {
            Some(text) if !status.is_server_error() => Self::Refused { token: Token::of_text(&text), text },
            Some(text) => Self::Broken { text },
            None if status.is_success() => Self::Accepted,
            None => Self::Broken { text: format!("the softphone answered with status {}", status.as_u16()) },
        }
    }
}

fn error_text(body: &[u8]) -> Result<Option<String>, crate::Error> {
    if body.trim_ascii().is_empty() {
        return Ok(None);
    }
    let error = Event::parse(body)?.into_iter().find_map(|event| match event {
        Event::Error(text) => Some(text),
        Event::ScreenPop(_) | Event::CallEstablished(_) | Event::CallReleased(_) | Event::Other { .. } => {
            None
        }
    });
    Ok(error)
}

/// The answer to a successful callout.
pub fn accepted(body: SuccessBody, keep_alive: bool) -> Response<Bytes> {
    match body {
        SuccessBody::Empty => with_connection(Response::new(Bytes::new()), keep_alive),
        SuccessBody::Envelope => xml(StatusCode::OK, Bytes::from_static(ENVELOPE.as_bytes()), keep_alive),
    }
}

/// The answer to a refused callout. Its status is 200: the classic Java client discards a body with any other status (uwq.md §4.3).
pub fn refused(refusal: &Refusal, keep_alive: bool) -> Response<Bytes> {
    xml(StatusCode::OK, error_body(&refusal.to_string()), keep_alive)
}

/// The answer to a request that is not a callout or an event.
pub fn fault(status: StatusCode, text: &str) -> Response<Bytes> {
    let mut response = xml(status, error_body(text), false);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    }
    response
}

/// An `Error` event.
pub fn error_body(text: &str) -> Bytes {
    Bytes::from(Event::Error(text.to_owned()).print())
}

fn xml(status: StatusCode, body: Bytes, keep_alive: bool) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, XML_TYPE);
    with_connection(response, keep_alive)
}

fn with_connection(mut response: Response<Bytes>, keep_alive: bool) -> Response<Bytes> {
    if !keep_alive {
        response.headers_mut().insert(CONNECTION, CLOSE);
    }
    response
}
