//! Calls that wait.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AgentId, CallId, Cause, Contact, Data, DeviceId, LinkageId, Number, Party, SwitchId, Timestamp};

/// A call that waits for an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingCall {
    /// The switch that holds it.
    pub switch: SwitchId,
    /// The call there.
    pub call: CallId,
    /// Shared by the interactions that will grow out of it.
    pub linkage: LinkageId,
    /// Who calls.
    pub caller: Party,
    /// What the caller dialled.
    pub dialled: Number,
    /// Data of the call.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
    /// Higher is served first; the queue's own unless the switch says otherwise.
    pub priority: u8,
    /// When it came.
    pub since: Timestamp,
    /// To whom it is being offered at the moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<AgentId>,
}

/// Who waited: kept with the end of the wait, so that a caller who gave up is found. What older journals do not have is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Waiter {
    /// Who called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Party>,
    /// What the caller dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialled: Option<Number>,
    /// Shared by the interactions that grew out of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linkage: Option<LinkageId>,
    /// Who the directory says the caller is, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// What happened to a call in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum QueueChange {
    /// It came.
    Entered {
        /// The call.
        waiting: Box<WaitingCall>,
    },
    /// It was sent to an agent's phone.
    Offered {
        /// The switch that holds it.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// To whom.
        agent: AgentId,
        /// The agent's phone.
        device: DeviceId,
    },
    /// It came back and waits in front.
    Returned {
        /// The switch that holds it.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// Who did not take it.
        agent: AgentId,
    },
    /// An agent has it.
    Answered {
        /// The switch that holds it.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// Who.
        agent: AgentId,
        /// How long it waited. Milliseconds.
        waited_ms: u64,
        /// Who waited.
        #[serde(flatten)]
        waiter: Box<Waiter>,
    },
    /// It is gone without having been answered here.
    Left {
        /// The switch that held it.
        switch: SwitchId,
        /// The call.
        call: CallId,
        /// Why.
        cause: Cause,
        /// How long it waited. Milliseconds.
        waited_ms: u64,
        /// Who waited.
        #[serde(flatten)]
        waiter: Box<Waiter>,
    },
}

impl QueueChange {
    /// Whom it concerns, when it is more than the queue.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Offered { agent, .. } | Self::Returned { agent, .. } | Self::Answered { agent, .. } => {
                Some(agent)
            }
            Self::Entered { .. } | Self::Left { .. } => None,
        }
    }
}
