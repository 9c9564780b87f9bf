//! What can be asked about the past.

use model::{AgentId, AgentState, CallId, Cause, LinkageId, Number, QueueId, SwitchId, Timestamp, Waiter};
use serde::{Deserialize, Serialize};

/// The most rows one query of the directory or the history gives. Ours.
pub const LIMIT_MAX: usize = 1_000;

/// Which interactions. What is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InteractionQuery {
    /// Of this agent.
    pub agent: Option<AgentId>,
    /// Out of this customer call.
    pub linkage: Option<LinkageId>,
    /// With this contact.
    pub contact: Option<String>,
    /// With a customer at this number: same digits.
    pub number: Option<Number>,
    /// Opened at or after this.
    pub from: Option<Timestamp>,
    /// Opened before this.
    pub until: Option<Timestamp>,
    /// Older than this one: the last of the page before, by its `number`.
    pub before: Option<u64>,
    /// At most so many; [`LIMIT_MAX`] at the most.
    pub limit: usize,
}

/// Which times. What is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentTimeQuery {
    /// Of this agent.
    pub agent: Option<AgentId>,
    /// Ended after this.
    pub from: Option<Timestamp>,
    /// Begun before this.
    pub until: Option<Timestamp>,
    /// At most so many; [`LIMIT_MAX`] at the most.
    pub limit: usize,
}

/// A time that an agent spent in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTime {
    /// Who.
    pub agent: AgentId,
    /// Doing what.
    pub state: AgentState,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Which waits. What is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WaitQuery {
    /// In this queue.
    pub queue: Option<QueueId>,
    /// Over at or after this.
    pub from: Option<Timestamp>,
    /// Over before this.
    pub until: Option<Timestamp>,
    /// At most so many; [`LIMIT_MAX`] at the most.
    pub limit: usize,
}

/// How one call waited in one queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Where.
    pub queue: QueueId,
    /// When it was over.
    pub at: Timestamp,
    /// How long. Milliseconds.
    pub waited_ms: u64,
    /// Who answered; nobody when the call was lost.
    pub answered_by: Option<AgentId>,
    /// Which call, and who waited.
    pub detail: WaitDetail,
}

/// Which call waited, and who called. What a store of an older format does not have is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitDetail {
    /// The switch that held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchId>,
    /// The call there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallId>,
    /// Why it left the queue; nothing when it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Who waited.
    #[serde(flatten)]
    pub waiter: Waiter,
}
