//! `StatusCode`: 0 is success and a negative number is a failure, in the vendor's article. The meaning of each number is our choice
//! (talisma.md §2.1), so the telephony end does not evaluate it.

use model::Code;

/// The result of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is in the journal.
    Done,
    /// A failure that none of the others describes.
    GeneralFailure,
    /// Something is missing or out of range.
    InvalidRequest,
    /// The media type is not phone.
    InvalidMediaType,
    /// No agent has this user id.
    UnknownUser,
    /// The agent is signed out.
    UserNotAvailable,
    /// The kind of record, or of an object of the payload, is invalid.
    InvalidObject,
    /// It cannot be passed on at the moment.
    DeliveryFailed,
    /// The account may not notify this agent.
    Forbidden,
    /// The agent has too many notifications already.
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

    /// The status for a refusal of the hub.
    pub fn of(code: Code) -> Self {
        match code {
            Code::Invalid => Self::InvalidRequest,
            Code::UnknownAgent => Self::UnknownUser,
            Code::NotSignedIn => Self::UserNotAvailable,
            Code::Unauthenticated | Code::SecondFactorRequired | Code::Forbidden => Self::Forbidden,
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
