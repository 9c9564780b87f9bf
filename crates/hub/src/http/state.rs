//! Routes for the current state.

use axum::extract::State;
use model::{
    AgentId, AgentView, Code, InteractionId, InteractionSummary, InteractionView, JournalId, Principal,
    QueueView, Snapshot, SwitchView,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, EndView,
    customer_history::{Customer, may_see},
    extract::{Items, Json, Path},
    guard::{Acting, Caller},
    history::looked_at,
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(snapshot))
        .routes(routes!(agents))
        .routes(routes!(agent))
        .routes(routes!(queues))
        .routes(routes!(switches))
        .routes(routes!(ends))
        .routes(routes!(interactions))
        .routes(routes!(interaction))
}

/// An interaction: its current state, or its summary if it is completed.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum AnyInteraction {
    /// An interaction that is not completed.
    Live(Box<InteractionView>),
    /// The summary of a completed interaction.
    Completed(Box<InteractionSummary>),
}

/// A snapshot with the journal that it belongs to.
#[derive(Serialize, ToSchema)]
struct JournalSnapshot {
    /// The journal. Together with the snapshot's `seq` it is a cursor for the event stream.
    journal: JournalId,
    #[serde(flatten)]
    snapshot: std::sync::Arc<Snapshot>,
}

/// Returns a snapshot of everything that the caller may see.
#[utoipa::path(get, path = "/api/v1/snapshot", tag = "state",
    responses((status = 200, body = JournalSnapshot), (status = "default", body = Problem)))]
async fn snapshot(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<JournalSnapshot>, Problem> {
    let (journal, snapshot) = (api.handle.journal(), api.handle.snapshot(caller).await?.snapshot);
    Ok(Json(JournalSnapshot { journal, snapshot }))
}

/// Lists the agents.
#[utoipa::path(get, path = "/api/v1/agents", tag = "state",
    responses((status = 200, body = Items<AgentView>), (status = "default", body = Problem)))]
async fn agents(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<Items<AgentView>>, Problem> {
    Ok(Items::all(seen(&api, caller).await?.agents))
}

/// Returns an agent.
#[utoipa::path(get, path = "/api/v1/agents/{agent}", tag = "state", params(("agent" = String, Path)),
    responses((status = 200, body = AgentView), (status = "default", body = Problem)))]
async fn agent(
    State(api): State<Api>,
    Caller(caller): Caller,
    Path(id): Path<AgentId>,
) -> Result<Json<AgentView>, Problem> {
    let found = seen(&api, caller).await?.agents.into_iter().find(|agent| agent.id == id);
    found.map(Json).ok_or_else(|| Problem::new(Code::UnknownAgent, format!("there is no agent {id}")))
}

/// Lists the queues with their waiting calls.
#[utoipa::path(get, path = "/api/v1/queues", tag = "state",
    responses((status = 200, body = Items<QueueView>), (status = "default", body = Problem)))]
async fn queues(State(api): State<Api>, Caller(caller): Caller) -> Result<Json<Items<QueueView>>, Problem> {
    Ok(Items::all(seen(&api, caller).await?.queues))
}

/// Lists the switches.
#[utoipa::path(get, path = "/api/v1/switches", tag = "state",
    responses((status = 200, body = Items<SwitchView>), (status = "default", body = Problem)))]
async fn switches(
    State(api): State<Api>,
    Caller(caller): Caller,
) -> Result<Json<Items<SwitchView>>, Problem> {
    Ok(Items::all(seen(&api, caller).await?.switches))
}

/// Lists the dialect ends that the node runs.
#[utoipa::path(get, path = "/api/v1/ends", tag = "state",
    responses((status = 200, body = Items<EndView>), (status = "default", body = Problem)))]
async fn ends(State(api): State<Api>, Caller(_): Caller) -> Json<Items<EndView>> {
    Items::all(api.ends.to_vec())
}

/// Lists the interactions that are not completed.
#[utoipa::path(get, path = "/api/v1/interactions", tag = "state",
    responses((status = 200, body = Items<InteractionView>), (status = "default", body = Problem)))]
async fn interactions(
    State(api): State<Api>,
    Caller(caller): Caller,
) -> Result<Json<Items<InteractionView>>, Problem> {
    Ok(Items::all(seen(&api, caller).await?.interactions))
}

/// Returns an interaction, from the history if it is completed.
#[utoipa::path(get, path = "/api/v1/interactions/{id}", tag = "state", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = AnyInteraction), (status = "default", body = Problem)))]
async fn interaction(
    State(api): State<Api>,
    Caller(caller): Caller,
    Acting(actor): Acting,
    Path(id): Path<InteractionId>,
) -> Result<Json<AnyInteraction>, Problem> {
    let live =
        seen(&api, caller.clone()).await?.interactions.into_iter().find(|view| view.interaction.id == id);
    if let Some(live) = live {
        return Ok(Json(AnyInteraction::Live(Box::new(live))));
    }
    Ok(Json(AnyInteraction::Completed(Box::new(looked_at(&api, &caller, actor, id).await?))))
}

/// A completed interaction that the caller may see.
pub(super) async fn completed(
    api: &Api,
    caller: &Principal,
    id: InteractionId,
) -> Result<InteractionSummary, Problem> {
    let found = api.handle.read(move |reader| reader.interaction(id)).await?;
    let unseen = || Problem::new(Code::UnknownInteraction, format!("there is no interaction {id}"));
    let summary = found.ok_or_else(unseen)?;
    let is_seen =
        caller.sees(&summary.interaction.agent) || may_see(api, caller, &Customer::of(&summary)).await?;
    if is_seen { Ok(summary) } else { Err(unseen()) }
}

/// A snapshot of what the caller may see.
pub(super) async fn seen(api: &Api, caller: Principal) -> Result<Snapshot, Problem> {
    let snapshot = api.handle.snapshot(caller).await?.snapshot;
    Ok(std::sync::Arc::unwrap_or_clone(snapshot))
}
