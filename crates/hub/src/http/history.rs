//! Routes for the history.

use axum::extract::State;
use model::{
    AgentId, AgentState, CallId, Cause, Code, Country, InteractionId, InteractionSummary, LinkageId, Number,
    PartyKind, Principal, QueueId, SwitchId, Timestamp, WaitingCaller,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{
    Actor, AgentTime, AgentTimeQuery, AuditAction, InteractionQuery, Reader, Wait, WaitDetail, WaitQuery,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    audit::query_json,
    customer_history::{Customer, may_see},
    extract::{Items, Json, Path, Query, limit},
    guard::{Acting, Caller},
    problem::Problem,
    state::completed,
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(interactions))
        .routes(routes!(interaction))
        .routes(routes!(agent_times))
        .routes(routes!(waits))
}

/// Query parameters for completed interactions. Times are Unix milliseconds.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct InteractionFilter {
    agent: Option<AgentId>,
    linkage: Option<LinkageId>,
    contact: Option<String>,
    number: Option<Number>,
    /// Opened at or after this.
    from: Option<Timestamp>,
    /// Opened before this.
    until: Option<Timestamp>,
    /// The `next` value of the previous page.
    before: Option<u64>,
    limit: Option<usize>,
}

/// Query parameters for agent times. Times are Unix milliseconds.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TimeFilter {
    agent: Option<AgentId>,
    /// Ended after this.
    from: Option<Timestamp>,
    /// Started before this.
    until: Option<Timestamp>,
    limit: Option<usize>,
}

/// Query parameters for waits. Times are Unix milliseconds.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WaitFilter {
    queue: Option<QueueId>,
    /// Ended at or after this.
    from: Option<Timestamp>,
    /// Ended before this.
    until: Option<Timestamp>,
    limit: Option<usize>,
}

/// A period that an agent spent in one state.
#[derive(Serialize, ToSchema)]
struct AgentTimeView {
    agent: AgentId,
    #[serde(flatten)]
    state: AgentState,
    from: Timestamp,
    until: Timestamp,
}

/// The wait of one call in one queue.
#[derive(Serialize, ToSchema)]
struct WaitView {
    queue: QueueId,
    /// When the wait ended.
    at: Timestamp,
    waited_ms: u64,
    /// The agent who answered. Absent if the call was lost.
    answered_by: Option<AgentId>,
    /// The switch that held the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    switch: Option<SwitchId>,
    /// The call's ID at that switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<CallId>,
    /// Why the call left the queue. Absent if it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
    /// The caller. If the contact was unknown at that time, it is the one that the directory has today.
    #[serde(flatten)]
    waiter: WaitingCaller,
}

/// Lists completed interactions, newest first. An agent sees its own, and all with a customer (`contact`, `number` or `linkage`) of one of
/// its current interactions.
#[utoipa::path(get, path = "/api/v1/history/interactions", tag = "history", params(InteractionFilter),
    responses((status = 200, body = Items<InteractionSummary>), (status = "default", body = Problem)))]
async fn interactions(
    State(api): State<Api>,
    Caller(caller): Caller,
    Acting(actor): Acting,
    Query(which): Query<InteractionFilter>,
) -> Result<Json<Items<InteractionSummary>>, Problem> {
    let (limit, query) = (limit(which.limit)?, query_json(&which));
    let (contact, number) = (which.contact.clone(), which.number.clone());
    let customer = Customer { contact, number, linkage: which.linkage };
    let agent = match may_see(&api, &caller, &customer).await? {
        true => which.agent,
        false => requested_agent(&caller, which.agent)?,
    };
    if !is_own(&caller, agent.as_ref()) {
        audit_look(&api, actor, "interactions", query).await?;
    }
    let query = InteractionQuery {
        agent,
        linkage: which.linkage,
        contact: which.contact,
        number: which.number,
        from: which.from,
        until: which.until,
        before: which.before,
        limit,
    };
    let found = api.handle.read(move |reader| reader.interactions(&query)).await?;
    Ok(Items::page(found, limit, |summary| summary.interaction.number.to_string()))
}

/// Returns a completed interaction. An agent sees its own, and those with a customer of one of its current interactions.
#[utoipa::path(get, path = "/api/v1/history/interactions/{id}", tag = "history", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = InteractionSummary), (status = "default", body = Problem)))]
async fn interaction(
    State(api): State<Api>,
    Caller(caller): Caller,
    Acting(actor): Acting,
    Path(id): Path<InteractionId>,
) -> Result<Json<InteractionSummary>, Problem> {
    Ok(Json(looked_at(&api, &caller, actor, id).await?))
}

