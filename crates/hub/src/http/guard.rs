//! Checks that run before every route: authentication, authorization and the time limit.

use std::net::SocketAddr;

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};
use model::{Code, Principal, Rejection, Role, Scope};
use store::Actor;

use super::{
    Api,
    access::{self, Access},
    problem::Problem,
};
use crate::auth::Holder;

/// The address of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The principal that sent the request.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub(crate) Principal);

/// The principal that sent the request, with its credential and address, for the audit trail.
#[derive(Debug, Clone)]
pub(crate) struct Acting(pub(crate) Actor);

impl<S: Sync> FromRequestParts<S> for Acting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = parts.extensions.get::<Self>().cloned();
        std::future::ready(actor.ok_or_else(unauthenticated)).await
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        std::future::ready(caller.ok_or_else(unauthenticated)).await
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Self>().copied();
        std::future::ready(
            peer.ok_or_else(|| Problem::new(Code::Internal, "the peer's address is not known")),
        )
        .await
    }
}

/// Passes on a request that the table of routes allows.
pub(super) async fn guard(
    State(api): State<Api>,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    let allowed = match access::of(request.method(), path.as_str()) {
        None => Err(Problem::new(Code::Forbidden, "no account may use this route")),
        Some(Access::Public | Access::Message) => Ok(None),
        Some(Access::Roles(roles)) => {
            let scope = access::scope_of(request.method(), path.as_str());
            allow(&api, request.headers(), roles, scope).map(Some)
        }
    };
    match allowed {
        Ok(caller) => {
            if let Some(Holder { principal, credential, .. }) = caller {
                let address = request.extensions().get::<Peer>().map(|Peer(from)| from.ip());
                request.extensions_mut().insert(Acting(Actor::new(&principal, credential, address)));
                request.extensions_mut().insert(Caller(principal));
            }
            within(&api, request, next).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// The holder of the request's token, if it has one of `roles` and, for an API token, the scope. Without a scope, API tokens are refused.
pub(super) fn allow(
    api: &Api,
    headers: &HeaderMap,
    roles: &[Role],
    scope: Option<Scope>,
) -> Result<Holder, Problem> {
    let token = bearer(headers).ok_or_else(unauthenticated)?;
    let holder = holder(api, token, scope)?;
    if roles.contains(&holder.principal.role) {
        return Ok(holder);
    }
    let account = &holder.principal.account;
    Err(Problem::new(Code::Forbidden, format!("account {account} may not use this route")))
}

/// The holder of a token. An API token must have the scope.
pub(super) fn holder(api: &Api, token: &str, scope: Option<Scope>) -> Result<Holder, Rejection> {
    let holder = api.handle.auth().holder(token).ok_or_else(no_token)?;
    let Some(scopes) = &holder.scopes else { return Ok(holder) };
    let account = &holder.principal.account;
    match scope {
        Some(scope) if scopes.contains(&scope) => {
            api.handle.note_use(token);
            Ok(holder)
        }
        Some(scope) => {
            let text = format!("account {account} does not have the scope {}", scope.as_str());
            Err(Rejection::new(Code::Forbidden, text))
        }
        None => Err(Rejection::new(Code::Forbidden, "API tokens cannot be used here; sign in")),
    }
}

/// The bearer token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

pub(super) fn unauthenticated() -> Problem {
    no_token().into()
}

pub(super) fn no_token() -> Rejection {
    Rejection::new(Code::Unauthenticated, "the token is missing or not valid; sign in again")
}

/// Answers within a time limit, even if the body arrives slowly.
async fn within(api: &Api, request: Request, next: Next) -> Response {
    let limit = api.limits.answer_within;
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Unavailable, format!("no answer within {limit:?}")).into_response(),
    }
}

/// Adds headers for browsers to every answer of the API: do not store, do not guess types, do not show in a frame.
pub(super) async fn secure(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
