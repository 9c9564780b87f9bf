//! The figures that the project has to reach, measured with both ends on this machine.
//!
//! Each part says its method. Latencies come from an open model: calls are placed when they were meant to be, however slow the answers
//! are, so that a stall counts for everybody who had to wait behind it.

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

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Part {
    /// Whole simulated calls: offer, answer, release, complete.
    Calls,
    /// Callouts of EBS.
    Callouts,
    /// Frames of Harmony: requests of a bridge, and the responses to them.
    Frames,
    /// From a switch event to the bytes on a desk's socket, and the memory of a desk.
    Desks,
    /// Start with a long journal.
    Recovery,
    /// Notifications of Talisma, by SOAP.
    Soap,
}

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Agents on the floor.
    pub(crate) agents: usize,
    /// How long each figure is measured, after a warm-up.
    pub(crate) seconds: u64,
    /// Events in the journal of the recovery.
    pub(crate) events: u64,
    /// Another server of PostNotification, which gets the same requests.
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
