//! Classifies a request by its HTTP head: a page, a message, or a request that is refused (talisma.md §4).

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{ALLOW, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE},
};
use wire::soap::{Refusal, Version};

use super::{answers::bare, credentials::Basic, pages};
use crate::DeskConfig;

/// The result of looking at the HTTP head.
pub(super) enum Admitted {
    /// The request is answered without the hub.
    Answer(Response<Bytes>),
    /// A message for the service.
    PostedMessage(PostedMessage),
}

/// A message that was posted.
pub(super) struct PostedMessage {
    pub(super) version: Version,
    /// The action that the HTTP head names.
    pub(super) action: Option<String>,
    pub(super) basic: Option<Basic>,
    pub(super) body: Bytes,
}

pub(super) fn admit(request: &Request<Bytes>, config: &DeskConfig) -> Admitted {
    if !is_service(request.uri().path(), &config.path) {
        return Admitted::Answer(bare(StatusCode::NOT_FOUND));
    }
    match *request.method() {
        Method::POST => {
            post(request).map_or_else(|refused| Admitted::Answer(refuse(&refused)), Admitted::PostedMessage)
        }
        Method::GET => Admitted::Answer(pages::page(request, config)),
        _ => {
            let mut refused = bare(StatusCode::METHOD_NOT_ALLOWED);
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
            Admitted::Answer(refused)
        }
    }
}

/// Whether a path is one of the service's two. The web server of the original accepts paths in any letter case.
fn is_service(path: &str, service: &str) -> bool {
    let Some((start, rest)) = path.split_at_checked(service.len()) else { return false };
    start.eq_ignore_ascii_case(service) && ["", "/", "/ws"].iter().any(|end| rest.eq_ignore_ascii_case(end))
}

fn post(request: &Request<Bytes>) -> Result<PostedMessage, Refusal> {
    let headers = request.headers();
    let content_type = text(headers, CONTENT_TYPE.as_str()).unwrap_or_default();
    let encoding = text(headers, CONTENT_ENCODING.as_str()).unwrap_or("identity");
    if !encoding.eq_ignore_ascii_case("identity") {
        return Err(Refusal::ContentType(format!("{content_type} compressed with {encoding}")));
    }
    let version = Version::of_content_type(content_type);
    let version = version.ok_or_else(|| Refusal::ContentType(content_type.to_owned()))?;
    let soap_action = text(headers, "soapaction").map(|action| action.trim().trim_matches('"'));
    let action = Version::action_of(content_type).or(soap_action).filter(|action| !action.is_empty());
    let basic = text(headers, AUTHORIZATION.as_str()).and_then(Basic::read);
    Ok(PostedMessage { version, action: action.map(str::to_owned), basic, body: request.body().clone() })
}

/// A status without a body.
pub(super) fn refuse(refused: &Refusal) -> Response<Bytes> {
    bare(StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
