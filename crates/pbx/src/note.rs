//! Notes: what the medium keeps with a leg, so that an engine that was restarted can adopt the leg's calls.

use model::{CallId, Data, Number, Party, QueueId};
use serde::{Deserialize, Serialize};

use crate::call::State;

/// Who is at a leg, and which calls it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who is there.
    pub party: Party,
    /// The calls.
    pub calls: Vec<NotePlace>,
}

/// A leg's place in a call, and what has to be known of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotePlace {
    /// Which call.
    pub call: CallId,
    /// How the leg is connected to it.
    pub state: State,
    /// The queue that offered the call here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<QueueId>,
    /// Who called.
    pub caller: Party,
    /// What was dialed.
    pub dialled: Number,
    /// The queue that the call waits in or came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The call that it was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<CallId>,
    /// Whether somebody has answered.
    #[serde(default)]
    pub answered: bool,
    /// The call's data, where it is short enough.
    #[serde(default, skip_serializing_if = "Data::is_empty")]
    pub data: Data,
}

impl Note {
    /// Reads a note; `None` if the text is not one.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The note as text (JSON).
    pub fn print(&self) -> String {
        // Names, numbers and texts always have a form in JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The data that a note keeps: all of it, or nothing when it has more than `bytes_max`.
pub(crate) fn brief(data: &Data, bytes_max: usize) -> Data {
    let bytes: usize = data.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes <= bytes_max { data.clone() } else { Data::new() }
}
