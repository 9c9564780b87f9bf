//! The seeded simulator: whole hubs on a virtual clock, with faults that the seed chooses.
//!
//! There are two hubs. One has the phones and runs the telephony ends; the other runs the desk ends of the same dialects (`hub`, `ends`).
//! Their sessions communicate through a simulated network (`network`) and through browsers (`pages`).
//!
//! A run has three parts:
//!
//! * In the *storm* there are calls, and agents send commands. EBS clients stall and die, subscribers are disconnected, the link to the
//!   switch is lost, stores fail and nodes are killed.
//! * In the *calm* there are no more faults, and time passes. Then hub and switch must agree on every call, and so must the two hubs
//!   (`mirror`).
//! * In the *end* all calls end. Then no work may be left.
//!
//! After each step every invariant of the core must hold, or the run fails. The journal, the subscribers and the EBS clients each have a
//! check of their own: `journal_copy`, `subscriber`, `client`.

mod actions;
mod agreement;
mod asterisk;
mod channels;
mod client;
mod clients;
mod crash;
mod ending;
mod ends;
mod hub;
mod journal_copy;
mod mirror;
mod network;
mod pages;
mod pair;
mod people;
mod plan;
mod subscriber;
mod subscribers;
mod trace;
mod world;

use std::{fmt, sync::Arc};

use model::Record;
pub use pair::Pair;
pub use trace::{TAIL, Trace};
use world::World;

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The hash of all lines of the trace. The same seed gives the same hash.
    pub hash: u64,
    /// Counts of what happened.
    pub count: Count,
    /// All records of the hub with the phones.
    pub journal: Vec<Arc<Record>>,
}

/// Counters of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Records in the journal of the hub with the phones.
    pub records: usize,
    /// Commands that were answered.
    pub commands: usize,
    /// Calls from outside.
    pub calls: usize,
    /// Requests that Asterisk received.
    pub requests: usize,
    /// How often the simulation cut the connection to Asterisk, without the cuts by Asterisk's own random faults.
    pub cuts: usize,
    /// How often Asterisk restarted.
    pub restarts: usize,
    /// How often a node was killed or died.
    pub crashes: usize,
    /// Interactions that were stored in the history.
    pub completed: usize,
    /// Events that were posted to EBS clients.
    pub posts: usize,
    /// Events and snapshots that subscribers read.
    pub deliveries: usize,
    /// Interactions of the desks' hub, by the dialect that reported them.
    pub seen: Seen,
}

/// The number of interactions that each dialect reported to the hub without phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the dialects' names")]
pub struct Seen {
    pub uwq: usize,
    pub harmony: usize,
    pub max: usize,
    pub connector: usize,
    pub talisma: usize,
}

/// Why a run failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The seed of the run.
    pub seed: u64,
    /// What is wrong.
    pub text: String,
    /// The last lines of the trace.
    pub tail: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.tail {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "seed {}: {}", self.seed, self.text)?;
        write!(out, "to repeat it: cargo run -p cordboard-stories --example seed -- {}", self.seed)
    }
}

impl std::error::Error for Failure {}

/// A sentence that says what is wrong.
type Broken = String;

/// Runs the simulation of a seed. A failure shows the last `tail_max` lines of the trace.
pub fn run(seed: u64, tail_max: usize) -> Result<Report, Failure> {
    let mut world = World::new(seed, tail_max);
    match world.play() {
        Ok(()) => Ok(Report { hash: world.trace.hash(), count: world.count(), journal: world.journal() }),
        Err(text) => Err(Failure { seed, text, tail: world.trace.tail() }),
    }
}
