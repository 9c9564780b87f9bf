//! Harmony's processor bridge, from `docs/protocols/harmony.md`.

mod connection;
mod desk;
mod message;
mod telephony;

use std::net::SocketAddr;

use crate::{End, Suite};

pub use self::{desk::run as desk, telephony::run as telephony};

/// The requirements for a CTI client.
pub const TELEPHONY: Suite = Suite {
    dialect: "harmony",
    end: End::Telephony,
    requirements: telephony::REQUIREMENTS,
    steps: telephony::STEPS,
};

/// The requirements for a bridge.
pub const DESK: Suite =
    Suite { dialect: "harmony", end: End::Desk, requirements: desk::REQUIREMENTS, steps: desk::STEPS };

/// The port of the bridge: Cordboard's choice (harmony.md §1).
pub const PORT: u16 = 7850;

/// The agent of the run, as both ends know it.
#[derive(Debug, Clone)]
pub struct Agent {
    /// The name of the processor.
    pub processor: String,
    /// The extension.
    pub extension: String,
    /// The ID at the ACD.
    pub id: String,
    /// The password at the ACD.
    pub password: String,
    /// The number that is dialed.
    pub number: String,
}

/// How to test a CTI client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Where the run accepts the client.
    pub listen: SocketAddr,
    /// The agent.
    pub agent: Agent,
}

/// How to test a bridge.
#[derive(Debug, Clone)]
pub struct Bridge {
    /// Host and port of the bridge.
    pub to: String,
    /// The agent.
    pub agent: Agent,
}
