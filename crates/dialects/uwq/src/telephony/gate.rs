//! Accepts callouts: a GET of `/` (uwq.md §4.3). The driver has already refused web pages and unknown host names.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};

use super::Phase;
use crate::{
    TelephonyConfig,
    wire::{Callout, Refusal, Token, fault, limits::TARGET_BYTES_MAX, refused},
};

/// Why a request is not accepted.
#[derive(Debug)]
pub(super) enum Denial {
    /// It is not a callout.
    Fault(StatusCode, String),
    /// It is an invalid callout.
    Refused(Refusal),
}

impl Denial {
    /// The response to the request.
    pub(super) fn response(&self, config: &TelephonyConfig) -> Response<Bytes> {
        match self {
            Self::Fault(status, text) => fault(*status, text),
            Self::Refused(refusal) => refused(refusal, config.keep_alive),
        }
    }

    fn fault(status: StatusCode, token: Token, text: impl Into<String>) -> Self {
        Self::Fault(status, Refusal::new(token, text).to_string())
    }
}

/// Reads the callout of a request, or returns why it is not accepted.
pub(super) fn admit(request: &Request<Bytes>, phase: Phase) -> Result<Callout, Denial> {
    check_http(request)?;
    check_phase(phase)?;
    let query = request.uri().query().unwrap_or_default();
    Callout::parse(query).map_err(|refusal| match names_a_function(query) {
        true => Denial::Refused(refusal),
        false => Denial::Fault(StatusCode::BAD_REQUEST, refusal.to_string()),
    })
}

fn check_http(request: &Request<Bytes>) -> Result<(), Denial> {
    let uri = request.uri();
    let bytes = uri.path_and_query().map_or(0, |target| target.as_str().len());
    if bytes > TARGET_BYTES_MAX {
        let text = format!("the request target has {bytes} bytes, at most {TARGET_BYTES_MAX} are allowed");
        return Err(Denial::fault(StatusCode::URI_TOO_LONG, Token::InvalidParameter, text));
    }
    if uri.path() != "/" {
        let text = format!("callouts are accepted at /, not at {}", uri.path());
        return Err(Denial::fault(StatusCode::NOT_FOUND, Token::UnknownFunction, text));
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let text = format!("a callout must be sent with GET, not {}", request.method());
        return Err(Denial::fault(StatusCode::METHOD_NOT_ALLOWED, Token::UnknownFunction, text));
    }
    Ok(())
}

fn check_phase(phase: Phase) -> Result<(), Denial> {
    let what = match phase {
        Phase::Running => return Ok(()),
        Phase::Starting => "starting",
        Phase::Closing => "closing",
    };
    let text = format!("the softphone is {what}");
    Err(Denial::fault(StatusCode::SERVICE_UNAVAILABLE, Token::UnexpectedError, text))
}

/// Whether a query contains a function name, valid or not.
fn names_a_function(query: &str) -> bool {
    query.to_ascii_lowercase().contains("functionname=")
}
