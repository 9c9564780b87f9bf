//! The state that was read from Asterisk so far.

use std::collections::{BTreeMap, VecDeque};

use http::StatusCode;
use model::CallId;
use pbx::{LegId, MediumLeg, Note, Picture, Place, Recording};

use super::places::place_in;
use crate::wire::{
    self, Bridge, Event,
    event::{LiveRecording, Variable},
};

/// A query for a part of Asterisk's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StateQuery {
    Filter,
    Channels,
    Bridges,
    Note(LegId),
    Recording(CallId),
    /// The channels, to find those that are gone.
    Quick,
}

/// The state that was read so far.
#[derive(Debug, Default)]
pub(super) struct StateReading {
    pub(super) channels: Option<Vec<wire::Channel>>,
    pub(super) bridges: Option<Vec<Bridge>>,
    notes: BTreeMap<LegId, Note>,
    recordings: BTreeMap<CallId, Recording>,
    /// The queries that are left, and the number of open ones.
    pub(super) state_queries: VecDeque<StateQuery>,
    pub(super) open: usize,
    /// Events that came in the meantime.
    pub(super) events: Vec<Event>,
}

impl StateReading {
    pub(super) fn held(&self) -> usize {
        self.events.len() + self.notes.len() + self.state_queries.len()
    }

    /// The complete state for the call engine.
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

    /// Takes a response. Returns whether it was valid.
    pub(super) fn take(&mut self, state_query: &StateQuery, status: StatusCode, body: &[u8]) -> bool {
        match state_query {
            StateQuery::Filter => status.is_success(),
            StateQuery::Channels => {
                self.channels = read(status, body);
                self.channels.is_some()
            }
            StateQuery::Bridges => {
                self.bridges = read(status, body);
                self.bridges.is_some()
            }
            // The note may be missing, the channel may be gone, or Asterisk cannot report it.
            StateQuery::Note(channel) => {
                let note = read::<Variable>(status, body).and_then(|variable| Note::parse(&variable.value));
                self.notes.extend(note.map(|note| (channel.clone(), note)));
                !status.is_server_error()
            }
            StateQuery::Recording(call) => {
                let recording = read::<LiveRecording>(status, body).and_then(|live| recording(&live.state));
                self.recordings.extend(recording.map(|recording| (call.clone(), recording)));
                !status.is_server_error()
            }
            StateQuery::Quick => false,
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

/// Parses a response; `None` if it is an error or invalid.
pub(super) fn read<T: serde::de::DeserializeOwned>(status: StatusCode, body: &[u8]) -> Option<T> {
    status.is_success().then(|| serde_json::from_slice(body).ok()).flatten()
}
