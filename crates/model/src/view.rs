//! The state as subscribers see it.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AgentId, AgentState, DeviceId, Interaction, NextState, QueueId, Seq, SwitchFeature, SwitchId, Timestamp,
    VerbName, WaitingCall,
};

/// The current state of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentView {
    /// The agent's ID.
    pub id: AgentId,
    /// The agent's display name.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The agent state.
    #[serde(flatten)]
    pub state: AgentState,
    /// When the agent entered this state.
    pub since: Timestamp,
    /// The state that follows the current one, if the agent chose one; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextState>,
    /// The phone that the agent uses. When the agent is signed out: the default phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// The queues whose calls the agent takes.
    pub queues: Vec<QueueId>,
    /// The verbs that are allowed now and need no interaction.
    pub can: Vec<VerbName>,
}

/// An interaction and the verbs that are allowed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InteractionView {
    /// The interaction.
    #[serde(flatten)]
    pub interaction: Interaction,
    /// The verbs that are allowed now.
    pub can: Vec<VerbName>,
}

/// The current state of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueView {
    /// The queue's ID.
    pub id: QueueId,
    /// The queue's display name.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The number of agents who are ready for this queue.
    pub ready: usize,
    /// The number of agents who are signed in to this queue.
    pub signed_in: usize,
    /// The waiting calls, the next one to be offered first.
    pub waiting: Vec<WaitingCall>,
}

/// The current state of a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SwitchView {
    /// The ID of the switch.
    pub id: SwitchId,
    /// Whether the switch can be reached.
    pub up: bool,
    /// The features that the switch supports.
    pub features: Vec<SwitchFeature>,
}

/// The complete state that one subscriber can see, directly after the event `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// The sequence number of the last event that is included.
    pub seq: Seq,
    /// When the snapshot was taken.
    pub at: Timestamp,
    /// The agents.
    pub agents: Vec<AgentView>,
    /// The interactions that are not completed.
    pub interactions: Vec<InteractionView>,
    /// The queues.
    pub queues: Vec<QueueView>,
    /// The switches.
    pub switches: Vec<SwitchView>,
}
