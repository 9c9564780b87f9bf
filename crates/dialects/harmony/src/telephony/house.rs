//! What the hub tells, in the words of Harmony.

use std::sync::Arc;

use model::{
    AgentId, AgentPlan, AgentState, DeviceId, Floor, Interaction, InteractionId, NextState, Record, Seq,
    Snapshot,
};

use crate::wire::{
    reply,
    words::{Availability, LoginState},
};

/// What the hub told.
#[derive(Debug, Default)]
pub(super) struct House(session::House);

impl House {
    pub(super) fn of(snapshot: &Snapshot, floor: Arc<Floor>) -> Self {
        Self(session::House::of(snapshot, floor))
    }

    pub(super) fn apply(&mut self, record: &Record) {
        self.0.apply(record);
    }

    pub(super) fn floor(&self) -> &Floor {
        &self.0.floor
    }

    /// The last event that was told.
    pub(super) fn seq(&self) -> Seq {
        self.0.seq
    }

    /// An agent by its id at the ACD, or else by the floor's own.
    pub(super) fn agent(&self, acd_id: &str) -> Option<&AgentPlan> {
        let mut agents = self.floor().agents.iter();
        agents.find(|plan| plan.acd_id.as_deref().unwrap_or(plan.id.as_str()) == acd_id)
    }

    /// The phone at which an agent is signed in.
    pub(super) fn device(&self, agent: &AgentId) -> Option<&DeviceId> {
        self.0.stand(agent).filter(|stand| stand.state.is_signed_in())?.device.as_ref()
    }

    pub(super) fn work(&self, id: InteractionId) -> Option<&Interaction> {
        self.0.work(id)
    }

    /// An agent's interactions that have or had a call, the oldest first.
    pub(super) fn works<'a>(&'a self, agent: &AgentId) -> impl Iterator<Item = &'a Interaction> + use<'a> {
        self.0.works(agent).filter(|work| work.switch.is_some())
    }

    /// Who is logged in at a phone, as its own agent sees it.
    pub(super) fn login(&self, agent: &AgentId, device: &DeviceId) -> LoginState {
        match self.0.seated(device) {
            None => LoginState::Inactive,
            Some(seated) if seated == agent => LoginState::Active,
            Some(_) => LoginState::Unavailable,
        }
    }

    /// Whether an agent takes calls. One who works on a call is what it will be afterwards.
    pub(super) fn availability(&self, agent: &AgentId) -> reply::AgentState {
        let stand = self.0.stand(agent);
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
        reply::AgentState { availability, reason: reason.unwrap_or_default().into() }
    }
}
