//! Effects that the medium failed to carry out.

use model::Cause;

use crate::{Engine, Numbering, call::Recording, effect::Effect, lane::Running};

impl<N: Numbering> Engine<N> {
    /// Handles a failed effect: its request is refused, and the engine queries the medium's legs.
    pub(crate) fn failed(&mut self, running: Running, why: &str) {
        if let Effect::Dial(dial) = &running.effect {
            return self.gone(&dial.leg, None);
        }
        if let Some(request) = running.request {
            let dropped = self.lanes.get_mut(&running.lane).map(|lane| lane.forget(request));
            dropped.iter().flatten().for_each(|effect| self.take_back_effect(effect));
            self.refuse(request, Cause::Failed, why);
        }
        self.take_back_effect(&running.effect);
        self.doubt = true;
    }

    /// Reverts the engine's record of an effect. After the medium has reported its legs, everything is moved to its
    /// place again.
    fn take_back_effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Move { leg, from, to } => {
                if let Some(leg) = self.legs.get_mut(leg).filter(|leg| leg.place == *to) {
                    leg.place = from.clone();
                }
            }
            Effect::Mute(leg, on) => {
                if let Some(leg) = self.legs.get_mut(leg) {
                    leg.muted = !on;
                }
            }
            Effect::Note(leg, _) => {
                if let Some(leg) = self.legs.get_mut(leg) {
                    leg.note = None;
                }
            }
            Effect::Record(call) => self.set_recording(call, Recording::Off),
            Effect::Pause(call, true) => self.set_recording(call, Recording::On),
            Effect::Pause(call, false) => self.set_recording(call, Recording::Paused),
            Effect::Clear(leg, cause) => {
                self.uncleared.insert(leg.clone(), *cause);
            }
            Effect::Dial(_)
            | Effect::Answer(_)
            | Effect::Tones(..)
            | Effect::Announce(..)
            | Effect::Forget(_) => {}
        }
    }

    fn set_recording(&mut self, call: &model::CallId, recording: Recording) {
        if let Some(found) = self.calls.get_mut(call) {
            found.recording = recording;
        }
    }
}
