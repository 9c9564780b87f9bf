//! The agents and queues of the floor by their names in EBS.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use model::{AgentId, Floor, QueueId};

/// The agents and queues by their names in EBS.
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

    /// The agent with an ACD ID. Agents without one go by their ID on the floor.
    pub(super) fn agent(&self, acd_id: &str) -> Option<&AgentId> {
        self.agents.get(acd_id)
    }

    /// The queue with a name.
    pub(super) fn queue(&self, name: &str) -> Option<QueueId> {
        self.queues.get(name).cloned()
    }
}
