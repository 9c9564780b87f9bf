//! `cordboard status`: how a node is.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use model::{Floor, JournalId, QueueView, Retiring, Snapshot, SwitchView};
use serde::{Deserialize, Serialize};

use super::At;
use crate::output::{Out, Table};

/// Show at a glance how a node is: its switches, its queues, its agents.
///
/// With --json it is the whole snapshot.
#[derive(Debug, Args)]
pub(super) struct Status {}

/// What a node says of itself.
#[derive(Serialize, Deserialize)]
struct Stands {
    journal: JournalId,
    /// What was removed from the floor and is still in use.
    #[serde(default, skip_serializing_if = "Retiring::is_empty")]
    retiring: Retiring,
    #[serde(flatten)]
    snapshot: Snapshot,
}

impl Status {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let node = &at.url;
        let client = at.client()?;
        let mut stands: Stands = client.get("/api/v1/snapshot").await?;
        stands.retiring = client.get::<Floor>("/api/v1/floor").await?.retiring;
        out.one(&stands, |Stands { journal, retiring, snapshot }| {
            let (seq, live) = (snapshot.seq, snapshot.interactions.len());
            let head = format!("{node}: {seq} events, {live} interactions are open\njournal {journal}");
            [
                head,
                agents(snapshot) + &removed(retiring),
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

/// What is being removed from the floor; nothing when nothing is.
fn removed(retiring: &Retiring) -> String {
    let line = |what: &str, ids: Vec<&str>| match ids.is_empty() {
        true => String::new(),
        false => format!("\n{what} being removed: {}", ids.join(", ")),
    };
    let agents = retiring.agents.iter().map(model::AgentId::as_str).collect();
    let queues = retiring.queues.iter().map(model::QueueId::as_str).collect();
    line("agents", agents) + &line("queues", queues)
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
