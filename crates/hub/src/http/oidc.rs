//! Routes to sign in through a provider (OpenID Connect). The pages begin and complete a sign-in; the browser visits the provider in between.

use axum::extract::State;
use http::HeaderMap;
use model::{Code, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::Json,
    guard::Peer,
    problem::Problem,
    sign_in::{SignedIn, user_agent},
};
use crate::auth::oidc::{Oidc, Returned};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(methods))
        .routes(routes!(begin))
        .routes(routes!(complete))
        .routes(routes!(sign_out))
}

/// How people can sign in.
#[derive(Serialize, ToSchema)]
struct SignInMethods {
    /// Whether people can sign in with a password.
    passwords: bool,
    /// The name of the provider. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
}

/// A sign-in that has begun.
#[derive(Serialize, ToSchema)]
struct BegunSignIn {
    /// The address of the provider. Show it in this window, or in a window that this page opens.
    url: String,
    /// Send it when you complete the sign-in. Give it to nobody else.
    ticket: String,
}

/// What the provider sent to the redirect URL, and the ticket of the sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CompletedSignIn {
    #[schema(value_type = String)]
    ticket: Secret,
    #[schema(value_type = String)]
    state: Secret,
    /// The code. Absent if the provider sent an error.
    #[schema(value_type = Option<String>)]
    code: Option<Secret>,
    /// The issuer, if the provider sent it.
    iss: Option<String>,
    /// The error of the provider.
    error: Option<String>,
}

/// Returns how people can sign in.
#[utoipa::path(get, path = "/api/v1/sign-in", tag = "access", security(()),
    responses((status = 200, body = SignInMethods), (status = "default", body = Problem)))]
async fn methods(State(api): State<Api>) -> Json<SignInMethods> {
    let config = api.oidc.as_ref().map(|oidc| oidc.config());
    let passwords = config.is_none_or(|config| config.passwords);
    let provider = config.map(|config| config.name.clone());
    std::future::ready(Json(SignInMethods { passwords, provider })).await
}

/// Begins a sign-in through the provider.
#[utoipa::path(post, path = "/api/v1/sign-in/oidc", tag = "access", security(()),
    responses((status = 200, body = BegunSignIn), (status = "default", body = Problem)))]
async fn begin(State(api): State<Api>, Peer(from): Peer) -> Result<Json<BegunSignIn>, Problem> {
    let begun = oidc(&api)?.begin(from.ip()).await;
    let begun = begun.inspect_err(|rejection| api.handle.auth().log_refused(from, rejection))?;
    Ok(Json(BegunSignIn { url: begun.url, ticket: begun.ticket.reveal().to_owned() }))
}

/// Completes a sign-in through the provider. Returns a token. Each ticket can be used once.
#[utoipa::path(post, path = "/api/v1/sign-in/oidc/complete", tag = "access", request_body = CompletedSignIn,
    security(()), responses((status = 200, body = SignedIn), (status = "default", body = Problem)))]
async fn complete(
    State(api): State<Api>,
    Peer(from): Peer,
    headers: HeaderMap,
    Json(CompletedSignIn { ticket, state, code, iss, error }): Json<CompletedSignIn>,
) -> Result<Json<SignedIn>, Problem> {
    let returned = Returned { ticket, state, code, issuer: iss, error };
    let person = oidc(&api)?.complete(returned, &api.handle).await;
    let person = person.inspect_err(|rejection| api.handle.auth().log_refused(from, rejection))?;
    Ok(SignedIn::new(&api, api.handle.sign_in_person(person, from, user_agent(&headers)).await?))
}

/// Where the browser goes after a sign-out, to sign out at the provider too.
#[derive(Serialize, ToSchema)]
struct ProviderSignOut {
    /// The address. Absent if people stay signed in at the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Returns where the browser signs out at the provider. Revoke the token first, with `POST /api/v1/sign-out`.
#[utoipa::path(post, path = "/api/v1/sign-in/oidc/sign-out", tag = "access", security(()),
    responses((status = 200, body = ProviderSignOut), (status = "default", body = Problem)))]
async fn sign_out(State(api): State<Api>) -> Result<Json<ProviderSignOut>, Problem> {
    Ok(Json(ProviderSignOut { url: oidc(&api)?.sign_out_url().await? }))
}

fn oidc(api: &Api) -> Result<&Oidc, Problem> {
    let missing =
        || Problem::new(Code::NotFound, "this node has no provider for sign-ins: [oidc] is not configured");
    api.oidc.as_deref().ok_or_else(missing)
}
