//! Routes for the audit trail.

use axum::extract::State;
use model::{AccountName, Code, Role, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{AuditAction, AuditEntry, AuditQuery};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Items, Json, Query, limit},
    guard::Acting,
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(audit)).routes(routes!(head))
}

/// Query parameters for entries of the audit trail. Times are Unix milliseconds.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AuditFilter {
    /// The account that acted.
    account: Option<AccountName>,
    /// The name of an action, such as `floor-applied`.
    action: Option<String>,
    /// At or after this.
    from: Option<Timestamp>,
    /// Before this.
    until: Option<Timestamp>,
    /// The `next` value of the previous page.
    before: Option<u64>,
    limit: Option<usize>,
}

/// An entry of the audit trail.
#[derive(Serialize, ToSchema)]
struct AuditView {
    /// The number of the entry. Numbers have no gaps.
    number: u64,
    at: Timestamp,
    actor: ActorView,
    /// What was done, such as `floor-applied`.
    action: &'static str,
    /// What it was done to.
    object: String,
    /// More about it. The members depend on the action.
    detail: Value,
    /// The SHA-256 hash of the previous entry's hash and this entry, in hexadecimal digits.
    hash: String,
}

/// Who did something.
#[derive(Serialize, ToSchema)]
struct ActorView {
    /// Absent for the node itself, and for a sign-in with a name that is not an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    /// How the account proved who it is, such as `password` or `api-token`.
    credential: Value,
    /// The address of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

/// The newest entry of the audit trail.
#[derive(Serialize, ToSchema)]
struct AuditHeadView {
    /// The number of the entry; 0 when there is none.
    number: u64,
    /// The hash of the entry. It stands for all entries up to it.
    hash: String,
}

/// Lists the entries of the audit trail, newest first. Each request adds an entry itself.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditFilter),
    responses((status = 200, body = Items<AuditView>), (status = "default", body = Problem)))]
async fn audit(
    State(api): State<Api>,
    Acting(actor): Acting,
    Query(which): Query<AuditFilter>,
) -> Result<Json<Items<AuditView>>, Problem> {
    let (limit, query) = (limit(which.limit)?, query_json(&which));
    let AuditFilter { account, action, from, until, before, .. } = which;
    let action = action.as_deref().map(named).transpose()?;
    api.handle.audit(api.handle.event(actor, AuditAction::AuditRead, "audit", query)).await?;
    let query = AuditQuery { account, action, from, until, before, limit };
    let found = api.handle.read(move |reader| reader.audit(&query)).await?;
    Ok(Items::page(found.into_iter().map(view).collect(), limit, |entry| entry.number.to_string()))
}

/// Returns the newest entry of the audit trail. Keep it on another machine: it shows later whether entries were deleted or replaced.
#[utoipa::path(get, path = "/api/v1/audit/head", tag = "audit",
    responses((status = 200, body = AuditHeadView), (status = "default", body = Problem)))]
async fn head(State(api): State<Api>) -> Result<Json<AuditHeadView>, Problem> {
    let head = api.handle.read(|reader| reader.audit_head()).await?;
    Ok(Json(AuditHeadView { number: head.number, hash: head.hash.to_string() }))
}

/// A query as the audit trail keeps it: only the parameters that the request has.
pub(super) fn query_json(query: &impl Serialize) -> Value {
    let mut query = json!(query);
    if let Value::Object(parameters) = &mut query {
        parameters.retain(|_, value| !value.is_null());
    }
    query
}

/// The action with this name.
fn named(name: &str) -> Result<AuditAction, Problem> {
    AuditAction::ALL.into_iter().find(|action| action.as_str() == name).ok_or_else(|| {
        let known = AuditAction::ALL.map(AuditAction::as_str).join(", ");
        Problem::new(Code::Invalid, format!("action is {name:?}, expected one of {known}"))
    })
}

fn view(AuditEntry { number, event, hash }: AuditEntry) -> AuditView {
    let store::AuditEvent { at, actor, action, object, detail } = event;
    let store::Actor { account, role, credential, address } = actor;
    let address = address.map(|address| address.to_string());
    let actor = ActorView { account, role, credential: json!(credential), address };
    AuditView { number, at, actor, action: action.as_str(), object, detail, hash: hash.to_string() }
}
