//! Routes for signed-in sessions.

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use model::{AccountName, Code, Principal, Role, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Items, Json, Path, Query},
    guard::{Acting, Caller, bearer},
    problem::Problem,
};
use crate::auth::SignInSession;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(sessions, end_all)).routes(routes!(end))
}

/// Query parameters of sessions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SessionFilter {
    /// The account. Only an admin may name another one than its own.
    account: Option<AccountName>,
}

/// A sign-in that is valid.
#[derive(Serialize, ToSchema)]
struct SessionView {
    /// The ID, to end it.
    id: String,
    account: AccountName,
    role: Role,
    /// When the account signed in. Absent for a sign-in that an older version stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// When a request was last sent with its token. After a restart of the node: at the earliest, that restart.
    used_at: Timestamp,
    expires_at: Timestamp,
    /// How the account proved who it is, such as `password`.
    credential: Value,
    /// The address from which the account signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// The client as it named itself, at most 200 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<String>,
    /// How many sockets are open with its token.
    sockets: usize,
    /// Whether it is the session of this request.
    current: bool,
}

/// How many sessions were ended.
#[derive(Serialize, ToSchema)]
struct Ended {
    ended: usize,
}

/// Lists the valid sign-ins of the account, or, for an admin, of all accounts.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "access", params(SessionFilter),
    responses((status = 200, body = Items<SessionView>), (status = "default", body = Problem)))]
async fn sessions(
    State(api): State<Api>,
    Caller(caller): Caller,
    headers: HeaderMap,
    Query(SessionFilter { account }): Query<SessionFilter>,
) -> Result<Json<Items<SessionView>>, Problem> {
    let account = account.or_else(|| (caller.role != Role::Admin).then(|| caller.account.clone()));
    may_manage(&caller, account.as_ref())?;
    let shown = |principal: &Principal| account.as_ref().is_none_or(|account| *account == principal.account);
    let (now, current) = (api.handle.now(), current(&api, &headers));
    let found = api.handle.sessions(shown).into_iter();
    std::future::ready(Ok(Items::all(found.map(|session| view(session, now, &current)).collect()))).await
}

/// Ends all sign-ins of the account, or, for an admin, of the one that the query names. The session of the request stays. Their sockets end
/// immediately.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "access", params(SessionFilter),
    responses((status = 200, body = Ended), (status = "default", body = Problem)))]
async fn end_all(
    State(api): State<Api>,
    Caller(caller): Caller,
    Acting(actor): Acting,
    headers: HeaderMap,
    Query(SessionFilter { account }): Query<SessionFilter>,
) -> Result<Json<Ended>, Problem> {
    let account = account.unwrap_or_else(|| caller.account.clone());
    may_manage(&caller, Some(&account))?;
    let current = current(&api, &headers);
    let ends = |id: &str, principal: &Principal| principal.account == account && id != current;
    Ok(Json(Ended { ended: api.handle.end_sessions(actor, ends).await? }))
}

/// Ends a sign-in: one of the account, or, for an admin, any. Its sockets end immediately.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn end(
    State(api): State<Api>,
    Caller(caller): Caller,
    Acting(actor): Acting,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let is_admin = caller.role == Role::Admin;
    let ends =
        |one: &str, principal: &Principal| one == id && (is_admin || principal.account == caller.account);
    match api.handle.end_sessions(actor, ends).await? {
        0 => Err(Problem::new(Code::NotFound, format!("there is no session {id:?}"))),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

/// Only an admin manages the sessions of other accounts.
fn may_manage(caller: &Principal, account: Option<&AccountName>) -> Result<(), Problem> {
    if caller.role == Role::Admin || account == Some(&caller.account) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden, format!("account {} sees its own sessions only", caller.account)))
}

/// The ID of the session of the request.
fn current(api: &Api, headers: &HeaderMap) -> String {
    api.handle.auth().session_id(bearer(headers).unwrap_or_default())
}

fn view(session: SignInSession, now: Timestamp, current: &str) -> SessionView {
    let SignInSession { id, principal, origin, unused, left, sockets } = session;
    let unused_ms = u64::try_from(unused.as_millis()).unwrap_or(u64::MAX);
    SessionView {
        current: id == current,
        id,
        account: principal.account,
        role: principal.role,
        since: Some(origin.since).filter(|since| since.0 > 0),
        used_at: Timestamp(now.0.saturating_sub(unused_ms)),
        expires_at: now + left,
        credential: json!(origin.credential),
        address: origin.address.map(|address| address.to_string()),
        client: origin.client,
        sockets,
    }
}
