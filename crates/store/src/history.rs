//! Queries of the history.

use model::{
    AgentId, AgentState, CallId, Cause, LinkageId, Number, QueueId, SwitchId, Timestamp, WaitingCaller,
};
use serde::{Deserialize, Serialize};

/// The most rows that one query of the directory or the history returns. Our choice.
pub const LIMIT_MAX: usize = 1_000;

/// A query for interactions. Fields that are `None` match everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InteractionQuery {
    /// The agent.
    pub agent: Option<AgentId>,
    /// The customer call that the interactions grew out of.
    pub linkage: Option<LinkageId>,
    /// The ID of the contact.
    pub contact: Option<String>,
    /// The number of the customer, compared by digits.
    pub number: Option<Number>,
    /// The earliest time of opening (inclusive).
    pub from: Option<Timestamp>,
    /// The latest time of opening (exclusive).
    pub until: Option<Timestamp>,
    /// For paging: only interactions older than the last one of the previous page, by its `number`.
    pub before: Option<u64>,
    /// The most rows to return, up to [`LIMIT_MAX`].
    pub limit: usize,
}

/// A query for times of agents in their states. Fields that are `None` match everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentTimeQuery {
    /// The agent.
    pub agent: Option<AgentId>,
    /// Only times that ended after this.
    pub from: Option<Timestamp>,
    /// Only times that began before this.
    pub until: Option<Timestamp>,
    /// The most rows to return, up to [`LIMIT_MAX`].
    pub limit: usize,
}

/// A time that an agent spent in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTime {
    /// The agent.
    pub agent: AgentId,
    /// The agent state.
    pub state: AgentState,
    /// When the agent entered the state.
    pub from: Timestamp,
    /// When the agent left the state.
    pub until: Timestamp,
}

/// A query for waits. Fields that are `None` match everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WaitQuery {
    /// The queue.
    pub queue: Option<QueueId>,
    /// The earliest end of the wait (inclusive).
    pub from: Option<Timestamp>,
    /// The latest end of the wait (exclusive).
    pub until: Option<Timestamp>,
    /// The most rows to return, up to [`LIMIT_MAX`].
    pub limit: usize,
}

/// A wait of a call in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// The queue.
    pub queue: QueueId,
    /// When the wait ended.
    pub at: Timestamp,
    /// How long the call waited. Milliseconds.
    pub waited_ms: u64,
    /// The agent who answered; `None` when the call was not answered.
    pub answered_by: Option<AgentId>,
    /// The call and its caller.
    pub detail: WaitDetail,
}

/// The call and the caller of a wait. Fields that a store of an older format does not have are absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitDetail {
    /// The switch of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchId>,
    /// The ID of the call at the switch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallId>,
    /// Why the call left the queue; `None` when it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The caller.
    #[serde(flatten)]
    pub waiter: WaitingCaller,
}
