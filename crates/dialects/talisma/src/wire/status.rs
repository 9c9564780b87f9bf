//! `StatusCode`: 0 is success and anything below is not, says the article. Which number stands for what is a proposal of ours
//! (talisma.md §2.1), so the telephony end does not look at it.

use model::Code;

/// How a notification went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is in the journal.
    Done,
    /// Anything that is not below.
    GeneralFailure,
    /// Something is missing or out of range.
    InvalidRequest,
    /// The media type is not phone.
    InvalidMediaType,
    /// No agent has this user id.
    UnknownUser,
    /// The agent is not at work.
    UserNotAvailable,
    /// The record, or an object of the payload, cannot be.
    InvalidObject,
    /// It could not be passed on at the moment.
    DeliveryFailed,
    /// The account may not notify this agent.
    Forbidden,
    /// The agent has too much to look at already.
    Busy,
}

impl Status {
    /// The number on the wire.
    pub fn code(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::GeneralFailure => -1,
            Self::InvalidRequest => -2,
            Self::InvalidMediaType => -3,
            Self::UnknownUser => -4,
            Self::UserNotAvailable => -5,
            Self::InvalidObject => -6,
            Self::DeliveryFailed => -7,
            Self::Forbidden => -8,
            Self::Busy => -9,
        }
    }

    /// What a refusal of the hub's is called here.
    pub fn of(code: Code) -> Self {
        match code {
            Code::Invalid => Self::InvalidRequest,
            Code::UnknownAgent => Self::UnknownUser,
            Code::NotSignedIn => Self::UserNotAvailable,
            Code::Unauthenticated | Code::Forbidden => Self::Forbidden,
            Code::TooMany => Self::Busy,
            Code::Overloaded | Code::Unavailable | Code::SwitchUnavailable => Self::DeliveryFailed,
            Code::NotFound
            | Code::UnknownInteraction
            | Code::UnknownQueue
            | Code::UnknownCode
            | Code::Ambiguous
            | Code::DeviceInUse
            | Code::WrongState
            | Code::NumberRefused
            | Code::NotSupported
            | Code::SwitchRefused
            | Code::LogRequired
            | Code::Conflict
            | Code::Internal => Self::GeneralFailure,
        }
    }
}
