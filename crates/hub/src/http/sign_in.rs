//! Routes to sign in and out.

use axum::extract::State;
use http::{HeaderMap, StatusCode, header::USER_AGENT};
use model::{AccountName, Code, Principal, Role, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use session::Login;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::Json,
    guard::{Acting, Caller, Peer, bearer},
    problem::Problem,
};
use crate::{auth::Token, node};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(sign_in)).routes(routes!(sign_out)).routes(routes!(me))
}

/// The name and the password of an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    account: AccountName,
    #[schema(value_type = String)]
    password: Secret,
    /// The code of the account's second factor, or one of its recovery codes. Without it, an account with a second factor gets
    /// `second-factor-required`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    code: Option<Secret>,
}

/// A token to send as `Authorization: Bearer …`.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    token: String,
    /// When the token expires. Unix milliseconds.
    expires_at: Timestamp,
    principal: Principal,
}

impl SignedIn {
    pub(super) fn new(api: &Api, token: Token) -> Json<Self> {
        let expires_at = api.handle.now() + token.life;
        Json(Self { token: token.text.reveal().to_owned(), expires_at, principal: token.principal })
    }
}

/// Signs in with an account and its password. Returns a token. If people sign in through a provider only, just accounts with the role
/// `integration` can use this.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "access", request_body = SignIn, security(()),
    responses((status = 200, body = SignedIn), (status = "default", body = Problem)))]
async fn sign_in(
    State(api): State<Api>,
    Peer(from): Peer,
    headers: HeaderMap,
    Json(SignIn { account, password, code }): Json<SignIn>,
) -> Result<Json<SignedIn>, Problem> {
    let login = Login::Account(account);
    if let Some(oidc) = api.oidc.as_ref().filter(|oidc| !oidc.config().passwords) {
        // A wrong password is refused below.
        let checked = api.handle.auth().check_password(&login, &password, from).await;
        if checked.is_ok_and(|principal| principal.role != Role::Integration) {
            let text = format!("people sign in with {} here, and not with a password", oidc.config().name);
            return Err(Problem::new(Code::Forbidden, text));
        }
    }
    let client = user_agent(&headers);
    let sign_in = node::SignIn { login, password, code, from, client };
    Ok(SignedIn::new(&api, api.handle.sign_in_with(sign_in).await?))
}

/// The client as it names itself.
pub(super) fn user_agent(headers: &HeaderMap) -> Option<String> {
    headers.get(USER_AGENT)?.to_str().ok().map(str::to_owned)
}

/// Revokes the token of the request.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "access",
    responses((status = 204), (status = "default", body = Problem)))]
async fn sign_out(
    State(api): State<Api>,
    Acting(actor): Acting,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    if let Some(token) = bearer(&headers) {
        api.handle.sign_out_as(actor, token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the account of the request's token.
#[utoipa::path(get, path = "/api/v1/me", tag = "access",
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
async fn me(Caller(principal): Caller) -> Json<Principal> {
    std::future::ready(Json(principal)).await
}
