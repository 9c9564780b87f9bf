//! Responses of the control interface: JSON, and problems (RFC 9457).

use bytes::Bytes;
use http::{
    HeaderValue, Method, Response, StatusCode,
    header::{ALLOW, CONTENT_TYPE},
};
use model::{Code, Rejection};
use serde::Serialize;

use crate::Error;

/// A response of the control interface.
pub(crate) type Answer = Result<Response<Bytes>, Refused>;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct Refused {
    rejection: Rejection,
    /// The methods that the path supports, when the request used another one.
    allowed: Option<&'static str>,
}

impl Refused {
    /// The path does not support this method.
    pub(crate) fn method(method: &Method, allowed: &'static str) -> Self {
        let text = format!("the method is {method}; allowed are {allowed}");
        Self { rejection: Rejection::new(Code::Invalid, text), allowed: Some(allowed) }
    }

    fn status(&self) -> StatusCode {
        match self.allowed {
            Some(_) => StatusCode::METHOD_NOT_ALLOWED,
            None => status(self.rejection.code),
        }
    }
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        Self { rejection, allowed: None }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Rejection::from(error).into()
    }
}

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: Code,
}

/// 200 with a body.
pub(crate) fn ok(body: &impl Serialize) -> Answer {
    json(StatusCode::OK, "application/json", body)
}

/// 200 with a list.
pub(crate) fn items<T: Serialize>(items: impl Iterator<Item = T>) -> Answer {
    ok(&Items { items: items.collect() })
}

/// 201 with a body.
pub(crate) fn created(body: &impl Serialize) -> Answer {
    json(StatusCode::CREATED, "application/json", body)
}

/// 204 without a body.
pub(crate) fn nothing() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// The response for a refused request.
pub(crate) fn problem(refused: &Refused) -> Response<Bytes> {
    let (code, status) = (refused.rejection.code, refused.status());
    let body = Problem {
        kind: format!("urn:cordboard:problem:{}", code.as_str()),
        title: status.canonical_reason().unwrap_or("Refused"),
        status: status.as_u16(),
        detail: &refused.rejection.text,
        code,
    };
    let mut response = json(status, "application/problem+json", &body).unwrap_or_else(|_| nothing());
    if let Some(allowed) = refused.allowed {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    }
    response
}

fn json(status: StatusCode, kind: &'static str, body: &impl Serialize) -> Answer {
    let bytes =
        serde_json::to_vec(body).map_err(|error| Rejection::new(Code::Internal, error.to_string()))?;
    let mut response = Response::new(Bytes::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::Invalid | Code::NumberRefused => StatusCode::BAD_REQUEST,
        Code::Unauthenticated | Code::SecondFactorRequired => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound
        | Code::UnknownAgent
        | Code::UnknownInteraction
        | Code::UnknownQueue
        | Code::UnknownCode => StatusCode::NOT_FOUND,
        Code::Ambiguous
        | Code::NotSignedIn
        | Code::DeviceInUse
        | Code::WrongState
        | Code::SwitchRefused
        | Code::LogRequired
        | Code::Conflict => StatusCode::CONFLICT,
        Code::NotSupported => StatusCode::NOT_IMPLEMENTED,
        Code::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Code::SwitchUnavailable | Code::Overloaded | Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
