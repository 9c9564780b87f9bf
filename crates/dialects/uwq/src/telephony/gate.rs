//! What is let in: a GET of `/` by somebody on this machine or on a name of ours, not by a web page (uwq.md §4.3, §9).

use bytes::Bytes;
use http::{
    Method, Request, Response, StatusCode,
    header::{HOST, ORIGIN},
};

use super::Phase;
use crate::{
    TelephonyConfig,
    wire::{Callout, Refusal, Token, fault, limits::TARGET_BYTES_MAX, refused},
};

/// Why a request is not let in.
#[derive(Debug)]
pub(super) enum Denial {
    /// It is no callout at all.
    Fault(StatusCode, String),
    /// It is a callout, and refused.
    Refused(Refusal),
}

impl Denial {
    /// What it is answered with.
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

/// Reads the callout of a request, or says why not.
pub(super) fn admit(
    request: &Request<Bytes>,
    phase: Phase,
    config: &TelephonyConfig,
) -> Result<Callout, Denial> {
    check_http(request)?;
    check_phase(phase)?;
    check_origin(request, config).map_err(Denial::Refused)?;
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
        let text = format!("callouts are taken at /, not at {}", uri.path());
        return Err(Denial::fault(StatusCode::NOT_FOUND, Token::UnknownFunction, text));
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let text = format!("a callout is a GET, not a {}", request.method());
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

/// Against pages that a browser of the agent's loads: they cannot hide `Origin`, and by rebinding a name they cannot fake `Host`.
fn check_origin(request: &Request<Bytes>, config: &TelephonyConfig) -> Result<(), Refusal> {
    if request.headers().contains_key(ORIGIN) && !config.cross_origin {
        return Err(Refusal::new(Token::NotAllowed, "callouts from web pages are not taken"));
    }
    let header = request.headers().get(HOST).map(|host| host.to_str().unwrap_or_default());
    let host = request.uri().authority().map(|authority| authority.as_str()).or(header);
    match host.map(without_port) {
        Some(host) if !is_ours(host, config) => {
            Err(Refusal::new(Token::NotAllowed, "the host of the request is no name of ours"))
        }
        Some(_) | None => Ok(()),
    }
}

fn is_ours(host: &str, config: &TelephonyConfig) -> bool {
    let configured = config.hosts.iter().map(|host| host.as_str());
    ["localhost", "127.0.0.1", "[::1]"]
        .into_iter()
        .chain(configured)
        .any(|known| known.eq_ignore_ascii_case(host))
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|character| character.is_ascii_digit()) => host,
        Some(_) | None => authority,
    }
}

/// Whether a query at least tries to name a function.
fn names_a_function(query: &str) -> bool {
    query.to_ascii_lowercase().contains("functionname=")
}
