//! Rejections over HTTP (RFC 9457). The only place that maps codes to statuses.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use model::{Code, Rejection};
use serde::Serialize;
use utoipa::ToSchema;

/// The value of `Retry-After`. Seconds. Our choice.
const RETRY_AFTER_S: &str = "5";

/// The body of a rejected request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `urn:cordboard:problem:` followed by the code.
    #[serde(rename = "type")]
    kind: String,
    /// A short description of the code.
    pub(super) title: &'static str,
    /// The HTTP status.
    pub(super) status: u16,
    /// What is wrong with this request.
    detail: String,
    /// The code, from a closed list.
    code: Code,
}

impl From<Rejection> for Problem {
    fn from(Rejection { code, text }: Rejection) -> Self {
        let kind = format!("urn:cordboard:problem:{}", code.as_str());
        Self { kind, title: title(code), status: status(code).as_u16(), detail: text.into(), code }
    }
}

impl Problem {
    pub(crate) fn new(code: Code, text: impl AsRef<str>) -> Self {
        Rejection::new(code, text).into()
    }
}

impl Problem {
    /// A body that is larger than the limit.
    pub(super) fn too_large(text: impl AsRef<str>) -> Self {
        let status = StatusCode::PAYLOAD_TOO_LARGE.as_u16();
        Self { status, title: "The body is too large", ..Self::new(Code::Invalid, text) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&status) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::Invalid => StatusCode::BAD_REQUEST,
        Code::Unauthenticated | Code::SecondFactorRequired => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound | Code::UnknownAgent | Code::UnknownInteraction | Code::UnknownQueue => {
            StatusCode::NOT_FOUND
        }
        Code::Ambiguous
        | Code::NotSignedIn
        | Code::DeviceInUse
        | Code::WrongState
        | Code::LogRequired
        | Code::Conflict => StatusCode::CONFLICT,
        Code::UnknownCode | Code::NumberRefused | Code::NotSupported => StatusCode::UNPROCESSABLE_ENTITY,
        Code::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Code::SwitchRefused => StatusCode::BAD_GATEWAY,
        Code::SwitchUnavailable | Code::Overloaded | Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(code: Code) -> &'static str {
    match code {
        Code::Invalid => "Invalid request",
        Code::Unauthenticated => "Not authenticated",
        Code::Forbidden => "Not allowed for this account",
        Code::NotFound => "Not found",
        Code::UnknownAgent => "Unknown agent",
        Code::UnknownInteraction => "Unknown interaction",
        Code::UnknownQueue => "Unknown queue",
        Code::UnknownCode => "Unknown reason or disposition",
        Code::Ambiguous => "More than one interaction matches",
        Code::NotSignedIn => "The agent is not signed in",
        Code::DeviceInUse => "The phone is in use by another agent",
        Code::WrongState => "Not possible in the current state",
        Code::NumberRefused => "The number may not be dialed",
        Code::NotSupported => "The switch does not support this",
        Code::SwitchUnavailable => "The switch cannot be reached",
        Code::SwitchRefused => "The switch refused the request",
        Code::LogRequired => "The interaction must be logged first",
        Code::Conflict => "The ID was already used for another command",
        Code::SecondFactorRequired => "The code of the second factor is required",
        Code::TooMany => "A limit was reached",
        Code::Overloaded => "Overloaded",
        Code::Unavailable => "Temporarily unavailable",
        Code::Internal => "Internal error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_error_status() {
        for code in Code::ALL {
            assert!(status(code).as_u16() >= 400, "{code:?}");
        }
    }

    #[test]
    fn a_problem_names_its_code() {
        let json = serde_json::to_value(Problem::new(Code::WrongState, "x")).unwrap();
        let wanted = serde_json::json!({
            "type": "urn:cordboard:problem:wrong-state", "title": "Not possible in the current state",
            "status": 409, "detail": "x", "code": "wrong-state",
        });
        assert_eq!(json, wanted);
    }
}
