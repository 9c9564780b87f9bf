//! Measures the start with a long journal, as after a crash: from the last stored state and the events after it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use hub::{Node, NodeConfig, Store, engine::everybody};

use super::{
    Figure, Load,
    figure::Reach,
    local::{Done, Local},
};

/// The number of simultaneous calls while the journal is filled.
const CALLS: usize = 512;
/// The target. Seconds.
const START_SECONDS_MAX: f64 = 1.0;
/// How often to check whether the journal is long enough.
const LOOK: Duration = Duration::from_millis(50);

pub(super) async fn measure(load: Load) -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.db");
    fill(folder.path(), load, &copy).await?;
    let begun = Instant::now();
    let (writer, reader) = store::sqlite::open(&copy)?;
    let store = Store { writer: Box::new(writer), reader: Arc::new(reader) };
    let node = Node::start(NodeConfig { journal_kept: u64::MAX, ..NodeConfig::default() }, store)?;
    let current = node.handle().snapshot(everybody()).await?;
    let taken = begun.elapsed().as_secs_f64();
    let events = current.snapshot.seq.0;
    ensure!(current.snapshot.agents.len() == load.agents, "not all agents were recovered");
    node.stop().await?;
    let method = format!(
        "{events} events in the journal and {} agents at work; opens a copy taken during work, as after a crash; until the state is available",
        load.agents
    );
    Ok(vec![Figure::new("start", taken, "s", method).reaching(Reach::AtMost(START_SECONDS_MAX))])
}

/// Fills a journal with calls and copies it while they continue.
async fn fill(folder: &std::path::Path, load: Load, copy: &std::path::Path) -> Result<()> {
    let local = Arc::new(Local::start(folder, load.agents).await?);
    let done = Arc::new(Done::default());
    let work = tokio::spawn(Arc::clone(&local).work(Arc::clone(&done)));
    for _ in 0..CALLS.min(load.agents) {
        local.call().await?;
    }
    while done.events.load(Ordering::Relaxed) < load.events {
        ensure!(!work.is_finished(), "the agents stopped working");
        tokio::time::sleep(LOOK).await;
    }
    let (reader, copy) = (Arc::clone(&local.reader), copy.to_owned());
    tokio::task::spawn_blocking(move || reader.backup(&copy)).await??;
    work.abort();
    local.stop().await?;
    Ok(())
}
