//! What is so at the beginning of a story.

use std::collections::BTreeMap;

use model::{AgentId, Contact, DeviceId, Number};
use serde::Deserialize;
use serde_json::Value;
use simulated::Behavior;

/// What is so at the beginning of a story.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Name of a file in `stories/floors`; `small` when not given.
    pub floor: Option<String>,
    /// What is otherwise on that floor: a merge patch (RFC 7396).
    pub floor_but: Value,
    /// Agents who are at work, and how.
    pub agents: BTreeMap<AgentId, Standing>,
    /// Agents who work with an EBS client: registered and logged in, and as [`Given::agents`] says ready or not.
    pub ebs: Vec<AgentId>,
    /// Whom the directory knows.
    pub contacts: Vec<Contact>,
    /// Phones that answer by themselves.
    pub auto_answer: Vec<DeviceId>,
    /// How numbers outside behave.
    pub outside: BTreeMap<Number, Behavior>,
}

/// How an agent is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Signed in, and not ready.
    SignedIn,
    /// Signed in, and ready.
    Ready,
}
