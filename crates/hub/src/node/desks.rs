//! Desks that exist as long as their handle.

use model::AgentId;
use tokio::sync::mpsc;

use super::{handle::Handle, inbox::CoreRequest};

/// A desk of an agent. Dropping it within a tokio runtime ends the desk.
pub struct AgentDesk {
    agent: AgentId,
    core: mpsc::WeakSender<CoreRequest>,
}

impl Handle {
    /// Adds a desk to an agent.
    pub async fn attend(&self, agent: AgentId) -> AgentDesk {
        // A node that is stopping ignores it.
        drop(self.core.send(CoreRequest::Desk { agent: agent.clone(), attended: true }).await);
        AgentDesk { agent, core: self.core.downgrade() }
    }
}

impl Drop for AgentDesk {
    fn drop(&mut self) {
        let (agent, core) = (self.agent.clone(), self.core.clone());
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let Some(core) = core.upgrade() else { return };
            drop(core.send(CoreRequest::Desk { agent, attended: false }).await);
        });
    }
}
