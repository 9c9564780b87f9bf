//! `cordboard status`: shows the status of a node.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use hub::http::EndView;
use model::{Floor, JournalId, QueueView, Retiring, Snapshot, SwitchView};
use serde::{Deserialize, Serialize};

use super::NodeArgs;
use crate::output::{Out, Table};

/// Show the status of a node: agents, switches, integrations, queues.
///
/// With --json it writes the complete snapshot.
#[derive(Debug, Args)]
pub(super) struct Status {
    #[command(flatten)]
    at: NodeArgs,
}

/// The status of a node.
#[derive(Serialize, Deserialize)]
struct NodeStatus {
    journal: JournalId,
    /// Agents and queues that were deleted from the floor and are still in use.
    #[serde(default, skip_serializing_if = "Retiring::is_empty")]
    retiring: Retiring,
    #[serde(flatten)]
    snapshot: Snapshot,
    /// The ends of dialects that the node runs.
    #[serde(default)]
    ends: Vec<EndView>,
}

/// A list, as the API returns it.
#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Status {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let node = &self.at.url;
        let client = self.at.client()?;
        let mut status: NodeStatus = client.get("/api/v1/snapshot").await?;
        status.retiring = client.get::<Floor>("/api/v1/floor").await?.retiring;
        status.ends = client.get::<Items<EndView>>("/api/v1/ends").await?.items;
        out.one(&status, |NodeStatus { journal, retiring, snapshot, ends: run }| {
            let (seq, live) = (snapshot.seq, snapshot.interactions.len());
            let head = format!("{node}: {seq} events, {live} open interactions\njournal {journal}");
            [
                head,
                agents(snapshot) + &removed(retiring),
                switches(&snapshot.switches).to_string(),
                ends(run).to_string(),
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
        *counts.entry(agent.state.as_str()).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(state, count)| format!("{count} {state}")).collect();
    format!("agents: {}", counts.join(", "))
}

/// The agents and queues that are being deleted; empty when there are none.
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

fn ends(ends: &[EndView]) -> Table {
    let table = Table::new(["INTEGRATION", "PRODUCT", "TRANSPORT", "ADDRESS", "ABOUT"], "no integrations");
    ends.iter().cloned().fold(
        table,
        |table, EndView { section, product, transport, address, summary, .. }| {
            table.row([section, product, transport, address.unwrap_or_default(), summary])
        },
    )
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
