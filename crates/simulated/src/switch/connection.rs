//! One party's place in one call.

use std::fmt;

use model::{Party, QueueId, switch::ConnectionState};
use serde::Serialize;

use crate::{clock::AlarmKey, outside::Reply};

/// How many heard tones are kept for each party: the last ones. Characters. Ours.
const HEARD_MAX: usize = 256;

/// How a party is connected.
///
/// ```text
/// reaching ─► alerting ─┐
///                       ├─► connected ◄─► held
/// initiated ◄─► queued ─┘
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Has been dialled; it does not ring yet, and nobody has been told.
    Reaching,
    /// Dials, or hears it ring.
    Initiated,
    /// Is rung.
    Alerting,
    /// Talks or listens.
    Connected,
    /// Parked the call.
    Held,
    /// Waits in a queue.
    Queued,
}

impl State {
    /// How the hub is told; nothing when it has not been told.
    pub(crate) fn told(self) -> Option<ConnectionState> {
        match self {
            Self::Reaching => None,
            Self::Initiated => Some(ConnectionState::Initiated),
            Self::Alerting => Some(ConnectionState::Alerting),
            Self::Connected => Some(ConnectionState::Connected),
            Self::Held => Some(ConnectionState::Held),
            Self::Queued => Some(ConnectionState::Queued),
        }
    }

    /// Whether it keeps a phone from taking another call.
    pub(crate) fn is_engaged(self) -> bool {
        match self {
            Self::Initiated | Self::Connected | Self::Queued => true,
            Self::Reaching | Self::Alerting | Self::Held => false,
        }
    }

    /// Whether the party waits for somebody to answer.
    pub(crate) fn waits(self) -> bool {
        matches!(self, Self::Initiated | Self::Queued)
    }

    /// Whether the party is being called.
    pub(crate) fn is_called(self) -> bool {
        matches!(self, Self::Reaching | Self::Alerting)
    }

    /// Whether the party has talked.
    pub(crate) fn has_talked(self) -> bool {
        matches!(self, Self::Connected | Self::Held)
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Reaching => "being dialled",
            Self::Initiated => "dialling",
            Self::Alerting => "ringing",
            Self::Connected => "talking",
            Self::Held => "on hold",
            Self::Queued => "waiting in a queue",
        })
    }
}

/// Whether a party's side of a call is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recording {
    /// It is not.
    #[default]
    Off,
    /// It is.
    On,
    /// It is, and is paused.
    Paused,
}

impl Recording {
    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On => "on",
            Self::Paused => "paused",
        }
    }
}

/// What a party does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Habits {
    /// How long it waits to be answered. Milliseconds.
    pub(crate) patience_ms: Option<u64>,
    /// What it does when it is dialled; a phone waits to be told.
    pub(crate) reply: Option<Reply>,
    /// How long it talks. Milliseconds.
    pub(crate) talk_ms: Option<u64>,
}

/// One party's place in one call.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) party: Party,
    pub(crate) state: State,
    pub(crate) habits: Habits,
    /// The queue out of which the call rings here, and to which it goes back when it is refused.
    pub(crate) through: Option<QueueId>,
    pub(crate) muted: bool,
    pub(crate) recording: Recording,
    /// Tones that the others sent.
    pub(crate) heard: String,
    /// When the party will do something by itself.
    pub(crate) alarm: Option<AlarmKey>,
}

impl Connection {
    pub(crate) fn new(party: Party, state: State, habits: Habits) -> Self {
        let (muted, recording, heard, alarm) = (false, Recording::Off, String::new(), None);
        Self { party, state, habits, through: None, muted, recording, heard, alarm }
    }

    /// Takes in tones; the oldest are forgotten when there are too many.
    pub(crate) fn hear(&mut self, digits: &str) {
        self.heard.push_str(digits);
        // Tones are ASCII, so every index is a boundary.
        let surplus = self.heard.len().saturating_sub(HEARD_MAX);
        self.heard.drain(..surplus);
    }
}
