//! The machine on which the figures are measured.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde::Serialize;

/// How many blocks are written to measure the time of a sync.
const SYNCS: u32 = 200;
/// The size of a block. Bytes.
const BLOCK: usize = 4_096;

/// The machine, and how it makes the journal durable.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Machine {
    /// The model of the processor.
    pub(crate) processor: String,
    /// The number of processors.
    pub(crate) processors: usize,
    /// The median time to sync 4 KiB to the disk. Microseconds.
    pub(crate) sync_us: u128,
    /// What makes an event durable before it is delivered.
    pub(crate) durability: &'static str,
}

impl Machine {
    /// Describes the machine. Syncs are measured in `folder`, which has the databases.
    pub(crate) fn measure(folder: &Path) -> Result<Self> {
        Ok(Self {
            processor: processor(),
            processors: thread::available_parallelism().map_or(1, usize::from),
            sync_us: sync(folder).context("cannot measure the disk")?.as_micros(),
            durability: "SQLite, WAL, synchronous=FULL: each batch of up to 256 events is synced before it is delivered",
        })
    }
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    model.map_or("unknown processor", |rest| rest.trim_start_matches([' ', '\t', ':'])).to_owned()
}

fn sync(folder: &Path) -> std::io::Result<Duration> {
    let mut file: File = tempfile::tempfile_in(folder)?;
    let mut taken = Vec::new();
    for _ in 0..SYNCS {
        let begun = Instant::now();
        file.write_all(&[0; BLOCK])?;
        file.sync_data()?;
        taken.push(begun.elapsed());
    }
    taken.sort();
    Ok(taken[taken.len() / 2])
}
