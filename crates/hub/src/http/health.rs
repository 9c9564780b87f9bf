//! Routes for monitoring: health, readiness and metrics.

use std::time::{Duration, Instant};

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{Request, StatusCode, header::CONTENT_TYPE};
use model::{Code, JournalId};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Api, extract::Json, problem::Problem};
use crate::{
    engine::everybody,
    node::{DiskSpace, Life},
};

/// How long core, store and fan-out may take together for the node to be ready. Our choice.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// The shortest time between two counts of agents and queues. Our choice: frequent requests must not load the core.
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

/// The answer of a running process.
#[derive(Serialize, ToSchema)]
struct Health {
    status: &'static str,
}

/// The answer of a ready node, with the journal that it keeps.
#[derive(Serialize, ToSchema)]
struct Readiness {
    status: &'static str,
    journal: JournalId,
    /// What an operator should correct soon. Absent if there is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// Checks that the process is running.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, body = Health)))]
async fn healthz() -> Json<Health> {
    std::future::ready(Json(Health { status: "lives" })).await
}

/// The answer of a node that is starting: the process runs, and accepts no work yet.
pub(super) fn starting(request: &Request<Body>) -> Response {
    if request.uri().path() == "/healthz" {
        return Json(Health { status: "lives" }).into_response();
    }
    Problem::new(Code::Unavailable, "the node is starting; try again in a few seconds").into_response()
}

/// Checks that the node accepts work. A request passes through core, store and fan-out.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Problem)))]
async fn readyz(State(api): State<Api>) -> Result<Json<Readiness>, Problem> {
    let not = |why: &str| Problem::new(Code::Unavailable, why);
    match api.handle.life() {
        Life::Ready => {}
        Life::Draining => return Err(not("the node is draining: it works, and stops soon")),
        Life::Stopping => return Err(not("the node is stopping")),
        Life::Failed => return Err(not("the node has failed; see its log")),
    }
    match timeout(READY_WITHIN, count(&api)).await {
        Ok(counted) => counted.map(|()| {
            let warnings = api.handle.shared().disk().and_then(nearly_full).into_iter().collect();
            Json(Readiness { status: "ready", journal: api.handle.journal(), warnings })
        }),
        Err(_) => Err(not("core, store and fan-out do not answer in time")),
    }
}

/// The warning of a disk that is nearly full.
fn nearly_full(disk: DiskSpace) -> Option<String> {
    let DiskSpace { free_bytes, low_bytes, .. } = disk;
    disk.is_low().then(|| {
        format!("the disk of the data is nearly full: {free_bytes} bytes are free, fewer than {low_bytes} (store.low_bytes)")
    })
}

/// Returns the metrics for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", security(()),
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
async fn metrics(State(api): State<Api>) -> Response {
    // Metrics are returned even if the node does not answer in time.
    timeout(READY_WITHIN, count(&api)).await.ok();
    let metrics = api.handle.metrics();
    metrics.inbox.set(i64::try_from(api.handle.waiting()).unwrap_or(i64::MAX));
    let ahead = api.handle.shared().clock.ahead();
    metrics.clock_ahead.set(i64::try_from(ahead.as_secs()).unwrap_or(i64::MAX));
    (StatusCode::OK, [(CONTENT_TYPE, METRICS_TYPE)], metrics.text()).into_response()
}

/// Returns this description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "health", security(()),
    responses((status = 200, body = serde_json::Value)))]
async fn openapi(State(api): State<Api>) -> Response {
    std::future::ready(([(CONTENT_TYPE, "application/json")], api.document.clone()).into_response()).await
}

/// Counts agents and waiting calls, unless that was done very recently.
async fn count(api: &Api) -> Result<(), Problem> {
    let mut counted = api.counted.lock().await;
    if counted.is_some_and(|at: Instant| at.elapsed() < COUNT_EVERY) {
        return Ok(());
    }
    let current = api.handle.snapshot(everybody()).await?;
    api.handle.metrics().take_picture(&current.snapshot);
    *counted = Some(Instant::now());
    Ok(())
}
