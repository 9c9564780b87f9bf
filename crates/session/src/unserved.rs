//! Agents whom a switch cannot serve.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{AgentId, AgentPlan, AgentState, Number, SwitchEvent, reason};

/// Agents with a phone on a switch whom the switch's peer cannot serve, and why.
#[derive(Debug, Default)]
pub struct Unserved(BTreeMap<AgentId, String>);

impl Unserved {
    /// Forgets everybody: the floor is planned again.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The id of an agent at the peer, and what the agent signs in with there; remembers why when the agent cannot be served. A phone
    /// that cannot be dialed cannot: a call has to have a number.
    pub fn check<C: Copy>(
        &mut self,
        agent: &AgentPlan,
        credentials: &BTreeMap<&CompactString, C>,
    ) -> Option<(CompactString, C)> {
        let acd_id = CompactString::from(agent.id_at_acd());
        let why = match credentials.get(&acd_id) {
            None => format!("the switch's configuration has no agent {acd_id}"),
            Some(_) if Number::new(agent.device.as_str()).is_err() => {
                format!("phone {} is no number that can be dialled", agent.device)
            }
            Some(credentials) => return Some((acd_id, *credentials)),
        };
        self.0.insert(agent.id.clone(), why);
        None
    }

    /// What the switch says to an agent who wants to work and cannot be served.
    pub fn refusal(&self, agent: &AgentId, state: &AgentState) -> Option<SwitchEvent> {
        let wants_to_work = match state {
            AgentState::Ready => true,
            AgentState::NotReady { reason } => reason.as_str() == reason::SIGNED_IN,
            AgentState::SignedOut | AgentState::Busy | AgentState::WrapUp => false,
        };
        let why = self.0.get(agent).filter(|_| wants_to_work)?;
        Some(SwitchEvent::AgentRefused { agent: agent.clone(), text: why.as_str().into() })
    }
}
