//! Measures the performance targets of the project, with clients and server on this machine.
//!
//! Each part states its method. Latencies use an open model: calls start on schedule, even when earlier answers are late. So a stall counts
//! for every call that had to wait.

mod callouts;
mod calls;
mod child;
mod desks;
mod figure;
mod frames;
mod http;
mod local;
mod machine;
mod notifications;
mod plan;
mod recovery;

use std::net::SocketAddr;

use anyhow::Result;
use clap::ValueEnum;

pub(crate) use self::{figure::Figure, machine::Machine};

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Part {
    /// Complete simulated calls: offer, answer, hang up, complete.
    Calls,
    /// Callouts of Oracle EBS.
    Callouts,
    /// Frames of Harmony: requests of a bridge and their responses.
    Frames,
    /// The time from an event to its desk, and the memory of a desk.
    Desks,
    /// The start of a node with a long journal.
    Recovery,
    /// Notifications of Talisma, with SOAP.
    Soap,
}

/// The size of the benchmark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// The number of agents on the floor.
    pub(crate) agents: usize,
    /// How long to measure each figure, after a warm-up. Seconds.
    pub(crate) seconds: u64,
    /// The number of events in the journal of the recovery test.
    pub(crate) events: u64,
    /// Another server of PostNotification, to measure with the same requests.
    pub(crate) beside: Option<SocketAddr>,
}

/// Measures one part.
pub(crate) async fn measure(part: Part, load: Load) -> Result<Vec<Figure>> {
    match part {
        Part::Calls => calls::measure(load).await,
        Part::Callouts => callouts::measure(load).await,
        Part::Frames => frames::measure(load).await,
        Part::Desks => desks::measure(load).await,
        Part::Recovery => recovery::measure(load).await,
        Part::Soap => notifications::measure(load).await,
    }
}
