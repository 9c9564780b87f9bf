//! `cordboard bench`: measures the performance of this machine.

use std::net::SocketAddr;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::{
    bench::{Figure, Load, Machine, Part, measure},
    output::{Out, Table},
};

const ABOUT: &str = "\
Clients and server run on this machine. Each figure shows its target and how
it was measured. Latencies use an open model: calls start on schedule, even
when earlier answers are late.

Examples:
  cordboard bench                      all parts; takes a few minutes
  cordboard bench calls callouts       these two parts
  cordboard bench --json > today.json  save the figures to compare them
  interop/talisma/bench                compare with another SOAP server";

/// Measure the speed and the memory use of a node on this machine.
#[derive(Debug, Args)]
#[command(after_help = ABOUT)]
pub(super) struct Bench {
    /// The parts to measure. Without any: all.
    #[arg(value_enum)]
    parts: Vec<Part>,

    /// How many agents the floor has.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    agents: u16,

    /// How long to measure each figure. Seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,

    /// How many events the journal has in the recovery test.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..=100_000_000))]
    events: u64,

    /// Another server of Talisma's PostNotification, to measure with the same requests.
    #[arg(long, value_name = "HOST:PORT")]
    beside: Option<SocketAddr>,
}

impl Bench {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let machine = Machine::measure(&std::env::temp_dir())?;
        out.one(&json!({ "machine": machine }), |_| {
            let Machine { processor, processors, sync_us, durability } = &machine;
            format!(
                "{processors} × {processor}; writing 4 KiB durably (fsync) takes {sync_us} µs\n{durability}\n"
            )
        })?;
        let Self { parts, agents, seconds, events, beside } = self;
        let load = Load { agents: usize::from(agents), seconds, events, beside };
        let parts = if parts.is_empty() { Part::value_variants().to_vec() } else { parts };
        for part in parts {
            out.list(&measure(part, load).await?, table)?;
            out.note("")?;
        }
        Ok(())
    }
}

fn table(figures: &[Figure]) -> Table {
    let table = Table::new(["FIGURE", "VALUE", "TARGET", "METHOD"], "nothing was measured");
    figures.iter().fold(table, |table, figure| {
        table.row([figure.name.clone(), figure.shown(), figure.verdict(), figure.method.clone()])
    })
}
