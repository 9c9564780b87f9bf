//! What the hub tells: the floor, its agents, and their interactions.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{
    AgentId, AgentPlan, AgentState, AgentView, DeviceId, Event, Floor, Interaction, InteractionId,
    InteractionState, NextState, Record, Seq, Snapshot,
};

use crate::wire::{
    reply,
    words::{Availability, LoginState},
};

/// What the hub told.
#[derive(Debug, Default)]
pub(super) struct House {
    pub(super) floor: Arc<Floor>,
    /// The last event that was told.
    pub(super) seq: Seq,
    stands: BTreeMap<AgentId, Stand>,
    /// Who is signed in at a phone.
    seats: BTreeMap<DeviceId, AgentId>,
    works: BTreeMap<InteractionId, Interaction>,
    by_agent: BTreeMap<AgentId, BTreeSet<InteractionId>>,
}

/// How an agent stands.
#[derive(Debug, Clone, Default)]
struct Stand {
    state: AgentState,
    next: Option<NextState>,
    device: Option<DeviceId>,
}

impl House {
    pub(super) fn of(snapshot: &Snapshot, floor: Arc<Floor>) -> Self {
        let mut house = Self { floor, seq: snapshot.seq, ..Self::default() };
        snapshot.agents.iter().for_each(|agent| house.see(agent));
        snapshot.interactions.iter().for_each(|view| house.open(&view.interaction));
        house
    }

    /// An agent by its id at the ACD, or else by the floor's own.
    pub(super) fn agent(&self, acd_id: &str) -> Option<&AgentPlan> {
        let mut agents = self.floor.agents.iter();
        agents.find(|plan| plan.acd_id.as_deref().unwrap_or(plan.id.as_str()) == acd_id)
    }

    /// The phone at which an agent is signed in.
    pub(super) fn device(&self, agent: &AgentId) -> Option<&DeviceId> {
        self.stands.get(agent).filter(|stand| stand.state.is_signed_in())?.device.as_ref()
    }

    pub(super) fn work(&self, id: InteractionId) -> Option<&Interaction> {
        self.works.get(&id)
    }

    /// An agent's interactions that have or had a call, the oldest first.
    pub(super) fn works<'a>(&'a self, agent: &AgentId) -> impl Iterator<Item = &'a Interaction> + use<'a> {
        let ids = self.by_agent.get(agent).into_iter().flatten();
        ids.filter_map(|id| self.works.get(id)).filter(|work| work.switch.is_some())
    }

    /// Who is logged in at a phone, as its own agent sees it.
    pub(super) fn login(&self, agent: &AgentId, device: &DeviceId) -> LoginState {
        match self.seats.get(device) {
            None => LoginState::Inactive,
            Some(seated) if seated == agent => LoginState::Active,
            Some(_) => LoginState::Unavailable,
        }
    }

    /// Whether an agent takes calls. One who works on a call is what it will be afterwards.
    pub(super) fn availability(&self, agent: &AgentId) -> reply::AgentState {
        let stand = self.stands.get(agent);
        let reason = match stand.map(|stand| (&stand.state, &stand.next)) {
            Some((AgentState::Ready, _)) => None,
            Some((AgentState::NotReady { reason }, _)) => Some(reason.as_str()),
            Some((AgentState::Busy | AgentState::WrapUp, next)) => match next {
                None | Some(NextState::Ready) => None,
                Some(NextState::NotReady { reason }) => Some(reason.as_str()),
                Some(NextState::SignedOut) => Some(""),
            },
            Some((AgentState::SignedOut, _)) | None => Some(""),
        };
        let availability = if reason.is_none() { Availability::Ready } else { Availability::NotReady };
        reply::AgentState { availability, reason: reason.filter(|text| !text.is_empty()).map(Into::into) }
    }

    pub(super) fn apply(&mut self, record: &Record) {
        self.seq = self.seq.max(record.seq);
        match &record.event {
            Event::FloorChanged { floor } => self.floor = Arc::clone(floor),
            Event::AgentSignedIn { agent, device, .. } => self.sign_in(agent, device),
            Event::AgentSignedOut { agent, .. } => self.sign_out(agent),
            Event::AgentStateChanged { agent, to, next, .. } => {
                let stand = self.stands.entry(agent.clone()).or_default();
                (stand.state, stand.next) = (to.clone(), next.clone());
            }
            Event::AgentNextChanged { agent, next } => {
                self.stands.entry(agent.clone()).or_default().next.clone_from(next);
            }
            Event::InteractionOpened { interaction } => self.open(interaction),
            Event::InteractionCompleted { summary, .. } => self.complete(summary.interaction.id),
            Event::InteractionStateChanged { interaction, .. }
            | Event::ConversationOpened { interaction, .. }
            | Event::ConversationStateChanged { interaction, .. }
            | Event::ConversationClosed { interaction, .. }
            | Event::PartiesChanged { interaction, .. }
            | Event::ControlsChanged { interaction, .. }
            | Event::DataChanged { interaction, .. }
            | Event::ContactResolved { interaction, .. }
            | Event::CardChanged { interaction, .. }
            | Event::Popped { interaction, .. }
            | Event::Logged { interaction, .. } => {
                if let Some(work) = self.works.get_mut(interaction) {
                    work.apply(record.at, &record.event);
                }
            }
            Event::SwitchLinkChanged { .. }
            | Event::QueueChanged { .. }
            | Event::NoticeRaised { .. }
            | Event::SwitchRequested { .. }
            | Event::SwitchAnswered { .. } => {}
        }
    }

    fn see(&mut self, agent: &AgentView) {
        let stand =
            Stand { state: agent.state.clone(), next: agent.next.clone(), device: agent.device.clone() };
        if let Some(device) = stand.device.clone().filter(|_| stand.state.is_signed_in()) {
            self.seats.insert(device, agent.id.clone());
        }
        self.stands.insert(agent.id.clone(), stand);
    }

    fn sign_in(&mut self, agent: &AgentId, device: &DeviceId) {
        self.sign_out(agent);
        let reason = model::reason::code(model::reason::SIGNED_IN);
        let state = AgentState::NotReady { reason };
        let stand = Stand { state, next: None, device: Some(device.clone()) };
        self.stands.insert(agent.clone(), stand);
        self.seats.insert(device.clone(), agent.clone());
    }

    fn sign_out(&mut self, agent: &AgentId) {
        self.seats.retain(|_, seated| seated != agent);
        self.stands.remove(agent);
    }

    fn open(&mut self, interaction: &Interaction) {
        self.complete(interaction.id);
        if interaction.state == InteractionState::Completed {
            return;
        }
        self.by_agent.entry(interaction.agent.clone()).or_default().insert(interaction.id);
        self.works.insert(interaction.id, interaction.clone());
    }

    fn complete(&mut self, id: InteractionId) {
        let Some(work) = self.works.remove(&id) else { return };
        if let Some(ids) = self.by_agent.get_mut(&work.agent) {
            ids.remove(&id);
        }
    }
}
