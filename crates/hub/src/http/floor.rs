//! The floor and who may sign in there.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use model::{AccountName, AgentId, Code, Contact, Floor, Retiring, Role, Seq};
use serde::{Deserialize, Serialize};
use store::Account;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    contacts::check_contact,
    extract::{Items, Json},
    guard::Caller,
    problem::Problem,
};
use crate::{
    auth::{check_accounts, salt_of},
    node::FloorChange,
};

/// The largest floor with its accounts and contacts. Bytes. Ours: 20,000 agents fit.
const FLOOR_BYTES_MAX: usize = 32 << 20;

pub(super) fn routes() -> OpenApiRouter<Api> {
    let floor = OpenApiRouter::new().routes(routes!(get_floor, put_floor));
    floor.layer(DefaultBodyLimit::max(FLOOR_BYTES_MAX)).routes(routes!(accounts))
}

/// Another floor, and with it who signs in there and whom they know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FloorBody {
    floor: Floor,
    /// All accounts; the ones before stay when not given.
    #[serde(default)]
    accounts: Option<Vec<AccountBody>>,
    /// Contacts to add or replace.
    #[serde(default)]
    contacts: Vec<Contact>,
}

/// Somebody who may sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountBody {
    name: AccountName,
    role: Role,
    #[serde(default)]
    agent: Option<AgentId>,
    /// An argon2id PHC string.
    password_hash: String,
}

/// Somebody who may sign in, without what proves it.
#[derive(Serialize, ToSchema)]
struct AccountView {
    name: AccountName,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<AgentId>,
    /// Algorithm, cost and salt of the password's hash: with the password, the same hash can be computed from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_salt: Option<String>,
}

/// The last event when the floor was changed, and what is still in use of what was removed.
#[derive(Serialize, ToSchema)]
struct Changed {
    seq: Seq,
    #[serde(skip_serializing_if = "Retiring::is_empty")]
    retiring: Retiring,
}

/// The floor.
#[utoipa::path(get, path = "/api/v1/floor", tag = "floor",
    responses((status = 200, body = Floor), (status = "default", body = Problem)))]
async fn get_floor(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<Arc<Floor>>, Problem> {
    Ok(Json(api.handle.look(caller).await?.floor))
}

/// Replaces the floor; answered when it is durable.
#[utoipa::path(put, path = "/api/v1/floor", tag = "floor", request_body = FloorBody,
    responses((status = 200, body = Changed), (status = "default", body = Problem)))]
async fn put_floor(State(api): State<Api>, Json(body): Json<FloorBody>) -> Result<Json<Changed>, Problem> {
    let FloorBody { floor, accounts, contacts } = body;
    let invalid = |error: &dyn std::fmt::Display| Problem::new(Code::Invalid, error.to_string());
    let floor = floor.asked();
    let accounts = accounts.map(|accounts| accounts.into_iter().map(account).collect::<Vec<_>>());
    if let Some(accounts) = &accounts {
        check_accounts(accounts, &floor).map_err(|error| invalid(&error))?;
    }
    contacts.iter().try_for_each(check_contact)?;
    let change = FloorChange { floor: Arc::new(floor), accounts, contacts };
    let accepted = api.handle.put_floor(change).await?;
    let retiring = api.handle.floor().await?.retiring.clone();
    Ok(Json(Changed { seq: accepted.seq, retiring }))
}

/// Who may sign in.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "floor",
    responses((status = 200, body = Items<AccountView>), (status = "default", body = Problem)))]
async fn accounts(State(api): State<Api>) -> Result<Json<Items<AccountView>>, Problem> {
    let accounts = api.handle.read(|reader| reader.accounts()).await?;
    let view = |account: Account| {
        let password_salt = salt_of(&account.password_hash).map(str::to_owned);
        AccountView { name: account.name, role: account.role, agent: account.agent, password_salt }
    };
    Ok(Items::all(accounts.into_iter().map(view).collect()))
}

fn account(AccountBody { name, role, agent, password_hash }: AccountBody) -> Account {
    Account { name, role, agent, password_hash }
}
