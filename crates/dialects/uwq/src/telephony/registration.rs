//! One registered EBS client.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use compact_str::CompactString;
use model::{AgentId, DeviceId, Principal, Timestamp};
use session::{Outbox, PopKey};

use super::posts::QueuedEvent;

/// Identifies one `Register`. A later one for the same teleset has another key, so timers of the earlier one have no effect on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u64);

/// What was announced of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Announced {
    /// The screen pop.
    Popped,
    /// The answer.
    Established,
    /// An event failed, so no further events are sent.
    GivenUp,
}

/// Whether a registration is proven. `Register` has no password, so anyone can send it. A login proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RegistrationState {
    /// Without a login. It is removed after a while, or earlier if room is needed.
    Unproven,
    /// The agent has logged in. Its events go here only.
    Proven,
    /// The agent has logged in elsewhere. The remaining events are posted, then it is removed.
    Leaving,
}

/// One registered EBS client.
#[derive(Debug)]
pub(super) struct Registration {
    pub(super) state: RegistrationState,
    pub(super) teleset: DeviceId,
    pub(super) acd_id: CompactString,
    /// The agent with that ACD ID, if the floor has one.
    pub(super) agent: Option<AgentId>,
    /// The machine of the client. Callouts from other machines are refused.
    pub(super) client: Client,
    /// The address for events.
    pub(super) listener: SocketAddr,
    /// The principal of the login.
    pub(super) login: Option<Principal>,
    /// Whether a call is being set up.
    pub(super) dialling: bool,
    pub(super) announced: BTreeMap<PopKey, Announced>,
    pub(super) outbox: Outbox<QueuedEvent>,
    /// When the last callout of this client came.
    pub(super) seen: Timestamp,
    /// Whether it has been silent for too long. A silent client is no desk of its agent.
    pub(super) stale: bool,
}

/// The machine of a client. All loopback addresses are the same machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Client(IpAddr);

impl Registration {
    pub(super) fn is_proven(&self) -> bool {
        self.state == RegistrationState::Proven
    }

    pub(super) fn is_unproven(&self) -> bool {
        self.state == RegistrationState::Unproven
    }
}

impl Client {
    pub(super) fn of(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self(if address.is_loopback() { Ipv4Addr::LOCALHOST.into() } else { address })
    }
}

impl fmt::Display for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}
