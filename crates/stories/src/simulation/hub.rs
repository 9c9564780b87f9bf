//! The hubs of a run, in a chain. The first one has the phones. Each hub runs telephony ends for the next one, which runs their desk ends.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Index, IndexMut},
};

use cordboard_core::invariants;
use hub::engine::everybody;
use model::{AccountName, AgentId, Code, Command, CommandId, Seq, Snapshot, Timestamp};
use session::Exchange;
use store::memory::Memory;

use super::{
    Broken,
    ends::{Dialect, End},
    journal_copy::JournalCopy,
    network::Sent,
    subscriber::Subscriber,
};
use crate::node::{LineId, Node};

/// One of the hubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The hub with the phones.
    Phones,
    /// The hub after it, without phones of its own.
    Desks,
    /// The last hub. Only a run of a pair has one.
    Beyond,
}

impl Side {
    pub(super) const ALL: [Self; 3] = [Self::Phones, Self::Desks, Self::Beyond];

    /// The two hubs of a simulation.
    pub(super) const TWO: [Self; 2] = [Self::Phones, Self::Desks];

    /// The name of the hub in the trace.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Phones => "A",
            Self::Desks => "B",
            Self::Beyond => "C",
        }
    }
}

/// All hubs, indexed by [`Side`].
#[derive(Default)]
pub(super) struct Hubs([Hub; 3]);

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

/// The answer to a command, and the life of the node that gave it.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) life: u64,
    pub(super) result: Result<model::Accepted, Code>,
    /// Whether the answer is in the journal. If the command changed nothing, it is not, and another life may answer differently.
    pub(super) is_kept: bool,
}

/// One hub, and the users of its API.
#[derive(Default)]
pub(super) struct Hub {
    pub(super) memory: Memory,
    pub(super) node: Option<Node>,
    pub(super) life: u64,
    /// The sessions of the ends in the current life.
    pub(super) lines: BTreeMap<(Dialect, End), LineId>,
    pub(super) journal: JournalCopy,
    pub(super) subscribers: Vec<Subscriber>,
    /// Agents with an open desk of the API, each with the life of the node.
    pub(super) desks: BTreeSet<(u64, AgentId)>,
    /// Commands without an answer, by the number that they were sent with.
    pub(super) unanswered: BTreeMap<u64, Command>,
    /// All commands that were sent. Some are repeated later.
    pub(super) commands: Vec<Command>,
    pub(super) answers: BTreeMap<(AccountName, CommandId), Answer>,
    /// HTTP requests that no session has answered yet.
    pub(super) sent: BTreeMap<(LineId, Exchange), Sent>,
    checked: Seq,
}

impl Hub {
    /// The end that a session implements.
    pub(super) fn end_of(&self, line: LineId) -> Option<(Dialect, End)> {
        self.lines.iter().find_map(|(end, is)| (*is == line).then_some(*end))
    }

    /// The node, which must be running after the storm.
    pub(super) fn up(&self) -> Result<&Node, Broken> {
        self.node.as_ref().ok_or_else(|| "a node is down after the storm".to_owned())
    }

    /// The complete state of the hub.
    pub(super) fn snapshot(&self, now: Timestamp) -> Result<Snapshot, Broken> {
        Ok(self.up()?.core().snapshot(now, &everybody()))
    }

    /// Checks the invariants of the core, if there are new records: only a record changes the state.
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
