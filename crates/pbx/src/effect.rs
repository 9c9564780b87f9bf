//! What the engine and a medium tell each other.

use model::{
    CallId, Cause, Data, DeviceId, Digits, Number, Party, PartyKind, QueueId, RequestId, SwitchAnswer,
    SwitchEvent,
};

use crate::{leg::LegId, note::Note, numbering::Target};

/// Names an effect until it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub u64);

/// Where a leg is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By itself.
    Alone,
    /// By itself, and hears ringback.
    Ringback,
    /// With the other members of a call.
    Call(CallId),
    /// In a queue, with music.
    Queue(QueueId),
    /// On hold, with music.
    Hold,
}

/// Something that the medium has to do. Each effect is answered by [`crate::Engine::done`] once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Call somebody. Done once the medium has begun; what follows are [`MediaEvent`]s.
    Dial(Box<Dial>),
    /// Answer a leg that called us or that rings.
    Answer(LegId),
    /// Hang up a leg. A leg that is gone counts as done.
    Clear(LegId, Cause),
    /// Put a leg elsewhere.
    Move {
        /// Which.
        leg: LegId,
        /// Where it is.
        from: Place,
        /// Where it belongs.
        to: Place,
    },
    /// Stop or resume letting the others hear a leg.
    Mute(LegId, bool),
    /// Send tones to a leg.
    Tones(LegId, Digits),
    /// Tell a leg how many callers are served before it: 1 is next.
    Announce(LegId, usize),
    /// Start to record a call.
    Record(CallId),
    /// Pause or resume a call's recording.
    Pause(CallId, bool),
    /// Keep a note with a leg.
    Note(LegId, Box<Note>),
    /// Nobody is left in a call: free what the medium has of it.
    Forget(CallId),
}

/// A call to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// The id of the leg to be made.
    pub leg: LegId,
    /// Whom: never a queue.
    pub target: Target,
    /// Who calls.
    pub caller: PartyKind,
    /// A leg of the same call that is up.
    pub originator: Option<LegId>,
    /// Whether the phone is called so that it can dial itself: it is to be taken off the hook.
    pub to_dial: bool,
    /// Whether the phone is to answer by itself.
    pub hands_free: bool,
    /// What to keep with the leg from the beginning, where the medium keeps notes.
    pub note: Option<Note>,
}

/// Something that happened in the medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaEvent {
    /// Somebody called.
    Incoming {
        /// The new leg. The call has the same id.
        leg: LegId,
        /// Who.
        caller: Party,
        /// What was dialed.
        dialled: Number,
        /// Where to.
        to: Target,
        /// The call's data.
        data: Data,
        /// Whether the leg is up already.
        up: bool,
    },
    /// A phone dialed by itself.
    HandDialed {
        /// The new leg. The call has the same id.
        leg: LegId,
        /// Whose phone.
        device: DeviceId,
        /// What was dialed.
        to: Number,
        /// Whether the leg is up already.
        up: bool,
    },
    /// A leg that was called rings.
    Ringing(LegId),
    /// A leg that was called was answered.
    Answered(LegId),
    /// A leg is gone.
    Left {
        /// Which.
        leg: LegId,
        /// Why, as of a party that was called. `None`: unknown.
        cause: Option<Cause>,
    },
    /// A phone put its call on hold by its own key.
    Held(LegId),
    /// A phone resumed its call by its own key.
    Retrieved(LegId),
}

/// What the engine has to say.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// For the medium.
    Effect {
        /// To be named when it is done.
        id: EffectId,
        /// What.
        effect: Effect,
    },
    /// For the hub.
    Event(SwitchEvent),
    /// For the hub.
    Answer {
        /// Which request.
        request: RequestId,
        /// The answer.
        answer: SwitchAnswer,
    },
    /// The hub asks for everything: answer by [`crate::Engine::tell_link_up`].
    Picture,
    /// Something failed: report which legs exist by [`crate::Engine::seen`].
    Look,
}
