//! Routes for the floor and its accounts.

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
    guard::{Acting, Caller},
    problem::Problem,
};
use crate::{
    auth::{check_accounts, salt_of},
    node::FloorChange,
};

/// The largest floor with its accounts and contacts. Bytes. Our choice: enough for 20,000 agents.
const FLOOR_BYTES_MAX: usize = 32 << 20;

pub(super) fn routes() -> OpenApiRouter<Api> {
    let floor = OpenApiRouter::new().routes(routes!(get_floor, put_floor));
    floor.layer(DefaultBodyLimit::max(FLOOR_BYTES_MAX)).routes(routes!(accounts))
}

/// A new floor with its accounts and contacts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FloorBody {
    floor: Floor,
    /// All accounts. If absent, the accounts stay as they are.
    #[serde(default)]
    accounts: Option<Vec<AccountBody>>,
    /// Contacts to add or replace.
    #[serde(default)]
    contacts: Vec<Contact>,
}

/// An account to define.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountBody {
    name: AccountName,
    role: Role,
    #[serde(default)]
    agent: Option<AgentId>,
    /// The argon2id hash of the password, in PHC string format.
    password_hash: String,
}

/// An account without its password hash.
#[derive(Serialize, ToSchema)]
struct AccountView {
    name: AccountName,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<AgentId>,
    /// Algorithm, cost and salt of the password hash. With the password, the same hash can be computed from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_salt: Option<String>,
}

/// The result of a floor change: the last event, and removed items that are still in use.
#[derive(Serialize, ToSchema)]
struct FloorChanged {
    seq: Seq,
    #[serde(skip_serializing_if = "Retiring::is_empty")]
    retiring: Retiring,
}

/// Returns the floor.
#[utoipa::path(get, path = "/api/v1/floor", tag = "floor",
    responses((status = 200, body = Floor), (status = "default", body = Problem)))]
async fn get_floor(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<Arc<Floor>>, Problem> {
    Ok(Json(api.handle.snapshot(caller).await?.floor))
}

/// Replaces the floor. The answer comes when it is durable.
#[utoipa::path(put, path = "/api/v1/floor", tag = "floor", request_body = FloorBody,
    responses((status = 200, body = FloorChanged), (status = "default", body = Problem)))]
async fn put_floor(
    State(api): State<Api>,
    Acting(actor): Acting,
    Json(body): Json<FloorBody>,
) -> Result<Json<FloorChanged>, Problem> {
    let FloorBody { floor, accounts, contacts } = body;
    let invalid = |error: &dyn std::fmt::Display| Problem::new(Code::Invalid, error.to_string());
    let floor = floor.requested();
    let accounts = accounts.map(|accounts| accounts.into_iter().map(account).collect::<Vec<_>>());
    if let Some(accounts) = &accounts {
        check_accounts(accounts, &floor).map_err(|error| invalid(&error))?;
    }
    contacts.iter().try_for_each(check_contact)?;
    let change = FloorChange { floor: Arc::new(floor), accounts, contacts };
    let accepted = api.handle.put_floor_as(actor, change).await?;
    let retiring = api.handle.floor().await?.retiring.clone();
    Ok(Json(FloorChanged { seq: accepted.seq, retiring }))
}

/// Lists the accounts.
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
