//! Why a command is rejected: a closed list of codes. Each interface maps it to its own errors.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The kind of rejection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The message is malformed, or a value is invalid.
    Invalid,
    /// Credentials are missing or wrong.
    Unauthenticated,
    /// The account does not have permission.
    Forbidden,
    /// The requested object does not exist.
    NotFound,
    /// The floor does not define this agent.
    UnknownAgent,
    /// The agent does not have this interaction.
    UnknownInteraction,
    /// The floor does not define this queue.
    UnknownQueue,
    /// The floor does not define this reason or disposition.
    UnknownCode,
    /// More than one interaction matches, and the command names none.
    Ambiguous,
    /// The agent is not signed in.
    NotSignedIn,
    /// Another agent is using the phone.
    DeviceInUse,
    /// The command is not possible in the current state.
    WrongState,
    /// The dial policy does not allow the number.
    NumberRefused,
    /// The switch does not support this.
    NotSupported,
    /// The switch cannot be reached.
    SwitchUnavailable,
    /// The switch refused the request.
    SwitchRefused,
    /// A log entry is required first.
    LogRequired,
    /// The command ID was already used for a different command.
    Conflict,
    /// The password is right, and the account needs the code of its second factor too.
    SecondFactorRequired,
    /// A limit was exceeded: too many requests, entries or bytes.
    TooMany,
    /// The server is overloaded. The request is valid; retry it later.
    Overloaded,
    /// The node cannot handle the request at the moment.
    Unavailable,
    /// An internal error: a defect in Cordboard.
    Internal,
}

impl Code {
    /// All codes.
    pub const ALL: [Code; 23] = [
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
        Self::SecondFactorRequired,
        Self::TooMany,
        Self::Overloaded,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The name of the code, as in JSON.
    pub fn as_str(self) -> &'static str {
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
            Self::SecondFactorRequired => "second-factor-required",
            Self::TooMany => "too-many",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

/// A rejected command: the code, and a sentence with the details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rejection {
    /// The kind of rejection.
    pub code: Code,
    /// The details: what is wrong, with the values, and what was expected.
    #[schema(value_type = String)]
    pub text: CompactString,
}

impl Rejection {
    /// Creates a rejection.
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
