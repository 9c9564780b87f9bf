//! Desks that are there for as long as somebody holds them.

use model::AgentId;
use tokio::sync::mpsc;

use super::{handle::Handle, inbox::Ask};

/// A desk of an agent. Dropping it, within a tokio runtime, ends it.
pub struct AgentDesk {
    agent: AgentId,
    core: mpsc::WeakSender<Ask>,
}

impl Handle {
    /// Says that one more desk shows an agent's work.
    pub async fn attend(&self, agent: AgentId) -> AgentDesk {
        // A node that ends needs no word of it.
        drop(self.core.send(Ask::Desk { agent: agent.clone(), attended: true }).await);
        AgentDesk { agent, core: self.core.downgrade() }
    }
}

impl Drop for AgentDesk {
    fn drop(&mut self) {
        let (agent, core) = (self.agent.clone(), self.core.clone());
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let Some(core) = core.upgrade() else { return };
            drop(core.send(Ask::Desk { agent, attended: false }).await);
        });
    }
}
