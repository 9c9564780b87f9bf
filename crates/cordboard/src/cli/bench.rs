//! `cordboard bench`: the figures of this machine.

use std::net::SocketAddr;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::{
    bench::{Figure, Load, Machine, Part, measure},
    output::{Out, Table},
};

const ABOUT: &str = "\
Measures what the project has to reach, with both ends on this machine, and says how it was measured.
Latencies come from an open model: calls begin when they were meant to, however slow the answers are.

Examples:
  cordboard bench                      everything; a few minutes
  cordboard bench calls callouts       these two
  interop/talisma/bench                notifications, beside a server that others wrote
  cordboard bench --json > today.json  to compare with another day";

/// Measure how fast and how small the node is on this machine.
#[derive(Debug, Args)]
#[command(after_help = ABOUT)]
pub(super) struct Bench {
    /// What to measure; everything when not given.
    #[arg(value_enum)]
    parts: Vec<Part>,

    /// Agents on the floor.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    agents: u16,

    /// How long each figure is measured.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,

    /// Events in the journal with which the node is started.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..=100_000_000))]
    events: u64,

    /// Another server of Talisma's PostNotification, which gets the same requests after the node.
    #[arg(long, value_name = "HOST:PORT")]
    beside: Option<SocketAddr>,
}

impl Bench {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let machine = Machine::look(&std::env::temp_dir())?;
        out.one(&json!({ "machine": machine }), |_| {
            let Machine { processor, processors, sync_us, durability } = &machine;
            format!("{processors} × {processor}; a sync of 4 KiB takes {sync_us} µs\n{durability}\n")
        })?;
        let Self { parts, agents, seconds, events, beside } = self;
        let load = Load { agents: usize::from(agents), seconds, events, beside };
        let parts = if parts.is_empty() { Part::value_variants().to_vec() } else { parts };
        for part in parts {
            out.list(&measure(part, load).await?, table)?;
            out.say("")?;
        }
        Ok(())
    }
}

fn table(figures: &[Figure]) -> Table {
    let table = Table::new(["FIGURE", "VALUE", "REACH", "METHOD"], "nothing was measured");
    figures.iter().fold(table, |table, figure| {
        table.row([figure.name.clone(), figure.shown(), figure.verdict(), figure.method.clone()])
    })
}
