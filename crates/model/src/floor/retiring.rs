//! Agents and queues that were removed from the floor while they were in use.

use std::collections::BTreeSet;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AgentPlan, Floor};
use crate::{AgentId, QueueId};

/// Agents and queues that were removed from the floor while they were in use. Their configuration stays until they are
/// no longer used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retiring {
    /// Agents who finish their live interactions and are then signed out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<AgentId>,
    /// Queues whose waiting calls are still offered to agents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
}

impl Retiring {
    /// Whether nothing is being removed.
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty() && self.queues.is_empty()
    }
}

impl Floor {
    /// Whether an agent is being removed.
    pub fn is_agent_retiring(&self, id: &AgentId) -> bool {
        self.retiring.agents.contains(id)
    }

    /// Whether a queue is being removed.
    pub fn is_queue_retiring(&self, id: &QueueId) -> bool {
        self.retiring.queues.contains(id)
    }

    /// The floor as requested: without the entries that are being removed.
    #[must_use]
    pub fn requested(&self) -> Floor {
        let mut floor = self.clone();
        let retiring = std::mem::take(&mut floor.retiring);
        floor.agents.retain(|agent| !retiring.agents.contains(&agent.id));
        floor.queues.retain(|queue| !retiring.queues.contains(&queue.id));
        floor
    }

    /// Adds the entries of `retiring` to the floor, as `before` configures them. Skips entries that this floor defines
    /// itself and entries that `before` does not define.
    #[must_use]
    pub fn keeping(mut self, before: &Floor, retiring: Retiring) -> Floor {
        for id in retiring.queues {
            let plan = before.queue(&id).filter(|_| self.queue(&id).is_none()).cloned();
            if let Some(plan) = plan {
                self.queues.push(plan);
                self.retiring.queues.push(id);
            }
        }
        for id in retiring.agents {
            let plan = before.agent(&id).filter(|_| self.agent(&id).is_none()).cloned();
            if let Some(plan) = plan {
                let plan = self.fitted(plan);
                self.agents.push(plan);
                self.retiring.agents.push(id);
            }
        }
        self
    }

    /// Removes from an agent's earlier configuration the queues and IDs that this floor does not have or gives to
    /// another agent.
    fn fitted(&self, mut plan: AgentPlan) -> AgentPlan {
        plan.queues.retain(|queue| self.queue(queue).is_some());
        plan.acd_id =
            plan.acd_id.filter(|id| self.agents.iter().all(|other| other.acd_id.as_ref() != Some(id)));
        plan.peer_ids.retain(|dialect, id| !self.has_peer(dialect, id));
        plan
    }

    fn has_peer(&self, dialect: &CompactString, id: &CompactString) -> bool {
        self.agents.iter().any(|agent| agent.peer_ids.get(dialect) == Some(id))
    }

    /// The agents of `before` that are not in this floor.
    pub fn removed_agents(&self, before: &Floor) -> Vec<AgentId> {
        let has: BTreeSet<&AgentId> = self.agents.iter().map(|agent| &agent.id).collect();
        let ids = before.agents.iter().map(|agent| &agent.id);
        ids.filter(|id| !has.contains(id)).cloned().collect()
    }

    /// The queues of `before` that are not in this floor.
    pub fn removed_queues(&self, before: &Floor) -> Vec<QueueId> {
        let has: BTreeSet<&QueueId> = self.queues.iter().map(|queue| &queue.id).collect();
        let ids = before.queues.iter().map(|queue| &queue.id);
        ids.filter(|id| !has.contains(id)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn floor(agents: &[(&str, &str)], queues: &[&str]) -> Floor {
        let agent = |(id, acd): &(&str, &str)| json!({"id": id, "name": id, "device": id, "switch": "pbx", "queues": queues, "acd_id": acd});
        let queue = |id: &&str| json!({"id": id, "name": id});
        let agents: Vec<_> = agents.iter().map(agent).collect();
        let queues: Vec<_> = queues.iter().map(queue).collect();
        serde_json::from_value(json!({"agents": agents, "queues": queues})).unwrap()
    }

    #[test]
    fn what_is_being_removed_is_kept_beside_what_is_requested() {
        let before = floor(&[("1001", "7001"), ("1002", "7002")], &["7700", "7710"]);
        let requested = floor(&[("1002", "7001")], &["7710"]);
        let retiring =
            Retiring { agents: requested.removed_agents(&before), queues: requested.removed_queues(&before) };
        let kept = requested.clone().keeping(&before, retiring.clone());
        assert_eq!(kept.retiring, retiring);
        assert_eq!(kept.agent(&AgentId::new("1001").unwrap()).unwrap().acd_id, None, "1002 has it");
        assert_eq!(kept.check(), Ok(()));
        assert_eq!(kept.requested(), requested);
    }

    #[test]
    fn a_floor_in_which_nothing_is_removed_is_written_as_before() {
        let written = serde_json::to_value(floor(&[], &[])).unwrap();
        assert_eq!(written.get("retiring"), None);
    }
}
