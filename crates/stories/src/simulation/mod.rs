//! The seeded simulator: the whole hub on a virtual clock, with everything going wrong that the seed wants.
//!
//! There are two hubs: one has the phones and plays the telephony ends, the other plays the desk ends of the same dialects (`hub`, `ends`).
//! What their sessions say to each other goes through a network (`wires`) and through browsers (`pages`).
//!
//! A run has three parts. In the *storm* callers call, agents ask for this and that, EBS clients stall and die, subscribers are cut,
//! the link to the switch is lost, stores fail and nodes are killed. In the *calm* nothing more goes wrong, and time
//! passes: then hub and switch have to agree on every call, and both hubs too (`mirror`). In the *end* everybody hangs up: then nobody may be left with
//! anything to do.
//!
//! After each step every invariant of the core holds, or the run fails. What the journal, subscribers and EBS clients are promised is
//! checked by those who are promised it: `chronicle`, `subscriber`, `client`.

mod agreement;
mod asterisk;
mod channels;
mod chronicle;
mod client;
mod clients;
mod crash;
mod deeds;
mod ending;
mod ends;
mod hub;
mod mirror;
mod pages;
mod people;
mod plan;
mod subscriber;
mod subscribers;
mod trace;
mod wires;
mod world;

use std::{fmt, sync::Arc};

use model::Record;
pub use trace::{TAIL, Trace};
use world::World;

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Of every line of the trace: the same for the same seed.
    pub hash: u64,
    /// How much happened.
    pub count: Count,
    /// All that happened.
    pub journal: Vec<Arc<Record>>,
}

/// How much happened in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Records in the journal of the hub with the phones.
    pub records: usize,
    /// Commands that were answered.
    pub commands: usize,
    /// Calls that came in.
    pub calls: usize,
    /// Requests that came to Asterisk.
    pub asked: usize,
    /// Times that the way to Asterisk was cut, beside what chance does.
    pub cuts: usize,
    /// Times that Asterisk was started again.
    pub restarts: usize,
    /// Times the node was killed or died.
    pub crashes: usize,
    /// Interactions that came into the history.
    pub completed: usize,
    /// Events that were posted to EBS clients.
    pub posts: usize,
    /// Events and snapshots that subscribers read.
    pub deliveries: usize,
    /// Interactions of the desks' hub, by how it came to know of them.
    pub seen: Seen,
}

/// How many interactions the hub without phones came to know of, by each dialect.
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
    /// Of what seed.
    pub seed: u64,
    /// What is not as it has to be.
    pub text: String,
    /// The end of the trace.
    pub tail: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.tail {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "seed {}: {}", self.seed, self.text)?;
        write!(out, "repeat it: cargo run -p cordboard-stories --example seed -- {}", self.seed)
    }
}

impl std::error::Error for Failure {}

/// Something that is not as it has to be: a sentence.
type Broken = String;

/// Plays whatever comes of a seed. A failure shows the last `tail_max` lines of the trace.
pub fn run(seed: u64, tail_max: usize) -> Result<Report, Failure> {
    let mut world = World::new(seed, tail_max);
    match world.play() {
        Ok(()) => Ok(Report { hash: world.trace.hash(), count: world.count(), journal: world.journal() }),
        Err(text) => Err(Failure { seed, text, tail: world.trace.tail() }),
    }
}
