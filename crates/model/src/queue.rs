//! Calls that wait in queues.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AgentId, CallId, Cause, Contact, Data, DeviceId, LinkageId, Number, Party, SwitchId, Timestamp};

/// A call that waits for an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingCall {
    /// The switch that has the call.
    pub switch: SwitchId,
    /// The ID of the call at the switch.
    pub call: CallId,
    /// The ID that all interactions share that grow out of this call.
    pub linkage: LinkageId,
    /// The caller.
    pub caller: Party,
    /// The number that the caller dialed.
    pub dialled: Number,
    /// The call data.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
    /// The priority. Calls with a higher priority are offered first. It is the priority of the queue unless the switch
    /// gives another.
    pub priority: u8,
    /// When the call entered the queue.
    pub since: Timestamp,
    /// The agent whom the call is being offered to; absent when it is not being offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<AgentId>,
}

/// The caller whose wait in a queue ended. Fields that an older journal does not have are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct WaitingCaller {
    /// The caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Party>,
    /// The number that the caller dialed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialled: Option<Number>,
    /// The ID that all interactions share that grew out of this call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linkage: Option<LinkageId>,
    /// The caller's contact in the directory; absent when it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// What happened to a call in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum QueueChange {
    /// The call entered the queue.
    Entered {
        /// The call.
        waiting: Box<WaitingCall>,
    },
    /// The call is being offered to an agent and is about to ring at the agent's phone.
    Offered {
        /// The switch that has the call.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// The agent.
        agent: AgentId,
        /// The agent's phone.
        device: DeviceId,
    },
    /// The agent did not answer. The call waits at the front of the queue again.
    Returned {
        /// The switch that has the call.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// The agent who did not answer.
        agent: AgentId,
    },
    /// An agent answered the call.
    Answered {
        /// The switch that has the call.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// The agent who answered.
        agent: AgentId,
        /// How long the call waited. Milliseconds.
        waited_ms: u64,
        /// The caller.
        #[serde(flatten)]
        waiter: Box<WaitingCaller>,
    },
    /// The call left the queue without being answered by an agent of the queue.
    Left {
        /// The switch that had the call.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// Why it left.
        cause: Cause,
        /// How long the call waited. Milliseconds.
        waited_ms: u64,
        /// The caller.
        #[serde(flatten)]
        waiter: Box<WaitingCaller>,
    },
}

impl QueueChange {
    /// The agent that the change is about; `None` when it is only about the queue.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Offered { agent, .. } | Self::Returned { agent, .. } | Self::Answered { agent, .. } => {
                Some(agent)
            }
            Self::Entered { .. } | Self::Left { .. } => None,
        }
    }
}
