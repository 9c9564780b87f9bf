//! Agent states.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ReasonCode;

/// The state of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AgentState {
    /// Not signed in.
    #[default]
    SignedOut,
    /// Signed in, but receives no calls from queues.
    NotReady {
        /// Why the agent is not ready: a code that the floor defines, or one of [`reason`].
        reason: ReasonCode,
    },
    /// Waiting for a call.
    Ready,
    /// Handling a live interaction.
    Busy,
    /// Finishing the notes and disposition of an ended interaction.
    WrapUp,
}

impl AgentState {
    /// Whether the agent is signed in.
    pub fn is_signed_in(&self) -> bool {
        !matches!(self, Self::SignedOut)
    }

    /// The name of the state, as in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::NotReady { .. } => "not-ready",
            Self::Ready => "ready",
            Self::Busy => "busy",
            Self::WrapUp => "wrap-up",
        }
    }
}

/// The state that a busy agent chose to enter afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum NextState {
    /// Sign out.
    SignedOut,
    /// Become not ready.
    NotReady {
        /// Why the agent becomes not ready.
        reason: ReasonCode,
    },
    /// Become ready.
    Ready,
}

impl From<NextState> for AgentState {
    fn from(next: NextState) -> Self {
        match next {
            NextState::SignedOut => Self::SignedOut,
            NextState::NotReady { reason } => Self::NotReady { reason },
            NextState::Ready => Self::Ready,
        }
    }
}

/// Reason codes that the hub itself uses, in addition to those that the floor defines.
pub mod reason {
    use crate::ReasonCode;

    /// The agent has just signed in.
    pub const SIGNED_IN: &str = "signed-in";
    /// The agent did not answer a ringing call (ring on no answer).
    pub const RONA: &str = "rona";
    /// The agent rejected a call.
    pub const REJECTED: &str = "rejected";
    /// No reason was given.
    pub const UNSPECIFIED: &str = "unspecified";
    /// A call ended, and the desk must ask for the next one (uwq.md §3).
    pub const AFTER_CALL: &str = "after-call";
    /// The agent's phone could not be reached.
    pub const DEVICE_FAILED: &str = "device-failed";
    /// The agent's last desk was disconnected for longer than the grace time.
    pub const DESK_LOST: &str = "desk-lost";
    /// The agent's switch was unreachable for longer than the grace time.
    pub const SWITCH_LOST: &str = "switch-lost";
    /// The switch refused the agent, for example because of a wrong password.
    pub const PHONE_REFUSED: &str = "phone-refused";

    /// All reason codes that the hub itself uses.
    pub const ALL: [&str; 9] = [
        SIGNED_IN,
        RONA,
        REJECTED,
        UNSPECIFIED,
        AFTER_CALL,
        DEVICE_FAILED,
        DESK_LOST,
        SWITCH_LOST,
        PHONE_REFUSED,
    ];

    /// Converts one of the constants above to a reason code.
    pub fn code(word: &'static str) -> ReasonCode {
        ReasonCode::new(word).unwrap_or_else(|_| unreachable!("{word} is short and has no control character"))
    }
}
