//! A projection of the hub's events: the floor, its agents, and their interactions.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{
    AgentEvent, AgentId, AgentState, AgentView, DeviceId, Event, Floor, FloorEvent, Interaction,
    InteractionEvent, InteractionId, InteractionState, NextState, Record, Seq, Snapshot, Timestamp,
};

/// The state of the hub up to the last event that was applied.
#[derive(Debug, Default)]
pub struct Projection {
    /// The floor.
    pub floor: Arc<Floor>,
    /// The sequence number of the last event.
    pub seq: Seq,
    statuses: BTreeMap<AgentId, AgentStatus>,
    /// The agent that is signed in at each phone.
    agents_by_device: BTreeMap<DeviceId, AgentId>,
    interactions: BTreeMap<InteractionId, Interaction>,
    by_agent: BTreeMap<AgentId, BTreeSet<InteractionId>>,
}

/// The current state of an agent.
#[derive(Debug, Clone, Default)]
pub struct AgentStatus {
    /// The agent state.
    pub state: AgentState,
    /// When the agent entered this state.
    pub since: Timestamp,
    /// The state that follows, if the agent chose one.
    pub next: Option<NextState>,
    /// The phone where the agent is signed in, or was last.
    pub device: Option<DeviceId>,
}

impl Projection {
    /// Creates a projection from a snapshot.
    pub fn from_snapshot(snapshot: &Snapshot, floor: Arc<Floor>) -> Self {
        let mut projection = Self { floor, seq: snapshot.seq, ..Self::default() };
        snapshot.agents.iter().for_each(|agent| projection.see(agent));
        snapshot.interactions.iter().for_each(|view| projection.open(&view.interaction));
        projection
    }

    /// The status of an agent; `None` for an agent who was never signed in.
    pub fn status(&self, agent: &AgentId) -> Option<&AgentStatus> {
        self.statuses.get(agent)
    }

    /// Whether an agent is signed in.
    pub fn is_signed_in(&self, agent: &AgentId) -> bool {
        self.status(agent).is_some_and(|status| status.state.is_signed_in())
    }

    /// The phone where an agent is signed in.
    pub fn device(&self, agent: &AgentId) -> Option<&DeviceId> {
        self.status(agent).filter(|status| status.state.is_signed_in())?.device.as_ref()
    }

    /// The agent who is signed in at a phone.
    pub fn agent_at(&self, device: &DeviceId) -> Option<&AgentId> {
        self.agents_by_device.get(device)
    }

    /// An interaction that is not completed.
    pub fn interaction(&self, id: InteractionId) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    /// All interactions that are not completed.
    pub fn interactions(&self) -> impl Iterator<Item = &Interaction> {
        self.interactions.values()
    }

