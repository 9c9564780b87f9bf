//! Recordings that the switch starts.

use compact_str::CompactString;
use model::{CallId, DetailEvent, Event, InteractionId, Recording, SwitchId};

use crate::turn::Turn;

/// The most recordings that one interaction can list. Our choice.
const RECORDINGS_MAX: usize = 64;

/// Adds the recording to all interactions in the call.
pub(super) fn started(turn: &mut Turn, switch: &SwitchId, call: &CallId, name: &CompactString) {
    let recording = Recording { name: name.clone(), at: turn.now };
    for (id, _) in turn.state().legs_of(switch, call) {
        add(turn, id, &recording);
    }
}

/// Adds a recording to an interaction, once.
pub(super) fn add(turn: &mut Turn, id: InteractionId, recording: &Recording) {
    let Some(interaction) = turn.state().interaction(id) else { return };
    let named = &interaction.recordings;
    if named.len() < RECORDINGS_MAX && named.iter().all(|one| one.name != recording.name) {
        let (agent, recording) = (interaction.agent.clone(), recording.clone());
        turn.emit(Event::Detail(DetailEvent::RecordingStarted { agent, interaction: id, recording }));
    }
}
