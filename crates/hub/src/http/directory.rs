//! Who works here: whom an agent may ask, and whether they have time.

use axum::extract::State;
use compact_str::CompactString;
use model::{AgentId, AgentView, DeviceId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Items, Json},
    problem::Problem,
    state::seen,
};
use crate::engine::everybody;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(directory))
}

/// An agent as its colleagues see it: not why it is away, and not what it works on.
#[derive(Serialize, ToSchema)]
struct Colleague {
    /// Who.
    id: AgentId,
    /// Name to show.
    #[schema(value_type = String)]
    name: CompactString,
    /// What to dial.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceId>,
    /// What the agent is doing, in a word.
    #[schema(value_type = String, example = "ready")]
    state: &'static str,
    /// Since when.
    since: Timestamp,
}

/// All agents, as their colleagues see them.
#[utoipa::path(get, path = "/api/v1/directory", tag = "state",
    responses((status = 200, body = Items<Colleague>), (status = "default", body = Problem)))]
async fn directory(State(api): State<Api>) -> Result<Json<Items<Colleague>>, Problem> {
    let agents = seen(&api, everybody()).await?.agents;
    Ok(Items::all(agents.into_iter().map(colleague).collect()))
}

fn colleague(AgentView { id, name, state, since, device, .. }: AgentView) -> Colleague {
    Colleague { id, name, device, state: state.word(), since }
}
