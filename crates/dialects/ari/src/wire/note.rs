//! What we write on a channel, so that a hub that knows nothing understands it: a channel variable of our own.

use model::{CallId, Data, Number, Party, QueueId};
use serde::{Deserialize, Serialize};

use super::limits::NOTE_DATA_BYTES_MAX;

/// The variable.
pub const VARIABLE: &str = "CORDBOARD";

/// Who is at a channel, and which calls it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who is there.
    pub party: Party,
    /// The calls.
    pub calls: Vec<Place>,
}

/// A channel's place in a call, and what is to be known of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which.
    pub call: CallId,
    /// How the channel is in it.
    pub state: State,
    /// The queue out of which it rings here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<QueueId>,
    /// Who called.
    pub caller: Party,
    /// What was dialled.
    pub dialled: Number,
    /// The queue that the call waits in or came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The call out of which it grew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<CallId>,
    /// Somebody picked up once.
    #[serde(default)]
    pub answered: bool,
    /// Its data, where that is short enough.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

/// How a party is in a call.
///
/// ```text
/// reaching ─► alerting ─┐
///                       ├─► connected ◄─► held
/// initiated ◄─► queued ─┘
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Has been called; it does not ring yet, and nobody has been told.
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

impl Note {
    /// Reads a note; what is none is nothing.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Writes it.
    pub fn print(&self) -> String {
        // Names, numbers and texts always have a form in JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Data as a note keeps it.
pub fn brief(data: &Data) -> Data {
    let bytes: usize = data.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes <= NOTE_DATA_BYTES_MAX { data.clone() } else { Data::new() }
}