/// A completed interaction that the caller may see. The audit trail gets an entry if it is the work of another agent.
pub(super) async fn looked_at(
    api: &Api,
    caller: &Principal,
    actor: Actor,
    id: InteractionId,
) -> Result<InteractionSummary, Problem> {
    let summary = completed(api, caller, id).await?;
    if !is_own(caller, Some(&summary.interaction.agent)) {
        audit_look(api, actor, "interaction", json!({ "id": id })).await?;
    }
    Ok(summary)
}

/// Whether a query returns the history of the caller's own agent only.
fn is_own(caller: &Principal, agent: Option<&AgentId>) -> bool {
    agent.is_some() && caller.agent.as_ref() == agent
}

/// Writes to the audit trail that somebody looks at the history of others.
async fn audit_look(api: &Api, actor: Actor, what: &str, query: Value) -> Result<(), Problem> {
    Ok(api.handle.audit(api.handle.event(actor, AuditAction::HistoryRead, what, query)).await?)
}

/// Lists the times that agents spent in each state, newest first. An agent sees its own.
#[utoipa::path(get, path = "/api/v1/history/agents", tag = "history", params(TimeFilter),
    responses((status = 200, body = Items<AgentTimeView>), (status = "default", body = Problem)))]
async fn agent_times(
    State(api): State<Api>,
    Caller(caller): Caller,
    Acting(actor): Acting,
    Query(which): Query<TimeFilter>,
) -> Result<Json<Items<AgentTimeView>>, Problem> {
    let (limit, query) = (limit(which.limit)?, query_json(&which));
    let agent = requested_agent(&caller, which.agent)?;
    if !is_own(&caller, agent.as_ref()) {
        audit_look(&api, actor, "agents", query).await?;
    }
    let query = AgentTimeQuery { agent, from: which.from, until: which.until, limit };
    let found = api.handle.read(move |reader| reader.agent_times(&query)).await?;
    let view = |AgentTime { agent, state, from, until }| AgentTimeView { agent, state, from, until };
    Ok(Items::all(found.into_iter().map(view).collect()))
}

/// Lists how long calls waited in queues, newest first.
#[utoipa::path(get, path = "/api/v1/history/waits", tag = "history", params(WaitFilter),
    responses((status = 200, body = Items<WaitView>), (status = "default", body = Problem)))]
async fn waits(
    State(api): State<Api>,
    Acting(actor): Acting,
    Query(which): Query<WaitFilter>,
) -> Result<Json<Items<WaitView>>, Problem> {
    let limit = limit(which.limit)?;
    audit_look(&api, actor, "waits", query_json(&which)).await?;
    let query = WaitQuery { queue: which.queue, from: which.from, until: which.until, limit };
    let found = api.handle.read(move |reader| {
        let mut found = reader.waits(&query)?;
        let country = reader.floor()?.and_then(|floor| floor.country);
        found.iter_mut().try_for_each(|wait| know(reader, country, &mut wait.detail.waiter))?;
        Ok(found)
    });
    let view = |Wait { queue, at, waited_ms, answered_by, detail }| {
        let WaitDetail { switch, call, cause, waiter } = detail;
        WaitView { queue, at, waited_ms, answered_by, switch, call, cause, waiter }
    };
    Ok(Items::all(found.await?.into_iter().map(view).collect()))
}

/// Adds the contact of a caller who was unknown, if exactly one contact has the number.
fn know(reader: &dyn Reader, country: Option<Country>, waiter: &mut WaitingCaller) -> store::Result<()> {
    if let (None, Some(PartyKind::Outside(number))) =
        (&waiter.contact, waiter.caller.as_ref().map(|one| &one.at))
    {
        let mut contacts = reader.contacts_by_number(number, country)?;
        waiter.contact = contacts.pop().filter(|_| contacts.is_empty());
    }
    Ok(())
}

/// The agent whose history is requested. Only roles that see all work may ask for another agent.
fn requested_agent(caller: &Principal, wanted: Option<AgentId>) -> Result<Option<AgentId>, Problem> {
    if caller.role.sees_all() {
        return Ok(wanted);
    }
    match wanted.or_else(|| caller.agent.clone()) {
        Some(agent) if caller.sees(&agent) => Ok(Some(agent)),
        Some(_) | None => Err(Problem::new(
            Code::Forbidden,
            format!("account {} sees its own history only", caller.account),
        )),
    }
}
