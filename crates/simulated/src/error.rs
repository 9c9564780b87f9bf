//! Why the switch does not do what it was asked to.

use model::{CallId, Cause, Code, DeviceId, PartyKind, QueueId, Rejection, SwitchAnswer};

use crate::switch::State;

/// Why something asked is not done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The switch has no such phone.
    #[error("there is no device {0}")]
    UnknownDevice(DeviceId),
    /// The switch has no such queue.
    #[error("there is no queue {0}")]
    UnknownQueue(QueueId),
    /// The switch has no such call, or no longer.
    #[error("there is no call {0}")]
    UnknownCall(CallId),
    /// Nothing answers to the number.
    #[error("nothing can be reached at {0}")]
    InvalidNumber(String),
    /// The number takes no calls at the moment.
    #[error("{0} is busy")]
    Busy(String),
    /// The party has no place in the call.
    #[error("{} is not in call {call}", who(.party))]
    NotInCall {
        /// Who.
        party: PartyKind,
        /// Which call.
        call: CallId,
    },
    /// The party's place in the call does not allow it.
    #[error("{} is {state} in call {call}, not {expected}", who(.party))]
    WrongState {
        /// Who.
        party: PartyKind,
        /// Which call.
        call: CallId,
        /// How the party is connected.
        state: State,
        /// How it would have to be.
        expected: &'static str,
    },
    /// The phone has to hold or clear another call first.
    #[error("device {device} is {state} in call {call}: hold or clear that first")]
    Engaged {
        /// Whose phone.
        device: DeviceId,
        /// In which call.
        call: CallId,
        /// How.
        state: State,
    },
    /// The phone has no call that is as the action needs it.
    #[error("device {device} has no call that is {expected}")]
    NoCall {
        /// Whose phone.
        device: DeviceId,
        /// How a call would have to be.
        expected: &'static str,
    },
    /// Two calls are named where they must be different ones.
    #[error("call {0} cannot be joined with itself")]
    SameCall(CallId),
    /// A party would be in a call twice.
    #[error("{} is in call {call} already", who(.party))]
    Twice {
        /// Who.
        party: PartyKind,
        /// Which call.
        call: CallId,
    },
    /// Only a single party can wait in a queue.
    #[error("call {call} has {parties} other parties, only one that talks can wait in a queue")]
    NotAlone {
        /// Which call.
        call: CallId,
        /// How many there are besides the one who asks.
        parties: usize,
    },
    /// Whoever is left would talk to nobody.
    #[error("nobody talks any more when {} leaves", who(.0))]
    NobodyStays(PartyKind),
    /// A recording is not as the request needs it.
    #[error("the recording of device {device} in call {call} is {state}, not {expected}")]
    Recording {
        /// For whom.
        device: DeviceId,
        /// Which call.
        call: CallId,
        /// How it is.
        state: &'static str,
        /// How it would have to be.
        expected: &'static str,
    },
    /// More of something than the switch takes.
    #[error("{what} is {count}, at most {count_max} are allowed")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// How much there would be.
        count: usize,
        /// How much there may be.
        count_max: usize,
    },
    /// Tones are to be sent, and nobody says which.
    #[error("the digits are not known")]
    NoDigits,
    /// The hub cannot reach the switch.
    #[error("the link is down")]
    LinkDown,
    /// Somebody asked for it to fail, or chance did.
    #[error("refused by a fault")]
    Fault,
}

impl Error {
    /// What the hub is told as cause.
    pub fn cause(&self) -> Cause {
        match self {
            Self::InvalidNumber(_) => Cause::InvalidNumber,
            Self::Busy(_) => Cause::Busy,
            Self::UnknownCall(_) => Cause::Lost,
            Self::UnknownDevice(_)
            | Self::UnknownQueue(_)
            | Self::NotInCall { .. }
            | Self::WrongState { .. }
            | Self::Engaged { .. }
            | Self::NoCall { .. }
            | Self::SameCall(_)
            | Self::Twice { .. }
            | Self::NotAlone { .. }
            | Self::NobodyStays(_)
            | Self::Recording { .. }
            | Self::TooMany { .. }
            | Self::NoDigits
            | Self::LinkDown
            | Self::Fault => Cause::Failed,
        }
    }

    /// What the control interface answers as code.
    pub fn code(&self) -> Code {
        match self {
            Self::UnknownDevice(_) | Self::UnknownCall(_) => Code::NotFound,
            Self::UnknownQueue(_) => Code::UnknownQueue,
            Self::InvalidNumber(_) => Code::NumberRefused,
            Self::NotInCall { .. }
            | Self::WrongState { .. }
            | Self::Engaged { .. }
            | Self::NoCall { .. }
            | Self::SameCall(_)
            | Self::Twice { .. }
            | Self::NotAlone { .. }
            | Self::NobodyStays(_)
            | Self::Recording { .. } => Code::WrongState,
            Self::TooMany { .. } => Code::TooMany,
            Self::NoDigits => Code::Invalid,
            Self::LinkDown => Code::SwitchUnavailable,
            Self::Busy(_) | Self::Fault => Code::SwitchRefused,
        }
    }
}

/// A party for a sentence; a number shows its last digits only.
pub(crate) fn who(party: &PartyKind) -> String {
    match party {
        PartyKind::Device(device) => format!("device {device}"),
        PartyKind::Outside(number) => format!("number {number:?}"),
        PartyKind::Withheld => "the withheld number".to_owned(),
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
