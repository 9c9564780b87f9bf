//! Scheduled events.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use model::Timestamp;
use session::{Exchange, Link, Timeouts};

use crate::network::ClientInput;

/// A scheduled event.
#[derive(Debug)]
pub(crate) enum Due {
    /// An event socket opens or fails.
    Opens(Link),
    /// A request arrives at Asterisk.
    Arrives(Box<InFlight>),
    /// A response arrives at the client.
    Delivery {
        /// The number of the client.
        client: u64,
        input: Box<ClientInput>,
    },
    /// An event arrives at the client, if the socket is still open.
    Event { link: Link, bytes: Bytes },
    /// A called channel rings.
    Rings(String),
    /// A ringing channel is answered.
    Answers(String),
    /// A channel hangs up, with a Q.850 cause.
    Leaves(String, u32),
    /// The dial timeout of a channel is over.
    GivesUp(String),
    /// A caller hangs up unless connected.
    LosesPatience(String),
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(crate) client: u64,
    pub(crate) exchange: Exchange,
    pub(crate) request: Request<Bytes>,
    pub(crate) timeouts: Timeouts,
}

/// Scheduled events, by time and then in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    entries: BTreeMap<(Timestamp, u64), Due>,
    noted: u64,
}

impl Schedule {
    pub(crate) fn note(&mut self, at: Timestamp, due: Due) {
        self.noted += 1;
        self.entries.insert((at, self.noted), due);
    }

    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn pop(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        let first = self.entries.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some((first.key().0, first.remove()))
    }
}
