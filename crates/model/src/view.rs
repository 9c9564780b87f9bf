//! The state of things as a desk is shown it.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AgentId, AgentState, DeviceId, Interaction, NextState, QueueId, Seq, SwitchFeature, SwitchId, Timestamp,
    VerbName, WaitingCall,
};

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentView {
    /// Who.
    pub id: AgentId,
    /// Name to show.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// What the agent is doing.
    #[serde(flatten)]
    pub state: AgentState,
    /// Since when.
    pub since: Timestamp,
    /// What the agent asked to be afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextState>,
    /// The phone: the one signed in at, else the floor's own for the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// Whose calls the agent takes.
    pub queues: Vec<QueueId>,
    /// The verbs that are legal now and concern no interaction.
    pub can: Vec<VerbName>,
}

/// An interaction and what may be asked about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InteractionView {
    /// The interaction.
    #[serde(flatten)]
    pub interaction: Interaction,
    /// The verbs that are legal now.
    pub can: Vec<VerbName>,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueView {
    /// Which.
    pub id: QueueId,
    /// Name to show.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// Agents who are ready for it.
    pub ready: usize,
    /// Agents who are signed in for it.
    pub signed_in: usize,
    /// Calls that wait, the next one first.
    pub waiting: Vec<WaitingCall>,
}

/// A switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SwitchView {
    /// Which.
    pub id: SwitchId,
    /// Whether it can be reached.
    pub up: bool,
    /// What it can do.
    pub features: Vec<SwitchFeature>,
}

/// Everything that one subscriber may see, as it was right after `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// The last event that is in it.
    pub seq: Seq,
    /// When it was taken.
    pub at: Timestamp,
    /// Agents.
    pub agents: Vec<AgentView>,
    /// Interactions that are not completed.
    pub interactions: Vec<InteractionView>,
    /// Queues.
    pub queues: Vec<QueueView>,
    /// Switches.
    pub switches: Vec<SwitchView>,
}
