//! One EBS client that is registered.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use compact_str::CompactString;
use model::{AgentId, ConversationId, DeviceId, Principal, Timestamp};
use session::Outbox;

use super::posts::Post;

/// Names one `Register`: a later one of the same teleset has another key, so what was begun for the earlier one ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u64);

/// How much of a call EBS was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Told {
    /// That there is one.
    Popped,
    /// That it was answered.
    Established,
    /// It could not be told something and is told nothing more.
    GivenUp,
}

/// What a registration is worth. `Register` names no password, so anybody can say it; a login proves who did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody has logged in there. It ends after a while, and before that when room is needed.
    Unproven,
    /// The agent has logged in there: its events go here and nowhere else.
    Proven,
    /// The agent has logged in elsewhere. What is still to be posted here is posted, then it ends.
    Leaving,
}

/// One EBS client that is registered.
#[derive(Debug)]
pub(super) struct Registration {
    pub(super) standing: Standing,
    pub(super) teleset: DeviceId,
    pub(super) acd_id: CompactString,
    /// The floor's agent of that ACD id; none when the floor has none.
    pub(super) agent: Option<AgentId>,
    /// Where the client is: nobody else may ask for its agent.
    pub(super) client: Client,
    /// Where its events go.
    pub(super) listener: SocketAddr,
    /// As whom the agent is logged in.
    pub(super) login: Option<Principal>,
    /// A call is being set up and the hub has not answered.
    pub(super) dialling: bool,
    pub(super) told: BTreeMap<ConversationId, Told>,
    pub(super) outbox: Outbox<Post>,
    /// The last callout that was surely this client's.
    pub(super) seen: Timestamp,
    /// It is silent: no desk of its agent's, until it is heard of again.
    pub(super) stale: bool,
}

/// Where a client is. Every loopback address is the same machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Client(IpAddr);

impl Registration {
    pub(super) fn is_proven(&self) -> bool {
        self.standing == Standing::Proven
    }

    pub(super) fn is_unproven(&self) -> bool {
        self.standing == Standing::Unproven
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
