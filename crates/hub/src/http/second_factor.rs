//! Routes for second factors.

use axum::extract::State;
use http::StatusCode;
use model::{AccountName, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use store::SecondFactor;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Items, Json, Path},
    guard::{Acting, Peer},
    problem::Problem,
};
use crate::node::Proof;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(enroll))
        .routes(routes!(confirm))
        .routes(routes!(remove))
}

/// The second factor of an account, without its secret.
#[derive(Serialize, ToSchema)]
struct SecondFactorView {
    account: AccountName,
    enrolled_at: Timestamp,
    /// Whether a code has confirmed it. Until then it is not asked for.
    confirmed: bool,
    /// How many recovery codes are left.
    recovery_codes: usize,
}

/// The password of the account. An operator on the machine of the node need not send it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Enroll {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

/// A second factor that waits for its first code.
#[derive(Serialize, ToSchema)]
struct Enrolled {
    /// The secret in base32, to type into an authenticator.
    secret: String,
    /// The same as a URL, to make a QR code from.
    url: String,
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstCode {
    #[schema(value_type = String)]
    code: Secret,
}

/// The recovery codes. Each is accepted once in place of a code.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

/// A code of the second factor. An operator on the machine of the node need not send it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LastCode {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    code: Option<Secret>,
}

/// Lists the accounts that have a second factor.
#[utoipa::path(get, path = "/api/v1/second-factors", tag = "access",
    responses((status = 200, body = Items<SecondFactorView>), (status = "default", body = Problem)))]
async fn list(State(api): State<Api>) -> Result<Json<Items<SecondFactorView>>, Problem> {
    let view = |factor: SecondFactor| SecondFactorView {
        account: factor.account,
        enrolled_at: factor.enrolled_at,
        confirmed: factor.confirmed,
        recovery_codes: factor.recovery.len(),
    };
    Ok(Items::all(api.handle.second_factors().await?.into_iter().map(view).collect()))
}

/// Makes a second factor for the own account. The account needs it after it is confirmed.
#[utoipa::path(post, path = "/api/v1/second-factors/{account}", tag = "access", request_body = Enroll,
    params(("account" = String, Path)),
    responses((status = 200, body = Enrolled), (status = "default", body = Problem)))]
async fn enroll(
    State(api): State<Api>,
    Acting(actor): Acting,
    Peer(from): Peer,
    Path(account): Path<AccountName>,
    Json(Enroll { password }): Json<Enroll>,
) -> Result<Json<Enrolled>, Problem> {
    let proof = Proof { password, code: None, from };
    let made = api.handle.enroll_second_factor(actor, account, proof).await?;
    Ok(Json(Enrolled { secret: made.secret.reveal().to_owned(), url: made.url.reveal().to_owned() }))
}

/// Confirms a second factor with its first code. The recovery codes are in this answer only.
#[utoipa::path(post, path = "/api/v1/second-factors/{account}/confirm", tag = "access",
    request_body = FirstCode, params(("account" = String, Path)),
    responses((status = 200, body = RecoveryCodes), (status = "default", body = Problem)))]
async fn confirm(
    State(api): State<Api>,
    Acting(actor): Acting,
    Path(account): Path<AccountName>,
    Json(FirstCode { code }): Json<FirstCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let codes = api.handle.confirm_second_factor(actor, account, &code).await?;
    let recovery_codes = codes.iter().map(|code| code.reveal().to_owned()).collect();
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Removes the second factor of the own account.
#[utoipa::path(post, path = "/api/v1/second-factors/{account}/remove", tag = "access",
    request_body = LastCode, params(("account" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove(
    State(api): State<Api>,
    Acting(actor): Acting,
    Peer(from): Peer,
    Path(account): Path<AccountName>,
    Json(LastCode { code }): Json<LastCode>,
) -> Result<StatusCode, Problem> {
    let proof = Proof { password: None, code, from };
    api.handle.remove_second_factor(actor, account, proof).await?;
    Ok(StatusCode::NO_CONTENT)
}
