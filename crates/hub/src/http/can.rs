//! What an agent may ask from here on. Snapshots say it of everything in them; events do not, as it follows from all of them together.

use std::collections::BTreeMap;

use axum::extract::ws::Utf8Bytes;
use model::{AgentId, Code, InteractionId, Principal, Rejection, Role, VerbName};
use serde::Serialize;

use crate::Handle;

/// What is said of it.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Says {
    /// The verbs that are legal now.
    Can {
        /// Whose they are.
        agent: AgentId,
        /// Those that concern no interaction.
        can: Vec<VerbName>,
        /// Those about each interaction that is not completed.
        interactions: BTreeMap<InteractionId, Vec<VerbName>>,
    },
}

/// Somebody who works as an agent, with a view of that work alone: the picture to be made after events stays small, whatever else
/// the account may see.
pub(super) fn worker(principal: &Principal) -> Option<Principal> {
    principal.agent.as_ref()?;
    Some(Principal { role: Role::Agent, ..principal.clone() })
}

/// What the worker may ask; nothing is said when the floor has the agent no longer. Made after the events that were just sent, so never
/// older than they are.
pub(super) async fn frame(handle: &Handle, worker: &Principal) -> Option<Result<Utf8Bytes, Rejection>> {
    let picture = match handle.look(worker.clone()).await {
        Ok(picture) => picture,
        Err(rejection) => return Some(Err(rejection)),
    };
    let agent = picture.snapshot.agents.first()?;
    let views = picture.snapshot.interactions.iter();
    let interactions = views.map(|view| (view.interaction.id, view.can.clone())).collect();
    Some(text(&Says::Can { agent: agent.id.clone(), can: agent.can.clone(), interactions }))
}

fn text(says: &Says) -> Result<Utf8Bytes, Rejection> {
    let text = serde_json::to_string(says);
    text.map(Utf8Bytes::from).map_err(|error| Rejection::new(Code::Internal, error.to_string()))
}
