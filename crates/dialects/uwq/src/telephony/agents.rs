//! Who is who on the floor, by the names that EBS has.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use model::{AgentId, Floor, QueueId};

/// Who is who.
#[derive(Debug, Default)]
pub(super) struct Roster {
    agents: BTreeMap<CompactString, AgentId>,
    queues: BTreeSet<QueueId>,
}

impl Roster {
    pub(super) fn of(floor: &Floor) -> Self {
        let agents = floor.agents.iter().map(|agent| (agent.id_at_acd().into(), agent.id.clone()));
        Self { agents: agents.collect(), queues: floor.queues.iter().map(|queue| queue.id.clone()).collect() }
    }

    /// The agent of an ACD id; of the floor's own id for agents that have none.
    pub(super) fn agent(&self, acd_id: &str) -> Option<&AgentId> {
        self.agents.get(acd_id)
    }

    /// The queue of that name.
    pub(super) fn queue(&self, name: &str) -> Option<QueueId> {
        self.queues.get(name).cloned()
    }
}
