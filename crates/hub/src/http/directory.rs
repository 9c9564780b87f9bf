//! The route for the directory of agents: who can be called and who is available.

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

/// An agent as other agents see it: without the reason for not being ready and without its work.
#[derive(Serialize, ToSchema)]
struct Colleague {
    /// The agent's ID.
    id: AgentId,
    /// The display name.
    #[schema(value_type = String)]
    name: CompactString,
    /// The phone to dial. Absent while the agent has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceId>,
    /// The agent state.
    #[schema(value_type = String, example = "ready")]
    state: &'static str,
    /// When the agent entered this state. Unix milliseconds.
    since: Timestamp,
}

/// Lists all agents as other agents see them.
#[utoipa::path(get, path = "/api/v1/directory", tag = "state",
    responses((status = 200, body = Items<Colleague>), (status = "default", body = Problem)))]
async fn directory(State(api): State<Api>) -> Result<Json<Items<Colleague>>, Problem> {
    let agents = seen(&api, everybody()).await?.agents;
    Ok(Items::all(agents.into_iter().map(colleague).collect()))
}

fn colleague(AgentView { id, name, state, since, device, .. }: AgentView) -> Colleague {
    Colleague { id, name, device, state: state.as_str(), since }
}
