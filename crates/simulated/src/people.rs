//! The parties of legs: how long each waits, rings and talks.

use pbx::{Engine, LegId, Member, State, Target};

use crate::{clock::AlarmKey, numbers::Numbers, outside::Reply};

/// The most tones that are kept for each party; the last ones. Our choice.
const TONES_MAX: usize = 256;

/// What a party does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PartyBehavior {
    /// How long it waits for an answer. Milliseconds.
    pub(crate) patience_ms: Option<u64>,
    /// What it does when it is called. `None` for a phone, which waits for a user or a request.
    pub(crate) reply: Option<Reply>,
    /// How long it talks. Milliseconds.
    pub(crate) talk_ms: Option<u64>,
    /// How long its call rings until any phone answers it by itself. Milliseconds.
    pub(crate) answer_after_ms: Option<u64>,
}

/// The party of a leg.
#[derive(Debug, Default)]
pub(crate) struct SimulatedParty {
    pub(crate) behavior: PartyBehavior,
    /// What it is doing; `None` before the engine has placed it.
    pub(crate) doing: Option<State>,
    /// The tones that it received.
    pub(crate) tones: String,
    /// When it acts by itself.
    pub(crate) alarm: Option<AlarmKey>,
}

impl SimulatedParty {
    pub(crate) fn new(behavior: PartyBehavior) -> Self {
        Self { behavior, ..Self::default() }
    }

    /// Adds tones. Only the last ones are kept.
    pub(crate) fn receive(&mut self, digits: &str) {
        self.tones.push_str(digits);
        // Tones are ASCII, so every index is a character boundary.
        let surplus = self.tones.len().saturating_sub(TONES_MAX);
        self.tones.drain(..surplus);
    }
}

/// The behavior of a called party.
pub(crate) fn behavior_of(numbers: &Numbers, target: &Target) -> PartyBehavior {
    match target {
        Target::Outside(number) => {
            let behavior = numbers.outside.behavior(number);
            PartyBehavior {
                reply: Some(behavior.reply),
                talk_ms: behavior.talk_ms,
                ..PartyBehavior::default()
            }
        }
        Target::Device(_) | Target::Queue(_) => PartyBehavior::default(),
    }
}

/// What the party of a leg is doing. Its active call counts before a ringing or held one.
pub(crate) fn doing(engine: &Engine<Numbers>, leg: &LegId) -> Option<State> {
    let states = || engine.places_of(leg).map(|(_, _, member): (_, _, &Member)| member.state);
    let in_hand = states().find(|state| state.is_engaged());
    in_hand.or_else(|| states().find(|state| state.is_called())).or_else(|| states().next())
}
