//! What a watcher asks: does it live, is it ready, how is it going.

use std::time::{Duration, Instant};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::CONTENT_TYPE};
use model::{Code, JournalId};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Api, extract::Json, problem::Problem};
use crate::{engine::everybody, node::Life};

/// How long the way through core, store and fan-out may take for the node to be ready. Ours.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// For how long agents and queues are not counted again. Ours: nobody makes the core count by asking often.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// The text format of Prometheus.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(metrics))
        .routes(routes!(openapi))
}

/// That the process lives.
#[derive(Serialize, ToSchema)]
struct Well {
    status: &'static str,
}

/// That the node is ready, and which journal it keeps.
#[derive(Serialize, ToSchema)]
struct Ready {
    status: &'static str,
    journal: JournalId,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, body = Well)))]
async fn healthz() -> Json<Well> {
    std::future::ready(Json(Well { status: "lives" })).await
}

/// Whether the node takes work: a question goes the whole way through core, store and fan-out.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = Ready), (status = 503, body = Problem)))]
async fn readyz(State(api): State<Api>) -> Result<Json<Ready>, Problem> {
    let not = |why: &str| Problem::new(Code::Unavailable, why);
    match api.handle.life() {
        Life::Ready => {}
        Life::Stopping => return Err(not("the node is stopping")),
        Life::Failed => return Err(not("the node has failed; its log says why")),
    }
    match timeout(READY_WITHIN, count(&api)).await {
        Ok(counted) => counted.map(|()| Json(Ready { status: "ready", journal: api.handle.journal() })),
        Err(_) => Err(not("core, store and fan-out do not answer in time")),
    }
}

/// What is counted, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", security(()),
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
async fn metrics(State(api): State<Api>) -> Response {
    // A node that does not answer is still measured.
    timeout(READY_WITHIN, count(&api)).await.ok();
    let metrics = api.handle.metrics();
    metrics.inbox.set(i64::try_from(api.handle.waiting()).unwrap_or(i64::MAX));
    let ahead = api.handle.shared().clock.ahead();
    metrics.clock_ahead.set(i64::try_from(ahead.as_secs()).unwrap_or(i64::MAX));
    (StatusCode::OK, [(CONTENT_TYPE, METRICS_TYPE)], metrics.text()).into_response()
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "health", security(()),
    responses((status = 200, body = serde_json::Value)))]
async fn openapi(State(api): State<Api>) -> Response {
    std::future::ready(([(CONTENT_TYPE, "application/json")], api.document.clone()).into_response()).await
}

/// Counts agents and calls that wait, when that was not done a moment ago.
async fn count(api: &Api) -> Result<(), Problem> {
    let mut counted = api.counted.lock().await;
    if counted.is_some_and(|at: Instant| at.elapsed() < COUNT_EVERY) {
        return Ok(());
    }
    let picture = api.handle.look(everybody()).await?;
    api.handle.metrics().take_picture(&picture.snapshot);
    *counted = Some(Instant::now());
    Ok(())
}
