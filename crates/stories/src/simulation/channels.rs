//! The calls at Asterisk, read from the variables of its channels; and a check that its bridges match these calls.

use std::collections::BTreeMap;

use model::{CallId, Party, QueueId};
use pbx::{Note, State};
use scripted_asterisk::{Asterisk, Channel, Kind};
use serde_json::{Value, json};

use super::{Broken, asterisk::Site, world::World};

/// A call, read from the variables of its members' channels.
#[derive(Default)]
struct Written {
    queue: Option<QueueId>,
    /// The members: the party, its state and its channel.
    members: Vec<(Party, State, String)>,
}

impl World {
    /// Checks that Asterisk has no channel and no bridge of a call.
    pub(super) fn asterisk_is_empty(&self) -> Result<(), Broken> {
        let asterisk = &self.site.asterisk;
        if let Some((id, channel)) = asterisk.channels().first_key_value() {
            return Err(format!("all calls have ended, but Asterisk has the channel {id}: {channel:?}"));
        }
        match asterisk.bridges().keys().find(|id| id.starts_with("cordboard-call-")) {
            None => Ok(()),
            Some(id) => Err(format!("all calls have ended, but Asterisk has the bridge {id}")),
        }
    }

    /// Checks that each channel is in the bridge of its call, and in no other bridge.
    pub(super) fn bridges_are_right(&mut self) -> Result<(), Broken> {
        let calls = written(&self.site.asterisk);
        for (id, channel) in self.site.asterisk.channels() {
            if note(channel).is_none_or(|note| note.calls.is_empty()) {
                return Err(format!("channel {id} is in no call: {channel:?}"));
            }
            let talks = |written: &Written| {
                let mut talking = written.members.iter().filter(|(_, state, _)| *state == State::Connected);
                talking.clone().count() > 1 && talking.any(|(_, _, member)| member == id)
            };
            let wanted = calls.iter().find(|(_, written)| talks(written));
            let wanted = wanted.map(|(call, _)| format!("cordboard-call-{call}"));
            let is = self.site.asterisk.bridge_of(id).filter(|(_, bridge)| bridge.kind == Kind::Mixing);
            let is = is.map(|(bridge, _)| bridge.to_owned());
            if is != wanted {
                return Err(format!("channel {id} is in the bridge {is:?}, expected {wanted:?}"));
            }
        }
        Ok(())
    }
}

impl Site {
    /// All calls, in the format of the built-in switch's control interface.
    pub(super) fn calls(&self) -> Vec<Value> {
        let shown = |(call, written): (CallId, Written)| {
            let known = written.members.iter().filter(|(_, state, _)| *state != State::Reaching);
            let connections = known.map(|(party, state, _)| json!({ "party": party, "state": state }));
            json!({ "call": call, "queue": written.queue, "connections": connections.collect::<Vec<_>>() })
        };
        written(&self.asterisk).into_iter().map(shown).collect()
    }
}

fn written(asterisk: &Asterisk) -> BTreeMap<CallId, Written> {
    let mut calls = BTreeMap::<CallId, Written>::new();
    for (id, channel) in asterisk.channels() {
        let Some(note) = note(channel) else { continue };
        for place in note.calls {
            let call = calls.entry(place.call).or_default();
            call.queue = call.queue.take().or(place.queue);
            call.members.push((note.party.clone(), place.state, id.clone()));
        }
    }
    calls
}

fn note(channel: &Channel) -> Option<Note> {
    Note::parse(channel.variables.get("CORDBOARD")?)
}
