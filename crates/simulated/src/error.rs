//! Why the switch refuses a request.

use model::{Cause, Code, DeviceId, Rejection, SwitchAnswer};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The call engine refuses.
    #[error(transparent)]
    Call(#[from] pbx::Error),
    /// The phone has no call in a suitable state.
    #[error("device {device} has no call that is {expected}")]
    NoCall {
        /// The phone.
        device: DeviceId,
        /// The required state.
        expected: &'static str,
    },
    /// The link to the hub is down.
    #[error("the link is down")]
    LinkDown,
    /// A requested or random fault.
    #[error("refused by a fault")]
    Fault,
}

impl Error {
    /// A limit of the switch is exceeded.
    pub(crate) fn too_many(what: &'static str, count: usize, count_max: usize) -> Self {
        Self::Call(pbx::Error::TooMany { what, count, count_max })
    }

    /// The cause to report to the hub.
    pub fn cause(&self) -> Cause {
        match self {
            Self::Call(error) => error.cause(),
            Self::NoCall { .. } | Self::LinkDown | Self::Fault => Cause::Failed,
        }
    }

    /// The code for the control interface.
    pub fn code(&self) -> Code {
        match self {
            Self::Call(error) => code(error),
            Self::NoCall { .. } => Code::WrongState,
            Self::LinkDown => Code::SwitchUnavailable,
            Self::Fault => Code::SwitchRefused,
        }
    }
}

fn code(error: &pbx::Error) -> Code {
    match error {
        pbx::Error::UnknownDevice(_) | pbx::Error::UnknownCall(_) => Code::NotFound,
        pbx::Error::UnknownQueue(_) => Code::UnknownQueue,
        pbx::Error::InvalidNumber(_) => Code::NumberRefused,
        pbx::Error::NotInCall { .. }
        | pbx::Error::WrongState { .. }
        | pbx::Error::Engaged { .. }
        | pbx::Error::SameCall(_)
        | pbx::Error::Twice { .. }
        | pbx::Error::NotAlone { .. }
        | pbx::Error::NobodyWaits(_)
        | pbx::Error::NobodyStays(_)
        | pbx::Error::NobodyTalks(_)
        | pbx::Error::NotRecorded(_) => Code::WrongState,
        pbx::Error::NoDigits => Code::Invalid,
        pbx::Error::TooMany { .. } => Code::TooMany,
        pbx::Error::Busy(_) | pbx::Error::NoRoute(_) | pbx::Error::ByHandOnly(_) => Code::SwitchRefused,
    }
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Rejection::new(error.code(), error.to_string())
    }
}

impl From<Error> for SwitchAnswer {
    fn from(error: Error) -> Self {
        SwitchAnswer::Refused { cause: error.cause(), text: error.to_string().into() }
    }
}
