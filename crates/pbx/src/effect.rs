//! The interface between the engine and a medium.

use model::{
    CallId, Cause, Data, DeviceId, Digits, Number, Party, PartyKind, QueueId, RequestId, SwitchAnswer,
    SwitchEvent,
};

use crate::{leg::LegId, note::Note, numbering::Target};

/// The ID of an effect until it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub u64);

/// Where a leg is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Alone.
    Alone,
    /// Alone, hearing ringback.
    Ringback,
    /// With the other members of a call.
    Call(CallId),
    /// In a queue, with music.
    Queue(QueueId),
    /// On hold, with music.
    Hold,
}

/// An action for the medium. Each effect is confirmed once with [`crate::Engine::done`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Call a party. Done when the medium has started; [`MediaEvent`]s report the rest.
    Dial(Box<Dial>),
    /// Answer an incoming leg or a ringing leg.
    Answer(LegId),
    /// Hang up a leg. Succeeds when the leg is already gone.
    Clear(LegId, Cause),
    /// Move a leg.
    Move {
        /// The leg.
        leg: LegId,
        /// Where it is.
        from: Place,
        /// Where it should be.
        to: Place,
    },
    /// Mute or unmute a leg.
    Mute(LegId, bool),
    /// Send tones to a leg.
    Tones(LegId, Digits),
    /// Tell a leg its position in the queue: 1 is next.
    Announce(LegId, usize),
    /// Start recording a call.
    Record(CallId),
    /// Pause or resume a call's recording.
    Pause(CallId, bool),
    /// Store a note with a leg.
    Note(LegId, Box<Note>),
    /// The call is over: free its resources.
    Forget(CallId),
}

/// An outgoing leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// The ID of the new leg.
    pub leg: LegId,
    /// The party to call; never a queue.
    pub target: Target,
    /// The caller.
    pub caller: PartyKind,
    /// Another leg of the call that is answered.
    pub originator: Option<LegId>,
    /// Whether the phone is called so that it can dial, and should be taken off the hook.
    pub to_dial: bool,
    /// Whether the phone should answer by itself.
    pub hands_free: bool,
    /// The note to store with the leg from the beginning, where the medium stores notes.
    pub note: Option<Note>,
}

/// An event in the medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaEvent {
    /// An incoming call.
    Incoming {
        /// The new leg. The call has the same ID.
        leg: LegId,
        /// The caller.
        caller: Party,
        /// The dialed number.
        dialled: Number,
        /// The destination.
        to: Target,
        /// The call data.
        data: Data,
        /// Whether the leg is already answered.
        up: bool,
    },
    /// A phone dialed by hand.
    HandDialed {
        /// The new leg. The call has the same ID.
        leg: LegId,
        /// The phone.
        device: DeviceId,
        /// The dialed number.
        to: Number,
        /// Whether the leg is already answered.
        up: bool,
    },
    /// A called leg rings.
    Ringing(LegId),
    /// A called leg was answered.
    Answered(LegId),
    /// A leg is gone.
    Left {
        /// The leg.
        leg: LegId,
        /// The cause, as for a called party; `None` when unknown.
        cause: Option<Cause>,
    },
    /// A phone put its call on hold with its own key.
    Held(LegId),
    /// A phone resumed its call with its own key.
    Retrieved(LegId),
}

/// An output of the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// An effect for the medium.
    Effect {
        /// The ID to confirm it with.
        id: EffectId,
        /// The effect.
        effect: Effect,
    },
    /// An event for the hub.
    Event(SwitchEvent),
    /// An answer for the hub.
    Answer {
        /// The request.
        request: RequestId,
        /// The answer.
        answer: SwitchAnswer,
    },
    /// The hub requests the complete state: reply with [`crate::Engine::report_link_up`].
    Picture,
    /// An effect failed: report the existing legs with [`crate::Engine::seen`].
    Look,
}
