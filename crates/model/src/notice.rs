//! Notices: messages from the hub to an agent or to all agents.

use std::fmt;

use compact_str::{CompactString, ToCompactString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AgentId, Cause, Code, QueueId, SwitchId};

/// The severity of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeLevel {
    /// Information only.
    Info,
    /// Something unusual happened, but the system still works.
    Warning,
    /// A request was not carried out.
    Error,
}

/// A message from the hub to an agent or to all agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// The severity.
    pub level: NoticeLevel,
    /// The kind of problem or fact that the notice reports.
    pub code: Code,
    /// The message text, one sentence in English.
    #[schema(value_type = String)]
    pub text: CompactString,
    /// The same message as data, for programs that write the text in another language. Absent for texts of a peer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<NoticeTopic>,
}

impl Notice {
    /// A notice with a text of its own, which cannot be translated.
    pub fn from_text(level: NoticeLevel, code: Code, text: impl Into<CompactString>) -> Self {
        Self { level, code, text: text.into(), topic: None }
    }
}

impl From<NoticeTopic> for Notice {
    fn from(topic: NoticeTopic) -> Self {
        let (level, code) = topic.severity();
        Self { level, code, text: topic.to_compact_string(), topic: Some(topic) }
    }
}

/// What a notice reports: a fact of the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum NoticeTopic {
    /// The agent did not answer an offered call and is not ready.
    CallNotAnswered {
        /// The agent.
        agent: AgentId,
    },
    /// The agent's phone did not ring for an offered call, so the agent is not ready.
    PhoneDidNotRing {
        /// The agent.
        agent: AgentId,
    },
    /// The agent was removed from the floor and is signed out after the current work.
    AgentRetiring {
        /// The agent.
        agent: AgentId,
    },
    /// The agent was removed from the floor and is signed out.
    AgentRemoved {
        /// The agent.
        agent: AgentId,
    },
    /// The queue was removed from the floor while calls wait in it.
    QueueRetiring {
        /// The queue.
        queue: QueueId,
        /// The number of calls that wait.
        waiting: usize,
    },
    /// A call entered a queue that the floor does not define.
    QueueUnknown {
        /// The queue.
        queue: QueueId,
    },
    /// A call entered a queue that was removed from the floor.
    QueueRemoved {
        /// The queue.
        queue: QueueId,
    },
    /// The switch did not hang up a call when asked.
    ReleaseOverdue,
    /// The switch refused the agent's sign-in or state, so the agent is not ready.
    AgentRefused {
        /// The agent.
        agent: AgentId,
        /// The switch.
        switch: SwitchId,
        /// The switch's reason.
        reason: String,
        /// Whether the agent is not ready only after the current call or wrap-up.
        after_call: bool,
    },
    /// The agent had no desk for the grace time and is not ready.
    DeskLost {
        /// The agent.
        agent: AgentId,
        /// The grace time, in seconds.
        seconds: u64,
        /// Whether the agent is not ready only after the current call or wrap-up.
        after_call: bool,
    },
    /// A call that the agent dialed failed.
    CallFailed {
        /// Why it failed.
        cause: Cause,
    },
    /// A request could not be sent to the switch again.
    RequestNotSent {
        /// The CSTA name of the request, such as `Hold Call`.
        service: String,
        /// The switch.
        switch: SwitchId,
        /// Why it was not sent.
        reason: String,
    },
    /// The switch refused a request.
    RequestRefused {
        /// The CSTA name of the request, such as `Hold Call`.
        service: String,
        /// The switch.
        switch: SwitchId,
        /// The switch's reason.
        reason: String,
    },
    /// The link to a switch was lost.
    SwitchUnreachable {
        /// The switch.
        switch: SwitchId,
        /// What failed.
        reason: String,
    },
    /// The link to a switch was lost for the grace time, so its agents are not ready.
    SwitchLost {
        /// The switch.
        switch: SwitchId,
        /// The grace time, in seconds.
        seconds: u64,
        /// The number of agents that are not ready.
        agents: usize,
    },
    /// An unused sign-in of the account was revoked, because the account had too many.
    SignInRevoked,
    /// A sign-in of the account was refused, because the account has too many.
    SignInRefused,
}

