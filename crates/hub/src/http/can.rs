//! The verbs that an agent may use after the events that were just sent. A snapshot contains them; events do not.

use std::collections::BTreeMap;

use model::{AgentId, Code, InteractionId, Principal, Rejection, Role, VerbName};
use serde::Serialize;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::Handle;

/// A message that lists the possible verbs.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum CanMessage {
    /// The verbs that are possible now.
    Can {
        /// The agent that may use them.
        agent: AgentId,
        /// Verbs that do not belong to an interaction.
        can: Vec<VerbName>,
        /// Verbs for each interaction that is not completed.
        interactions: BTreeMap<InteractionId, Vec<VerbName>>,
    },
}

/// The principal reduced to the role of an agent. Its snapshots contain that agent's work only, so they stay small.
pub(super) fn worker(principal: &Principal) -> Option<Principal> {
    principal.agent.as_ref()?;
    Some(Principal { role: Role::Agent, ..principal.clone() })
}

/// The message for an agent; `None` if the floor no longer has the agent. It is built after the events were sent, so it is never older
/// than they are.
pub(super) async fn frame(handle: &Handle, worker: &Principal) -> Option<Result<Utf8Bytes, Rejection>> {
    let current = match handle.snapshot(worker.clone()).await {
        Ok(current) => current,
        Err(rejection) => return Some(Err(rejection)),
    };
    let agent = current.snapshot.agents.first()?;
    let views = current.snapshot.interactions.iter();
    let interactions = views.map(|view| (view.interaction.id, view.can.clone())).collect();
    Some(text(&CanMessage::Can { agent: agent.id.clone(), can: agent.can.clone(), interactions }))
}

fn text(message: &CanMessage) -> Result<Utf8Bytes, Rejection> {
    let text = serde_json::to_string(message);
    text.map(Utf8Bytes::from).map_err(|error| Rejection::new(Code::Internal, error.to_string()))
}
