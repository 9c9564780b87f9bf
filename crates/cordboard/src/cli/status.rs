//! `cordboard status`: how a node is.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use model::{QueueView, Snapshot, SwitchView};

use super::At;
use crate::output::{Out, Table};

/// Show at a glance how a node is: its switches, its queues, its agents.
///
/// With --json it is the whole snapshot.
#[derive(Debug, Args)]
pub(super) struct Status {}

impl Status {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let node = &at.url;
        let snapshot: Snapshot = at.client()?.get("/api/v1/snapshot").await?;
        out.one(&snapshot, |snapshot| {
            let (seq, live) = (snapshot.seq, snapshot.interactions.len());
            let head = format!("{node}: {seq} events, {live} interactions are open");
            [
                head,
                agents(snapshot),
                switches(&snapshot.switches).to_string(),
                queues(&snapshot.queues).to_string(),
            ]
            .join("\n\n")
        })?;
        Ok(())
    }
}

fn agents(snapshot: &Snapshot) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for agent in &snapshot.agents {
        *counts.entry(agent.state.word()).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(state, count)| format!("{count} {state}")).collect();
    format!("agents: {}", counts.join(", "))
}

fn switches(switches: &[SwitchView]) -> Table {
    let table = Table::new(["SWITCH", "LINK"], "no switches");
    let link = |up: bool| if up { "up" } else { "down" }.to_owned();
    switches.iter().fold(table, |table, switch| table.row([switch.id.to_string(), link(switch.up)]))
}

fn queues(queues: &[QueueView]) -> Table {
    let table = Table::new(["QUEUE", "NAME", "WAITING", "READY", "SIGNED IN"], "no queues");
    let row = |queue: &QueueView| {
        let counts = [queue.waiting.len(), queue.ready, queue.signed_in].map(|count| count.to_string());
        let [waiting, ready, signed_in] = counts;
        [queue.id.to_string(), queue.name.to_string(), waiting, ready, signed_in]
    };
    queues.iter().fold(table, |table, queue| table.row(row(queue)))
}
