//! The state at the beginning of a story.

use std::collections::BTreeMap;

use model::{AgentId, Contact, DeviceId, Number};
use serde::Deserialize;
use serde_json::Value;
use simulated::Behavior;

/// The state at the beginning of a story.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// The name of a file in `stories/floors`; default: `small`.
    pub floor: Option<String>,
    /// Changes to that floor: a merge patch (RFC 7396).
    pub floor_but: Value,
    /// Agents who are signed in, each with the agent's state.
    pub agents: BTreeMap<AgentId, InitialState>,
    /// Agents who use an EBS client. The client is registered and logged in, and ready or not as in [`Given::agents`].
    pub ebs: Vec<AgentId>,
    /// The contacts in the directory.
    pub contacts: Vec<Contact>,
    /// Phones that answer automatically.
    pub auto_answer: Vec<DeviceId>,
    /// How numbers outside behave.
    pub outside: BTreeMap<Number, Behavior>,
}

/// The state of a signed-in agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitialState {
    /// Signed in, not ready.
    SignedIn,
    /// Signed in, ready.
    Ready,
}
