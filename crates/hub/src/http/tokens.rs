//! Routes for API tokens.

use std::collections::BTreeSet;

use axum::extract::State;
use http::StatusCode;
use model::{AccountName, AgentId, Role, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::ApiToken;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Items, Json, Path},
    guard::Acting,
    problem::Problem,
};
use crate::node::NewApiToken;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(tokens, create)).routes(routes!(revoke))
}

/// An API token to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// A name for people, unique among the tokens. In events the account is this name after `token:`.
    name: AccountName,
    /// `integration`, `supervisor` or `agent`.
    role: Role,
    /// The agent for which it acts: only with the role `agent`.
    #[serde(default)]
    agent: Option<AgentId>,
    /// What it may be used for.
    #[schema(value_type = Vec<Scope>)]
    scopes: BTreeSet<Scope>,
    /// When it expires: at most 366 days from now. Unix milliseconds.
    expires_at: Timestamp,
}

/// An API token, without its text.
#[derive(Serialize, ToSchema)]
struct TokenView {
    name: AccountName,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<AgentId>,
    #[schema(value_type = Vec<Scope>)]
    scopes: BTreeSet<Scope>,
    created_at: Timestamp,
    created_by: AccountName,
    /// When it expires. Unix milliseconds. An expired token stays in the list until it is revoked.
    expires_at: Timestamp,
    /// When it was last used, to the hour. Absent if it was never used.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<Timestamp>,
}

/// A new API token.
#[derive(Serialize, ToSchema)]
struct CreatedToken {
    /// The text to send as `Authorization: Bearer …`. It cannot be read again.
    token: String,
    #[serde(flatten)]
    view: TokenView,
}

/// Lists the API tokens.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access",
    responses((status = 200, body = Items<TokenView>), (status = "default", body = Problem)))]
async fn tokens(State(api): State<Api>) -> Result<Json<Items<TokenView>>, Problem> {
    Ok(Items::all(api.handle.api_tokens().await?.into_iter().map(view).collect()))
}

/// Creates an API token. Its text is in the answer only.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "access", request_body = NewToken,
    responses((status = 201, body = CreatedToken), (status = "default", body = Problem)))]
async fn create(
    State(api): State<Api>,
    Acting(actor): Acting,
    Json(NewToken { name, role, agent, scopes, expires_at }): Json<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Problem> {
    let token = NewApiToken { name, role, agent, scopes, expires_at };
    let (text, token) = api.handle.create_api_token(actor, token).await?;
    let created = CreatedToken { token: text.reveal().to_owned(), view: view(token) };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Revokes an API token. Its sockets end immediately.
#[utoipa::path(delete, path = "/api/v1/tokens/{name}", tag = "access", params(("name" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn revoke(
    State(api): State<Api>,
    Acting(actor): Acting,
    Path(name): Path<AccountName>,
) -> Result<StatusCode, Problem> {
    api.handle.revoke_api_token(actor, name).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(token: ApiToken) -> TokenView {
    let ApiToken { name, role, agent, scopes, created_at, created_by, until, used_at, fingerprint: _ } =
        token;
    TokenView { name, role, agent, scopes, created_at, created_by, expires_at: until, used_at }
}
