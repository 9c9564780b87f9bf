//! Why the engine refuses a request.

use model::{CallId, Cause, DeviceId, PartyKind, QueueId};

use crate::call::State;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The switch does not have this phone.
    #[error("device {0} does not exist")]
    UnknownDevice(DeviceId),
    /// The switch does not have this queue.
    #[error("queue {0} does not exist")]
    UnknownQueue(QueueId),
    /// The call does not exist or has ended.
    #[error("call {0} does not exist")]
    UnknownCall(CallId),
    /// The number does not exist.
    #[error("{0} does not exist")]
    InvalidNumber(String),
    /// The number is busy.
    #[error("{0} is busy")]
    Busy(String),
    /// The medium cannot reach the target.
    #[error("{0}")]
    NoRoute(String),
    /// The party is not in the call.
    #[error("{} is not in call {call}", who(.party))]
    NotInCall {
        /// The party.
        party: PartyKind,
        /// The call.
        call: CallId,
    },
    /// The party's state in the call does not allow the request.
    #[error("{} is {state} in call {call}; expected {expected}", who(.party))]
    WrongState {
        /// The party.
        party: PartyKind,
        /// The call.
        call: CallId,
        /// The party's state.
        state: State,
        /// The required state.
        expected: &'static str,
    },
    /// The phone must hold or clear another call first.
    #[error("device {device} is {state} in call {call}; hold or clear that call first")]
    Engaged {
        /// The phone.
        device: DeviceId,
        /// The other call.
        call: CallId,
        /// The phone's state in it.
        state: State,
    },
    /// The medium cannot answer this phone.
    #[error("device {0} can only be answered by hand")]
    ByHandOnly(DeviceId),
    /// The same call was given twice.
    #[error("call {0} cannot be joined with itself")]
    SameCall(CallId),
    /// The party is already in the call.
    #[error("{} is already in call {call}", who(.party))]
    Twice {
        /// The party.
        party: PartyKind,
        /// The call.
        call: CallId,
    },
    /// Only a single party can wait in a queue.
    #[error("call {call} has {parties} other parties; only a single connected party can wait in a queue")]
    NotAlone {
        /// The call.
        call: CallId,
        /// The number of other parties.
        parties: usize,
    },
    /// No party waits in the call.
    #[error("no party is waiting in call {0}")]
    NobodyWaits(CallId),
    /// No parties would remain connected.
    #[error("no parties would remain connected after {} leaves", who(.0))]
    NobodyStays(PartyKind),
    /// The parties of the call are not connected.
    #[error("the parties of call {0} are not connected")]
    NobodyTalks(CallId),
    /// The call is not recorded.
    #[error("call {0} is not recorded")]
    NotRecorded(CallId),
    /// The digits of the tones are missing.
    #[error("the digits of the tones are missing")]
    NoDigits,
    /// A limit of the switch is exceeded.
    #[error("{what} is {count}; the maximum is {count_max}")]
    TooMany {
        /// What the limit applies to.
        what: &'static str,
        /// The number that was requested.
        count: usize,
        /// The maximum.
        count_max: usize,
    },
}

impl Error {
    /// The cause to report to the hub.
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

/// A party in an error text. Only the last digits of a number are shown.
pub fn who(party: &PartyKind) -> String {
    match party {
        PartyKind::Device(device) => format!("device {device}"),
        PartyKind::Outside(number) => format!("number {number:?}"),
        PartyKind::Withheld => "the withheld number".to_owned(),
    }
}

/// Rejects a number above its limit.
pub(crate) fn check_max(what: &'static str, count: usize, count_max: usize) -> Result<(), Error> {
    if count <= count_max { Ok(()) } else { Err(Error::TooMany { what, count, count_max }) }
}
