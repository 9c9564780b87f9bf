//! `cordboard status`: how a node is.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use hub::http::EndView;
use model::{Floor, JournalId, QueueView, Retiring, Snapshot, SwitchView};
use serde::{Deserialize, Serialize};

use super::At;
use crate::output::{Out, Table};

/// Show at a glance how a node is: its agents, its switches, the ends of dialects, its queues.
///
/// With --json it is the whole snapshot, with the ends.
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
    /// The ends of dialects that it runs.
    #[serde(default)]
    ends: Vec<EndView>,
}

/// A list as the API gives it.
#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Status {
    pub(super) async fn run(self, at: &At, out: Out) -> Result<()> {
        let node = &at.url;
        let client = at.client()?;
        let mut stands: Stands = client.get("/api/v1/snapshot").await?;
        stands.retiring = client.get::<Floor>("/api/v1/floor").await?.retiring;
        stands.ends = client.get::<Items<EndView>>("/api/v1/ends").await?.items;
        out.one(&stands, |Stands { journal, retiring, snapshot, ends: run }| {
            let (seq, live) = (snapshot.seq, snapshot.interactions.len());
            let head = format!("{node}: {seq} events, {live} interactions are open\njournal {journal}");
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

fn ends(ends: &[EndView]) -> Table {
    let table = Table::new(["END", "PRODUCT", "TRANSPORT", "ADDRESS", "ABOUT"], "no ends of dialects");
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
