//! Why something asked is not done: one closed list, mapped by each edge to its own errors.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of "no" it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The message cannot be understood.
    Invalid,
    /// Nobody, or not who it says.
    Unauthenticated,
    /// Not allowed to this account.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The floor has no such agent.
    UnknownAgent,
    /// The agent has no such interaction.
    UnknownInteraction,
    /// The floor has no such queue.
    UnknownQueue,
    /// The floor has no such reason or disposition.
    UnknownCode,
    /// More than one interaction fits and none was named.
    Ambiguous,
    /// The agent is not at work.
    NotSignedIn,
    /// The phone is another agent's at the moment.
    DeviceInUse,
    /// Not possible as things stand.
    WrongState,
    /// The dial policy does not allow the number.
    NumberRefused,
    /// The switch cannot do this.
    NotSupported,
    /// The switch cannot be reached.
    SwitchUnavailable,
    /// The switch said no.
    SwitchRefused,
    /// Something has to be logged first.
    LogRequired,
    /// The id was used for another command.
    Conflict,
    /// Too often, too many or too much.
    TooMany,
    /// Too much at once: nothing is wrong with the request, try again a little later.
    Overloaded,
    /// The node cannot take this at the moment.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 22] = [
        Self::Invalid,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::UnknownAgent,
        Self::UnknownInteraction,
        Self::UnknownQueue,
        Self::UnknownCode,
        Self::Ambiguous,
        Self::NotSignedIn,
        Self::DeviceInUse,
        Self::WrongState,
        Self::NumberRefused,
        Self::NotSupported,
        Self::SwitchUnavailable,
        Self::SwitchRefused,
        Self::LogRequired,
        Self::Conflict,
        Self::TooMany,
        Self::Overloaded,
        Self::Unavailable,
        Self::Internal,
    ];

    /// Its word, as JSON has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::UnknownAgent => "unknown-agent",
            Self::UnknownInteraction => "unknown-interaction",
            Self::UnknownQueue => "unknown-queue",
            Self::UnknownCode => "unknown-code",
            Self::Ambiguous => "ambiguous",
            Self::NotSignedIn => "not-signed-in",
            Self::DeviceInUse => "device-in-use",
            Self::WrongState => "wrong-state",
            Self::NumberRefused => "number-refused",
            Self::NotSupported => "not-supported",
            Self::SwitchUnavailable => "switch-unavailable",
            Self::SwitchRefused => "switch-refused",
            Self::LogRequired => "log-required",
            Self::Conflict => "conflict",
            Self::TooMany => "too-many",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

/// A "no": its kind, and a sentence that names the thing and both values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rejection {
    /// What kind.
    pub code: Code,
    /// The sentence.
    #[schema(value_type = String)]
    pub text: CompactString,
}

impl Rejection {
    /// Makes one.
    pub fn new(code: Code, text: impl AsRef<str>) -> Self {
        Self { code, text: CompactString::new(text.as_ref()) }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl std::error::Error for Rejection {}
