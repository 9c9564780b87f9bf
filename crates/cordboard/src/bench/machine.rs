//! On what was measured.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde::Serialize;

/// How often a block is written to find out how long a sync takes.
const SYNCS: u32 = 200;
/// The block. Bytes.
const BLOCK: usize = 4_096;

/// The machine, and how the journal is made durable on it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Machine {
    /// The processor.
    pub(crate) processor: String,
    /// How many of them.
    pub(crate) processors: usize,
    /// How long the disk takes to sync 4 KiB, the middle of many. Microseconds.
    pub(crate) sync_us: u128,
    /// What is done before anything is shown.
    pub(crate) durability: &'static str,
}

impl Machine {
    /// Looks at the machine; the syncs are of the folder in which the stores are.
    pub(crate) fn look(folder: &Path) -> Result<Self> {
        Ok(Self {
            processor: processor(),
            processors: thread::available_parallelism().map_or(1, usize::from),
            sync_us: sync(folder).context("the disk cannot be measured")?.as_micros(),
            durability: "SQLite, WAL, synchronous=FULL: each batch of up to 256 records is synced before anybody sees it",
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
