//! Oracle EBS Basic Telephony, from `docs/protocols/uwq.md`.

mod callout;
mod desk;
mod event;
mod telephony;

use std::{net::SocketAddr, time::Duration};

use crate::{End, Suite};

pub use self::{desk::run as desk, telephony::run as telephony};

/// The requirements for a softphone.
pub const TELEPHONY: Suite = Suite {
    dialect: "uwq",
    end: End::Telephony,
    requirements: telephony::REQUIREMENTS,
    steps: telephony::STEPS,
};

/// The requirements for EBS.
pub const DESK: Suite =
    Suite { dialect: "uwq", end: End::Desk, requirements: desk::REQUIREMENTS, steps: desk::STEPS };

/// The port where a softphone accepts callouts in Oracle's example (uwq.md §2).
pub const PORT: u16 = 3107;

/// The agent of the run, as both ends know it.
#[derive(Debug, Clone)]
pub struct Agent {
    /// The extension, `telesetNumber`.
    pub extension: String,
    /// The ID at the ACD, `agentID`.
    pub id: String,
    /// The password at the ACD.
    pub password: String,
    /// The queue at the ACD.
    pub queue: String,
    /// The number that is dialed.
    pub number: String,
}

/// How to test a softphone.
#[derive(Debug, Clone)]
pub struct Softphone {
    /// Host and port of the softphone.
    pub to: String,
    /// Where the run listens for events.
    pub listen: SocketAddr,
    /// The agent.
    pub agent: Agent,
}

/// How to test an EBS.
#[derive(Debug, Clone)]
pub struct Ebs {
    /// Where the run accepts callouts.
    pub listen: SocketAddr,
    /// How often EBS sends `CheckStatus`.
    pub status_period: Duration,
    /// The agent.
    pub agent: Agent,
}
