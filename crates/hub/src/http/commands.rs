//! Routes for commands.

use axum::extract::State;
use http::HeaderMap;
use model::{Accepted, AgentId, Code, Command, CommandId, InteractionId, Principal, Role, Verb};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Json, Path},
    guard::{Acting, Caller},
    problem::Problem,
    state::{completed, seen},
};

/// The header that makes a command safe to repeat.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(command_agent)).routes(routes!(command_interaction))
}

/// Sends a command for an agent. The answer comes when the result is durable.
#[utoipa::path(post, path = "/api/v1/agents/{agent}/commands", tag = "commands", request_body = Verb,
    params(("agent" = String, Path), ("Idempotency-Key" = Option<String>, Header,
        description = "The same key from the same account gives the first answer again")),
    responses((status = 200, body = Accepted), (status = "default", body = Problem)))]
async fn command_agent(
    State(api): State<Api>,
    Caller(by): Caller,
    Acting(actor): Acting,
    Path(agent): Path<AgentId>,
    headers: HeaderMap,
    Json(verb): Json<Verb>,
) -> Result<Json<Accepted>, Problem> {
    let id = command_id(&headers)?;
    let command = Command { id, by, agent, interaction: None, verb };
    Ok(Json(api.handle.command_as(actor, command).await?))
}

/// Sends a command for an interaction. The answer comes when the result is durable.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/commands", tag = "commands", request_body = Verb,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header,
        description = "The same key from the same account gives the first answer again")),
    responses((status = 200, body = Accepted), (status = "default", body = Problem)))]
async fn command_interaction(
    State(api): State<Api>,
    Caller(by): Caller,
    Acting(actor): Acting,
    Path(interaction): Path<InteractionId>,
    headers: HeaderMap,
    Json(verb): Json<Verb>,
) -> Result<Json<Accepted>, Problem> {
    let id = command_id(&headers)?;
    let agent = owner(&api, &by, interaction).await?;
    let command = Command { id, by, agent, interaction: Some(interaction), verb };
    Ok(Json(api.handle.command_as(actor, command).await?))
}

/// The agent of an interaction. An agent can only mean its own; the core checks that.
async fn owner(api: &Api, by: &Principal, id: InteractionId) -> Result<AgentId, Problem> {
    if let (Role::Agent, Some(agent)) = (by.role, &by.agent) {
        return Ok(agent.clone());
    }
    let live = seen(api, by.clone()).await?.interactions.into_iter().find(|view| view.interaction.id == id);
    match live {
        Some(view) => Ok(view.interaction.agent),
        None => Ok(completed(api, by, id).await?.interaction.agent),
    }
}

fn command_id(headers: &HeaderMap) -> Result<CommandId, Problem> {
    let wrong =
        |error: &dyn std::fmt::Display| Problem::new(Code::Invalid, format!("{IDEMPOTENCY_KEY}: {error}"));
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return made(&wrong) };
    let key = key.to_str().map_err(|error| wrong(&error))?;
    CommandId::new(key).map_err(|error| wrong(&error))
}

/// A random command ID for requests without the header.
fn made(wrong: &dyn Fn(&dyn std::fmt::Display) -> Problem) -> Result<CommandId, Problem> {
    let mut bytes = [0; 16];
    crate::node::ids::random(&mut bytes);
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    CommandId::new(id.to_string()).map_err(|error| wrong(&error))
}
