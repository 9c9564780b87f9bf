//! What is to come.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use model::Timestamp;
use session::{Exchange, Link, Timeouts};

use crate::network::Heard;

/// Something to come.
#[derive(Debug)]
pub(crate) enum Due {
    /// An event socket is made, or cannot be.
    Opens(Link),
    /// A request arrives at Asterisk.
    Arrives(Box<InFlight>),
    /// An answer arrives at the client.
    Says {
        /// Which client.
        client: u64,
        said: Box<Heard>,
    },
    /// An event arrives at the client, if the socket is still there.
    Event { link: Link, bytes: Bytes },
    /// A channel that was called rings.
    Rings(String),
    /// A channel that rings is answered.
    Answers(String),
    /// A channel hangs up, with a cause of Q.850.
    Leaves(String, u32),
    /// A channel has been called for as long as it was to be.
    GivesUp(String),
    /// A caller hangs up unless it talks.
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

/// What is to come, by its moment and then by the order in which it was noted.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeMap<(Timestamp, u64), Due>,
    noted: u64,
}

impl Agenda {
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
