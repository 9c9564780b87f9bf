//! Why the engine does not do what it was asked to.

use model::{CallId, Cause, DeviceId, PartyKind, QueueId};

use crate::call::State;

/// Why something asked is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
    /// The medium has no way to the target.
    #[error("{0}")]
    NoRoute(String),
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
    /// The medium can't answer this phone.
    #[error("device {0} has to be answered by hand")]
    ByHandOnly(DeviceId),
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
    /// Nobody waits in the call.
    #[error("nobody waits in call {0}")]
    NobodyWaits(CallId),
    /// Whoever is left would talk to nobody.
    #[error("nobody talks any more when {} leaves", who(.0))]
    NobodyStays(PartyKind),
    /// The parties of the call are not connected with each other.
    #[error("nobody talks in call {0} at the moment")]
    NobodyTalks(CallId),
    /// The call is not recorded.
    #[error("call {0} is not recorded")]
    NotRecorded(CallId),
    /// Tones are to be sent whose digits are not known.
    #[error("the digits are not known")]
    NoDigits,
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
}

impl Error {
    /// The cause that the hub is told.
    pub fn cause(&self) -> Cause {
        match self {
            Self::InvalidNumber(_) => Cause::InvalidNumber,
            Self::Busy(_) => Cause::Busy,
            Self::UnknownCall(_) => Cause::Lost,
            Self::UnknownDevice(_)
            | Self::UnknownQueue(_)
            | Self::NoRoute(_)
            | Self::NotInCall { .. }
            | Self::WrongState { .. }
            | Self::Engaged { .. }
            | Self::ByHandOnly(_)
            | Self::SameCall(_)
            | Self::Twice { .. }
            | Self::NotAlone { .. }
            | Self::NobodyWaits(_)
            | Self::NobodyStays(_)
            | Self::NobodyTalks(_)
            | Self::NotRecorded(_)
            | Self::NoDigits
            | Self::TooMany { .. } => Cause::Failed,
        }
    }
}

/// A party for a sentence. Of a number only the last digits are shown.
pub fn who(party: &PartyKind) -> String {
    match party {
        PartyKind::Device(device) => format!("device {device}"),
        PartyKind::Outside(number) => format!("number {number:?}"),
        PartyKind::Withheld => "the withheld number".to_owned(),
    }
}

/// Refuses a count above its limit.
pub(crate) fn check_max(what: &'static str, count: usize, count_max: usize) -> Result<(), Error> {
    if count <= count_max { Ok(()) } else { Err(Error::TooMany { what, count, count_max }) }
}
