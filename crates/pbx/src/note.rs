//! Notes: data that the medium stores with a leg, so that a restarted engine can adopt the leg's calls.

use model::{CallId, Data, Number, Party, QueueId};
use serde::{Deserialize, Serialize};

use crate::call::State;

/// The party of a leg, and its calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The party.
    pub party: Party,
    /// The calls.
    pub calls: Vec<NotePlace>,
}

/// A leg's place in a call, and the data of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotePlace {
    /// The call.
    pub call: CallId,
    /// The state of the leg.
    pub state: State,
    /// The queue that offered the call to this leg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<QueueId>,
    /// The caller.
    pub caller: Party,
    /// The dialed number.
    pub dialled: Number,
    /// The queue that the call waits in or came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// For a consultation: the call that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<CallId>,
    /// Whether any party has answered.
    #[serde(default)]
    pub answered: bool,
    /// The call data, if it is short enough.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

impl Note {
    /// Parses a note; `None` if the text is not a note.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The note as JSON text.
    pub fn print(&self) -> String {
        // The fields can always be represented in JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The data to store in a note: everything, or nothing when it exceeds `bytes_max`.
pub(crate) fn brief(data: &Data, bytes_max: usize) -> Data {
    let bytes: usize = data.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes <= bytes_max { data.clone() } else { Data::new() }
}
