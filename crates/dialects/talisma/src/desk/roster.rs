//! Who is which user, and who is at work.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentEvent, AgentId, Event, Floor, FloorEvent, Snapshot};

use crate::PEER_ID;

/// Agents by their user ids, and those who are at work.
#[derive(Debug, Default)]
pub(super) struct Roster {
    users: BTreeMap<i32, AgentId>,
    at_work: BTreeSet<AgentId>,
}

impl Roster {
    pub(super) fn new(floor: &Floor, snapshot: &Snapshot) -> Self {
        let at_work = snapshot.agents.iter().filter(|agent| agent.state.is_signed_in());
        Self { users: users(floor), at_work: at_work.map(|agent| agent.id.clone()).collect() }
    }

    pub(super) fn take(&mut self, event: &Event) {
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.users = users(floor);
        }
        if let Event::Agent(AgentEvent::SignedIn { agent, .. }) = event {
            self.at_work.insert(agent.clone());
        }
        if let Event::Agent(AgentEvent::SignedOut { agent, .. }) = event {
            self.at_work.remove(agent);
        }
    }

    pub(super) fn agent(&self, user: i32) -> Option<&AgentId> {
        self.users.get(&user)
    }

    pub(super) fn is_at_work(&self, agent: &AgentId) -> bool {
        self.at_work.contains(agent)
    }
}

/// Ids that are no integers are nobody's.
fn users(floor: &Floor) -> BTreeMap<i32, AgentId> {
    let ids = floor.agents.iter().filter_map(|agent| Some((agent.peer_id(PEER_ID)?, &agent.id)));
    ids.filter_map(|(user, agent)| Some((user.parse().ok()?, agent.clone()))).collect()
}
