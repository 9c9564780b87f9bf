//! Whole simulated calls: offer, answer, release, complete; every event journalled and synced before anybody sees it.

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

/// Calls at once.
const CALLS: usize = 512;
/// Before it is measured.
const WARM_UP: Duration = Duration::from_secs(2);
/// What is to be reached.
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
        "{} agents, {CALLS} calls at once, in the node's process; a call is over when its completion was synced and seen",
        load.agents
    );
    Ok(vec![
        Figure::new("whole calls", calls, "calls/s", method.clone())
            .reaching(Reach::AtLeast(CALLS_PER_SECOND_MIN)),
        Figure::new("events of these calls", events, "events/s", method),
    ])
}
