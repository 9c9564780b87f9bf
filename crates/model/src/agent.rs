//! What an agent is doing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ReasonCode;

/// What an agent is doing, one of five.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AgentState {
    /// Not at work.
    #[default]
    SignedOut,
    /// At work, takes no routed calls.
    NotReady {
        /// Why; a code of the floor's, or one of [`reason`].
        reason: ReasonCode,
    },
    /// Waits for a call.
    Ready,
    /// Has a live interaction.
    Busy,
    /// Finishes what an ended interaction left to do.
    WrapUp,
}

impl AgentState {
    /// Whether the agent is at work.
    pub fn is_signed_in(&self) -> bool {
        !matches!(self, Self::SignedOut)
    }

    /// Its word, as JSON has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::NotReady { .. } => "not-ready",
            Self::Ready => "ready",
            Self::Busy => "busy",
            Self::WrapUp => "wrap-up",
        }
    }
}

/// What a busy agent asked to be afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum NextState {
    /// Signed out.
    SignedOut,
    /// Not ready, for a reason.
    NotReady {
        /// Why.
        reason: ReasonCode,
    },
    /// Ready.
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

/// Reasons that the hub itself gives; the floor's own stand beside them.
pub mod reason {
    use crate::ReasonCode;

    /// Just signed in.
    pub const SIGNED_IN: &str = "signed-in";
    /// A call rang and was not answered.
    pub const RONA: &str = "rona";
    /// A call was offered and the agent refused it.
    pub const REJECTED: &str = "rejected";
    /// The agent asked without saying why.
    pub const UNSPECIFIED: &str = "unspecified";
    /// A call has ended and the desk has to ask for the next one (uwq.md §3).
    pub const AFTER_CALL: &str = "after-call";
    /// The agent's phone could not be reached.
    pub const DEVICE_FAILED: &str = "device-failed";
    /// The agent's last desk has been gone for longer than the grace time.
    pub const DESK_LOST: &str = "desk-lost";
    /// The agent's switch has been unreachable for longer than the grace time.
    pub const SWITCH_LOST: &str = "switch-lost";
    /// The switch refused the agent, as a PBX does with a wrong password.
    pub const PHONE_REFUSED: &str = "phone-refused";

    /// Every reason that the hub itself gives.
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

    /// Makes a code of one of the words above.
    pub fn code(word: &'static str) -> ReasonCode {
        ReasonCode::new(word).unwrap_or_else(|_| unreachable!("{word} is short and has no control character"))
    }
}
