//! What Asterisk has, as far as it has been read.

use std::collections::{BTreeMap, VecDeque};

use http::StatusCode;
use model::CallId;
use pbx::{LegId, MediumLeg, Note, Picture, Place, Recording};

use super::places::place_in;
use crate::wire::{
    self, Bridge, Event,
    event::{LiveRecording, Variable},
};

/// A question of the whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    Filter,
    Channels,
    Bridges,
    Note(LegId),
    Recording(CallId),
    /// Only which channels there are.
    Quick,
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) channels: Option<Vec<wire::Channel>>,
    pub(super) bridges: Option<Vec<Bridge>>,
    notes: BTreeMap<LegId, Note>,
    recordings: BTreeMap<CallId, Recording>,
    /// What is still to be asked, and how many questions are open.
    pub(super) questions: VecDeque<Question>,
    pub(super) open: usize,
    /// What happened meanwhile.
    pub(super) events: Vec<Event>,
}

impl Reading {
    pub(super) fn held(&self) -> usize {
        self.events.len() + self.notes.len() + self.questions.len()
    }

    /// All of it, as the call engine needs it.
    pub(super) fn picture(&mut self) -> Picture {
        let bridges = self.bridges.as_deref().unwrap_or_default();
        let mut notes = std::mem::take(&mut self.notes);
        let seen = |channel: &wire::Channel| {
            let at = bridges.iter().find(|bridge| bridge.channels.contains(&channel.id));
            let place = at.map_or(Place::Alone, |bridge| place_in(&bridge.id));
            (channel.id.clone(), MediumLeg { up: channel.is_up(), place, note: notes.remove(&channel.id) })
        };
        let legs = self.channels.iter().flatten().map(seen).collect();
        Picture { legs, recordings: std::mem::take(&mut self.recordings) }
    }

    /// Takes an answer into the picture; says whether it was one.
    pub(super) fn take(&mut self, question: &Question, status: StatusCode, body: &[u8]) -> bool {
        match question {
            Question::Filter => status.is_success(),
            Question::Channels => {
                self.channels = read(status, body);
                self.channels.is_some()
            }
            Question::Bridges => {
                self.bridges = read(status, body);
                self.bridges.is_some()
            }
            // Nothing is written there, or the channel has gone meanwhile; or Asterisk can't say.
            Question::Note(channel) => {
                let note = read::<Variable>(status, body).and_then(|variable| Note::parse(&variable.value));
                self.notes.extend(note.map(|note| (channel.clone(), note)));
                !status.is_server_error()
            }
            Question::Recording(call) => {
                let recording = read::<LiveRecording>(status, body).and_then(|live| recording(&live.state));
                self.recordings.extend(recording.map(|recording| (call.clone(), recording)));
                !status.is_server_error()
            }
            Question::Quick => false,
        }
    }
}

fn recording(state: &str) -> Option<Recording> {
    match state {
        "queued" | "recording" => Some(Recording::On),
        "paused" => Some(Recording::Paused),
        _ => None,
    }
}

/// What an answer says; `None` if it is an error or something else.
pub(super) fn read<T: serde::de::DeserializeOwned>(status: StatusCode, body: &[u8]) -> Option<T> {
    status.is_success().then(|| serde_json::from_slice(body).ok()).flatten()
}