impl NoticeTopic {
    fn severity(&self) -> (NoticeLevel, Code) {
        match self {
            Self::CallNotAnswered { .. } | Self::PhoneDidNotRing { .. } | Self::DeskLost { .. } => {
                (NoticeLevel::Warning, Code::WrongState)
            }
            Self::AgentRetiring { .. } | Self::AgentRemoved { .. } => {
                (NoticeLevel::Warning, Code::UnknownAgent)
            }
            Self::QueueRetiring { .. } => (NoticeLevel::Warning, Code::UnknownQueue),
            Self::QueueUnknown { .. } | Self::QueueRemoved { .. } => (NoticeLevel::Error, Code::UnknownQueue),
            Self::ReleaseOverdue | Self::CallFailed { .. } => (NoticeLevel::Warning, Code::SwitchRefused),
            Self::AgentRefused { .. } | Self::RequestNotSent { .. } | Self::RequestRefused { .. } => {
                (NoticeLevel::Error, Code::SwitchRefused)
            }
            Self::SwitchUnreachable { .. } | Self::SwitchLost { .. } => {
                (NoticeLevel::Error, Code::SwitchUnavailable)
            }
            Self::SignInRevoked | Self::SignInRefused => (NoticeLevel::Warning, Code::TooMany),
        }
    }
}

/// The notice's text.
impl fmt::Display for NoticeTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CallNotAnswered { agent } => write!(
                f,
                "agent {agent} did not answer the call and is not ready; set ready to receive calls again"
            ),
            Self::PhoneDidNotRing { agent } => write!(
                f,
                "the phone of agent {agent} did not ring, so the agent is not ready; check the phone and set ready"
            ),
            Self::AgentRetiring { agent } => write!(
                f,
                "agent {agent} was removed from the floor; the agent can finish the current work and is then signed out"
            ),
            Self::AgentRemoved { agent } => {
                write!(f, "agent {agent} was removed from the floor and signed out")
            }
            Self::QueueRetiring { queue, waiting } => write!(
                f,
                "queue {queue} was removed from the floor; its {waiting} waiting calls are still offered to its agents"
            ),
            Self::QueueUnknown { queue } => write!(
                f,
                "a call waits in queue {queue}, which the floor does not define, so no agent is offered the call; \
                 add the queue"
            ),
            Self::QueueRemoved { queue } => write!(
                f,
                "a call entered queue {queue}, which was removed from the floor; route callers to another queue"
            ),
            Self::ReleaseOverdue => {
                f.write_str("the switch did not hang up the call when asked; you can force its end")
            }
            Self::AgentRefused { agent, switch, reason, after_call } => write!(
                f,
                "switch {switch} refused agent {agent}: {reason}. The agent is not ready {}; sign in or set ready to try again",
                takes_effect(*after_call)
            ),
            Self::DeskLost { agent, seconds, after_call } => write!(
                f,
                "agent {agent} has had no desk for {seconds} s and is not ready {}; open a desk and set ready",
                takes_effect(*after_call)
            ),
            Self::CallFailed { cause } => write!(f, "the call failed: {}", cause.why_it_failed()),
            Self::RequestNotSent { service, switch, reason } => {
                write!(f, "{service} was not sent to switch {switch}: {reason}")
            }
            Self::RequestRefused { service, switch, reason } => {
                write!(f, "switch {switch} refused {service}: {reason}")
            }
            Self::SwitchUnreachable { switch, reason } => {
                write!(f, "switch {switch} cannot be reached: {reason}")
            }
            Self::SwitchLost { switch, seconds, agents } => {
                write!(f, "switch {switch} was unreachable for {seconds} s; {agents} agents are not ready")
            }
            Self::SignInRevoked => {
                f.write_str("an unused sign-in of this account was revoked, because it has too many")
            }
            Self::SignInRefused => {
                f.write_str("another sign-in of this account was refused, because it has too many")
            }
        }
    }
}

fn takes_effect(after_call: bool) -> &'static str {
    match after_call {
        true => "after this call",
        false => "from now on",
    }
}

impl Cause {
    fn why_it_failed(self) -> &'static str {
        match self {
            Self::Busy => "the other end is busy",
            Self::InvalidNumber => "the number does not exist",
            Self::NoAnswer => "nobody answered",
            Self::Rejected => "it was rejected",
            Self::Normal
            | Self::Abandoned
            | Self::Transferred
            | Self::Conferenced
            | Self::Deflected
            | Self::Failed
            | Self::Lost
            | Self::Forced => "the switch ended it",
        }
    }
}
