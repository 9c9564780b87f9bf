//! Measures complete simulated calls: offer, answer, hang up, complete. Every event is in the journal, durably, before anybody sees it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use anyhow::Result;

use super::{
    Figure, Load,
    figure::Reach,
    local::{Done, Local},
};

/// The number of simultaneous calls.
const CALLS: usize = 512;
/// How long to run before measuring.
const WARM_UP: Duration = Duration::from_secs(2);
/// The target. Calls per second.
const CALLS_PER_SECOND_MIN: f64 = 5_000.0;

pub(super) async fn measure(load: Load) -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let local = Arc::new(Local::start(folder.path(), load.agents).await?);
    let done = Arc::new(Done::default());
    let work = tokio::spawn(Arc::clone(&local).work(Arc::clone(&done)));
    for _ in 0..CALLS.min(load.agents) {
        local.call().await?;
    }
    tokio::time::sleep(WARM_UP).await;
    let (begun, calls, events) =
        (Instant::now(), done.calls.load(Ordering::Relaxed), done.events.load(Ordering::Relaxed));
    tokio::time::sleep(Duration::from_secs(load.seconds)).await;
    let seconds = begun.elapsed().as_secs_f64();
    let per_second = |now: u64, before: u64| (now - before) as f64 / seconds;
    let calls = per_second(done.calls.load(Ordering::Relaxed), calls);
    let events = per_second(done.events.load(Ordering::Relaxed), events);
    work.abort();
    local.stop().await?;
    let method = format!(
        "{} agents, {CALLS} simultaneous calls, in the process of the node; a call counts when its completion was durable and was delivered",
        load.agents
    );
    Ok(vec![
        Figure::new("complete calls", calls, "calls/s", method.clone())
            .reaching(Reach::AtLeast(CALLS_PER_SECOND_MIN)),
        Figure::new("events of these calls", events, "events/s", method),
    ])
}
