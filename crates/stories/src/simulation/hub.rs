//! The two hubs of a run. One has the phones and plays the telephony ends; the other has no phones of its own and plays the desk ends.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Index, IndexMut},
};

use cordboard_core::invariants;
use hub::engine::everybody;
use model::{AccountName, AgentId, Code, Command, CommandId, Seq, Snapshot, Timestamp};
use session::Exchange;
use store::memory::Memory;

use super::{Broken, chronicle::Chronicle, ends::Dialect, subscriber::Subscriber, wires::Sent};
use crate::node::{LineId, Node};

/// Which of the two hubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The one with the phones: the telephony ends.
    Phones,
    /// The one without: the desk ends.
    Desks,
}

impl Side {
    pub(super) const ALL: [Self; 2] = [Self::Phones, Self::Desks];

    pub(super) fn other(self) -> Self {
        match self {
            Self::Phones => Self::Desks,
            Self::Desks => Self::Phones,
        }
    }

    /// In the trace.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Phones => "A",
            Self::Desks => "B",
        }
    }
}

/// Both.
#[derive(Default)]
pub(super) struct Hubs([Hub; 2]);

impl Index<Side> for Hubs {
    type Output = Hub;
    fn index(&self, side: Side) -> &Hub {
        &self.0[side as usize]
    }
}

impl IndexMut<Side> for Hubs {
    fn index_mut(&mut self, side: Side) -> &mut Hub {
        &mut self.0[side as usize]
    }
}

/// What was said to a command, and in which life of the node.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) life: u64,
    pub(super) said: Result<model::Accepted, Code>,
    /// Whether it is in the journal. What changed nothing is not: another life may answer otherwise.
    pub(super) is_kept: bool,
}

/// One hub, and who uses its API.
#[derive(Default)]
pub(super) struct Hub {
    pub(super) memory: Memory,
    pub(super) node: Option<Node>,
    pub(super) life: u64,
    /// The sessions of dialects, in this life.
    pub(super) lines: BTreeMap<Dialect, LineId>,
    pub(super) chronicle: Chronicle,
    pub(super) subscribers: Vec<Subscriber>,
    /// Agents who have a desk of the API open, and in which life of the node.
    pub(super) desks: BTreeSet<(u64, AgentId)>,
    /// Commands by the number they were asked with.
    pub(super) asked: BTreeMap<u64, Command>,
    /// Commands that were asked, to be repeated.
    pub(super) commands: Vec<Command>,
    pub(super) answers: BTreeMap<(AccountName, CommandId), Answer>,
    /// HTTP requests that no session has answered yet.
    pub(super) sent: BTreeMap<(LineId, Exchange), Sent>,
    checked: Seq,
}

impl Hub {
    /// The node, which is up after the storm.
    pub(super) fn up(&self) -> Result<&Node, Broken> {
        self.node.as_ref().ok_or_else(|| "a node is down after the storm".to_owned())
    }

    /// Everything that there is.
    pub(super) fn snapshot(&self, now: Timestamp) -> Result<Snapshot, Broken> {
        Ok(self.up()?.core().snapshot(now, &everybody()))
    }

    /// The state changes by records only: it is looked at whenever there is another one.
    pub(super) fn check_invariants(&mut self) -> Result<(), Broken> {
        let Some(node) = &self.node else { return Ok(()) };
        if node.core().seq() == self.checked {
            return Ok(());
        }
        self.checked = node.core().seq();
        match invariants::check(node.core().state()).first() {
            None => Ok(()),
            Some(broken) => Err(format!("{} does not hold: {}", broken.name, broken.what)),
        }
    }
}
