//! What was.

use axum::extract::State;
use model::{
    AgentId, AgentState, CallId, Cause, Code, Country, InteractionId, InteractionSummary, LinkageId, Number,
    PartyKind, Principal, QueueId, SwitchId, Timestamp, WaitingCaller,
};
use serde::{Deserialize, Serialize};
use store::{AgentTime, AgentTimeQuery, InteractionQuery, Reader, Wait, WaitDetail, WaitQuery};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Items, Json, Path, Query, limit},
    guard::Caller,
    past::{Customer, may_see},
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

/// Which interactions. Times are Unix milliseconds.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WhichInteractions {
    agent: Option<AgentId>,
    linkage: Option<LinkageId>,
    contact: Option<String>,
    number: Option<Number>,
    /// Opened at or after this.
    from: Option<Timestamp>,
    /// Opened before this.
    until: Option<Timestamp>,
    /// `next` of the page before.
    before: Option<u64>,
    limit: Option<usize>,
}

/// Which times of agents. Times are Unix milliseconds.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WhichTimes {
    agent: Option<AgentId>,
    /// Ended after this.
    from: Option<Timestamp>,
    /// Begun before this.
    until: Option<Timestamp>,
    limit: Option<usize>,
}

/// Which waits. Times are Unix milliseconds.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WhichWaits {
    queue: Option<QueueId>,
    /// Over at or after this.
    from: Option<Timestamp>,
    /// Over before this.
    until: Option<Timestamp>,
    limit: Option<usize>,
}

/// A time that an agent spent in one state.
#[derive(Serialize, ToSchema)]
struct AgentTimeView {
    agent: AgentId,
    #[serde(flatten)]
    state: AgentState,
    from: Timestamp,
    until: Timestamp,
}

/// How one call waited in one queue.
#[derive(Serialize, ToSchema)]
struct WaitView {
    queue: QueueId,
    /// When it was over.
    at: Timestamp,
    waited_ms: u64,
    /// Who answered; nobody when the call was lost.
    answered_by: Option<AgentId>,
    /// The switch that held the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    switch: Option<SwitchId>,
    /// The call there.
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<CallId>,
    /// Why it left the queue; nothing when it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
    /// Who waited. The contact is the one of then, or the one whom the directory has today.
    #[serde(flatten)]
    waiter: WaitingCaller,
}

/// Completed interactions, newest first. An agent sees its own, and everybody's with a customer (`contact`, `number` or `linkage`) whom it
/// has on the line.
#[utoipa::path(get, path = "/api/v1/history/interactions", tag = "history", params(WhichInteractions),
    responses((status = 200, body = Items<InteractionSummary>), (status = "default", body = Problem)))]
async fn interactions(
    State(api): State<Api>,
    Caller(caller): Caller,
    Query(which): Query<WhichInteractions>,
) -> Result<Json<Items<InteractionSummary>>, Problem> {
    let limit = limit(which.limit)?;
    let (contact, number) = (which.contact.clone(), which.number.clone());
    let customer = Customer { contact, number, linkage: which.linkage };
    let agent = match may_see(&api, &caller, &customer).await? {
        true => which.agent,
        false => whose(&caller, which.agent)?,
    };
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

/// A completed interaction. An agent sees its own, and those with a customer whom it has on the line.
#[utoipa::path(get, path = "/api/v1/history/interactions/{id}", tag = "history", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = InteractionSummary), (status = "default", body = Problem)))]
async fn interaction(
    State(api): State<Api>,
    Caller(caller): Caller,
    Path(id): Path<InteractionId>,
) -> Result<Json<InteractionSummary>, Problem> {
    Ok(Json(completed(&api, &caller, id).await?))
}

/// What agents did when, newest first. Agents see their own.
#[utoipa::path(get, path = "/api/v1/history/agents", tag = "history", params(WhichTimes),
    responses((status = 200, body = Items<AgentTimeView>), (status = "default", body = Problem)))]
async fn agent_times(
    State(api): State<Api>,
    Caller(caller): Caller,
    Query(which): Query<WhichTimes>,
) -> Result<Json<Items<AgentTimeView>>, Problem> {
    let limit = limit(which.limit)?;
    let agent = whose(&caller, which.agent)?;
    let query = AgentTimeQuery { agent, from: which.from, until: which.until, limit };
    let found = api.handle.read(move |reader| reader.agent_times(&query)).await?;
    let view = |AgentTime { agent, state, from, until }| AgentTimeView { agent, state, from, until };
    Ok(Items::all(found.into_iter().map(view).collect()))
}

/// How calls waited, newest first.
#[utoipa::path(get, path = "/api/v1/history/waits", tag = "history", params(WhichWaits),
    responses((status = 200, body = Items<WaitView>), (status = "default", body = Problem)))]
async fn waits(
    State(api): State<Api>,
    Query(which): Query<WhichWaits>,
) -> Result<Json<Items<WaitView>>, Problem> {
    let limit = limit(which.limit)?;
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

/// Looks up who waited, if that was not known then and only one contact has the number.
fn know(reader: &dyn Reader, country: Option<Country>, waiter: &mut WaitingCaller) -> store::Result<()> {
    if let (None, Some(PartyKind::Outside(number))) =
        (&waiter.contact, waiter.caller.as_ref().map(|one| &one.at))
    {
        let mut contacts = reader.contacts_by_number(number, country)?;
        waiter.contact = contacts.pop().filter(|_| contacts.is_empty());
    }
    Ok(())
}

/// Whose history is asked for: anybody's only by who sees all.
fn whose(caller: &Principal, wanted: Option<AgentId>) -> Result<Option<AgentId>, Problem> {
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
