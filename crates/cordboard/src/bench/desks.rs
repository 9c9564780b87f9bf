//! Measures desks: the memory of an idle desk, and the time until an event arrives at its desk.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use model::Secret;
use serde_json::{Value, json};

use super::{
    Figure, Load,
    child::Child,
    figure::{Reach, histogram, latencies},
    plan,
};
use crate::client::{Events, StreamMessage};

/// Calls that start each second, independent of earlier calls.
const CALLS_PER_SECOND: u64 = 500;
/// The length of each call. Milliseconds.
const TALK_MS: u64 = 500;
/// The target for the 99th percentile. Milliseconds.
const P99_MS_MAX: f64 = 10.0;
/// The target for the memory of one agent with a desk. Bytes.
const DESK_BYTES_MAX: f64 = 12.0 * 1024.0;
/// How long to wait before measuring memory.
const SETTLE: Duration = Duration::from_secs(3);
/// How long to run before measuring latencies.
const WARM_UP: Duration = Duration::from_secs(2);

pub(super) async fn measure(load: Load) -> Result<Vec<Figure>> {
    let empty = {
        let child = Child::start(1).await?;
        tokio::time::sleep(SETTLE).await;
        child.memory()?
    };
    let child = Child::start(load.agents).await?;
    let desks = Arc::new(Desks::default());
    open(&child, load, &desks).await?;
    tokio::time::sleep(SETTLE).await;
    let each = child.memory()?.saturating_sub(empty) as f64 / load.agents as f64;
    let memory = format!(
        "resident memory of a node with {} signed-in agents with one desk each, minus that of a node with one agent; per agent",
        load.agents
    );
    let taken = deliver(&child, load, &desks).await?;
    let method = format!(
        "{} agents with a desk each, {CALLS_PER_SECOND} calls started each second on schedule; from the node's decision (in whole \
         milliseconds, rounded down) to the message at the desk; node and desks in two processes; {} events",
        load.agents,
        taken.len()
    );
    let mut figures = latencies("event to desk", &taken, Some(P99_MS_MAX), &method);
    figures.push(
        Figure::new("memory of an idle agent with one desk", each, "bytes", memory)
            .reaching(Reach::AtMost(DESK_BYTES_MAX)),
    );
    Ok(figures)
}

#[derive(Default)]
struct Desks {
    measuring: AtomicBool,
    taken: Mutex<Option<Histogram<u64>>>,
}

/// Signs in all agents, makes them ready, and connects a desk for each.
async fn open(child: &Child, load: Load, desks: &Arc<Desks>) -> Result<()> {
    let anybody = child.client()?;
    let (shown, mut seen) = tokio::sync::mpsc::channel(load.agents);
    for index in 0..load.agents {
        let id = plan::agent(index);
        let credentials = json!({ "account": id, "password": plan::PASSWORD });
        let signed_in: Value = anybody.post("/api/v1/sign-in", &credentials).await?;
        let token = signed_in["token"].as_str().context("no token")?;
        let agent = child.client_with(Secret::new(token));
        for verb in ["sign-in", "ready"] {
            let path = format!("/api/v1/agents/{id}/commands");
            let _: Value = agent.post(&path, &json!({ "verb": verb })).await?;
        }
        // Dropping the client closes its connection, so that a desk has only its WebSocket.
        tokio::spawn(read(agent.events(None), Arc::clone(desks), shown.clone()));
    }
    drop(shown);
    for _ in 0..load.agents {
        seen.recv().await.context("a desk got no snapshot")?;
    }
    Ok(())
}

/// A desk. It reads events and records the age of each.
async fn read(mut events: Events, desks: Arc<Desks>, shown: tokio::sync::mpsc::Sender<()>) -> Result<()> {
    loop {
        let message = events.next().await?;
        let now = now_us();
        match message.content {
            StreamMessage::Snapshot { .. } => shown.send(()).await?,
            StreamMessage::Event { record, .. } if desks.measuring.load(Ordering::Relaxed) => {
                let age = now.saturating_sub(record.at.0 * 1_000);
                let mut taken = desks.taken.lock().unwrap_or_else(PoisonError::into_inner);
                taken.get_or_insert_with(histogram).record(age)?;
            }
            StreamMessage::Event { .. } | StreamMessage::Resumed { .. } | StreamMessage::Error { .. } => {}
        }
    }
}

/// Starts calls on schedule.
async fn deliver(child: &Child, load: Load, desks: &Desks) -> Result<Histogram<u64>> {
    let client = child.client()?;
    let call = json!({ "from": "+14155550100", "to": plan::QUEUE, "talk_ms": TALK_MS });
    let mut clock = tokio::time::interval(Duration::from_micros(1_000_000 / CALLS_PER_SECOND));
    let begun = tokio::time::Instant::now();
    let length = WARM_UP + Duration::from_secs(load.seconds);
    while begun.elapsed() < length {
        clock.tick().await;
        desks.measuring.store(begun.elapsed() > WARM_UP, Ordering::Relaxed);
        let (client, call) = (client.clone(), call.clone());
        tokio::spawn(async move { client.post::<Value>("/api/v1/simulated/calls", &call).await });
    }
    let taken = desks.taken.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(histogram);
    ensure!(!taken.is_empty(), "no desk got an event");
    Ok(taken)
}

/// The current time. Microseconds since 1970.
fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