    /// An agent's interactions that are not completed, the oldest first.
    pub fn interactions_of<'a>(&'a self, agent: &AgentId) -> impl Iterator<Item = &'a Interaction> + use<'a> {
        self.by_agent.get(agent).into_iter().flatten().filter_map(|id| self.interactions.get(id))
    }

    /// An agent's interactions that have or had a call, the oldest first.
    pub fn calls<'a>(&'a self, agent: &AgentId) -> impl Iterator<Item = &'a Interaction> + use<'a> {
        self.interactions_of(agent).filter(|interaction| interaction.switch.is_some())
    }

    /// Applies an event.
    pub fn apply(&mut self, record: &Record) {
        self.seq = self.seq.max(record.seq);
        match &record.event {
            Event::Floor(FloorEvent::Changed { floor }) => self.floor = Arc::clone(floor),
            Event::Agent(event) => self.agent(event, record.at),
            Event::Interaction(InteractionEvent::Opened { interaction }) => self.open(interaction),
            Event::Interaction(InteractionEvent::Completed { summary, .. }) => {
                self.complete(summary.interaction.id);
            }
            Event::Interaction(
                InteractionEvent::StateChanged { .. }
                | InteractionEvent::ReleaseOverdue { .. }
                | InteractionEvent::Forced { .. },
            )
            | Event::Conversation(_)
            | Event::Detail(_) => {
                let id = record.event.interaction();
                if let Some(interaction) = id.and_then(|id| self.interactions.get_mut(&id)) {
                    interaction.apply(record.at, &record.event);
                }
            }
            Event::Floor(FloorEvent::QueueChanged { .. } | FloorEvent::NoticeRaised { .. })
            | Event::Link(_) => {}
        }
    }

    fn agent(&mut self, event: &AgentEvent, at: Timestamp) {
        match event {
            AgentEvent::SignedIn { agent, device, .. } => self.sign_in(agent, device, at),
            AgentEvent::SignedOut { agent, .. } => self.sign_out(agent, at),
            AgentEvent::StateChanged { agent, to, next, .. } => {
                let status = self.statuses.entry(agent.clone()).or_default();
                (status.state, status.since, status.next) = (to.clone(), at, next.clone());
            }
            AgentEvent::NextChanged { agent, next } => {
                self.statuses.entry(agent.clone()).or_default().next.clone_from(next);
            }
            AgentEvent::DeskChanged { .. } => {}
        }
    }

    fn see(&mut self, agent: &AgentView) {
        let AgentView { state, since, next, device, .. } = agent.clone();
        if let Some(device) = device.clone().filter(|_| state.is_signed_in()) {
            self.agents_by_device.insert(device, agent.id.clone());
        }
        self.statuses.insert(agent.id.clone(), AgentStatus { state, since, next, device });
    }

    fn sign_in(&mut self, agent: &AgentId, device: &DeviceId, at: Timestamp) {
        self.agents_by_device.retain(|_, at| at != agent);
        let state = AgentState::NotReady { reason: model::reason::code(model::reason::SIGNED_IN) };
        let status = AgentStatus { state, since: at, next: None, device: Some(device.clone()) };
        self.statuses.insert(agent.clone(), status);
        self.agents_by_device.insert(device.clone(), agent.clone());
    }

    fn sign_out(&mut self, agent: &AgentId, at: Timestamp) {
        self.agents_by_device.retain(|_, at| at != agent);
        if let Some(status) = self.statuses.get_mut(agent) {
            (status.state, status.since, status.next) = (AgentState::SignedOut, at, None);
        }
    }

    fn open(&mut self, interaction: &Interaction) {
        self.complete(interaction.id);
        if interaction.state == InteractionState::Completed {
            return;
        }
        self.by_agent.entry(interaction.agent.clone()).or_default().insert(interaction.id);
        self.interactions.insert(interaction.id, interaction.clone());
    }

    fn complete(&mut self, id: InteractionId) {
        let Some(interaction) = self.interactions.remove(&id) else { return };
        if let Some(ids) = self.by_agent.get_mut(&interaction.agent) {
            ids.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn interaction(id: u128, switch: Option<&str>) -> serde_json::Value {
        serde_json::json!({
            "id": uuid::Uuid::from_u128(id), "number": 1, "linkage": uuid::Uuid::from_u128(id), "agent": "1001",
            "device": "1001", "switch": switch, "direction": "inbound", "customer": {"at": "withheld"},
            "state": "alerting", "opened_at": 1, "can": [],
        })
    }

    fn record(event: Event) -> Record {
        Record { seq: Seq(2), at: Timestamp(2), origin: None, event }
    }

    #[test]
    fn agents_and_their_interactions_are_followed() {
        let snapshot = serde_json::json!({
            "seq": 1, "at": 1, "agents": [], "queues": [], "switches": [],
            "interactions": [interaction(1, Some("pbx")), interaction(2, None)],
        });
        let mut projection =
            Projection::from_snapshot(&serde_json::from_value(snapshot).unwrap(), Arc::default());
        let (agent, device) = (AgentId::new("1001").unwrap(), DeviceId::new("1001").unwrap());
        assert_eq!((projection.interactions_of(&agent).count(), projection.calls(&agent).count()), (2, 1));
        assert_eq!((projection.is_signed_in(&agent), projection.device(&agent)), (false, None));
        let signed_in = AgentEvent::SignedIn {
            agent: agent.clone(),
            device: device.clone(),
            switch: "pbx".parse().unwrap(),
            queues: Vec::new(),
        };
        projection.apply(&record(Event::Agent(signed_in)));
        assert_eq!((projection.agent_at(&device), projection.device(&agent)), (Some(&agent), Some(&device)));
        let call = projection.calls(&agent).next().unwrap().clone();
        let started = InteractionEvent::StateChanged {
            agent: agent.clone(),
            interaction: call.id,
            from: InteractionState::Alerting,
            to: InteractionState::Started,
            cause: None,
        };
        projection.apply(&record(Event::Interaction(started)));
        assert_eq!(projection.interaction(call.id).unwrap().started_at, Some(Timestamp(2)));
        let summary = model::InteractionSummary {
            interaction: call,
            completed_at: Timestamp(3),
            disposition: None,
            notes: None,
        };
        let completed = InteractionEvent::Completed { agent: agent.clone(), summary: Box::new(summary) };
        projection.apply(&record(Event::Interaction(completed)));
        assert_eq!((projection.calls(&agent).count(), projection.interactions().count()), (0, 1));
    }
}
