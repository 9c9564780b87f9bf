//! The people at the other end of legs: how long each waits, rings and talks.

use pbx::{Engine, LegId, Member, State, Target};

use crate::{clock::AlarmKey, numbers::Numbers, outside::Reply};

/// How many tones are kept for each party: the last ones. Characters. Our choice.
const HEARD_MAX: usize = 256;

/// What a party does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Habits {
    /// How long it waits for an answer. Milliseconds.
    pub(crate) patience_ms: Option<u64>,
    /// What it does when it is called. A phone waits for a hand or a request.
    pub(crate) reply: Option<Reply>,
    /// How long it talks. Milliseconds.
    pub(crate) talk_ms: Option<u64>,
    /// After how long any phone at which its call rings answers by itself. Milliseconds.
    pub(crate) answer_after_ms: Option<u64>,
}

/// A party at a leg.
#[derive(Debug, Default)]
pub(crate) struct Person {
    pub(crate) habits: Habits,
    /// What it is doing; nothing before the engine has placed it.
    pub(crate) doing: Option<State>,
    /// The tones that it heard.
    pub(crate) heard: String,
    /// When it acts by itself.
    pub(crate) alarm: Option<AlarmKey>,
}

impl Person {
    pub(crate) fn new(habits: Habits) -> Self {
        Self { habits, ..Self::default() }
    }

    /// Hears tones. Only the last ones are kept.
    pub(crate) fn hear(&mut self, digits: &str) {
        self.heard.push_str(digits);
        // Tones are ASCII, so every index is a boundary.
        let surplus = self.heard.len().saturating_sub(HEARD_MAX);
        self.heard.drain(..surplus);
    }
}

/// What somebody who is called at a target does.
pub(crate) fn habits_of(numbers: &Numbers, target: &Target) -> Habits {
    match target {
        Target::Outside(number) => {
            let behaviour = numbers.outside.behaviour(number);
            Habits { reply: Some(behaviour.reply), talk_ms: behaviour.talk_ms, ..Habits::default() }
        }
        Target::Device(_) | Target::Queue(_) => Habits::default(),
    }
}

/// What the party at a leg is doing: the call that it has in hand counts, before one that rings or is on hold.
pub(crate) fn doing(engine: &Engine<Numbers>, leg: &LegId) -> Option<State> {
    let states = || engine.places_of(leg).map(|(_, _, member): (_, _, &Member)| member.state);
    let in_hand = states().find(|state| state.is_engaged());
    in_hand.or_else(|| states().find(|state| state.is_called())).or_else(|| states().next())
}
