//! Reconciliation: the medium reports what it has, after a reconnect or because something failed.

use std::collections::{BTreeMap, BTreeSet};

use model::{CallId, Cause};

use crate::{
    Engine, Numbering,
    call::{Call, Member, Recording, State},
    effect::{Effect, Place},
    lane::LaneId,
    leg::{Leg, LegId, Phase},
    note::Note,
};

/// The complete state of the medium.
#[derive(Debug, Default)]
pub struct Picture {
    /// The legs.
    pub legs: BTreeMap<LegId, MediumLeg>,
    /// How calls are recorded, where known.
    pub recordings: BTreeMap<CallId, Recording>,
}

/// A leg that exists in the medium.
#[derive(Debug)]
pub struct MediumLeg {
    /// Whether it was answered.
    pub up: bool,
    /// Where the leg is.
    pub place: Place,
    /// The note stored with the leg, for legs that the engine does not know.
    pub note: Option<Note>,
}

impl<N: Numbering> Engine<N> {
    /// Brings calls and legs in line with the medium: drops legs that are gone and adopts unknown legs by their notes.
    ///
    /// Nothing is reported. Afterwards report the complete state to the hub with [`Engine::report_link_up`], call
    /// [`Engine::tidy`], and then report what happened to the legs meanwhile.
    pub fn adopt(&mut self, now: model::Timestamp, picture: &Picture) {
        self.now = self.now.max(now);
        (self.doubt, self.looking, self.seen_at) = (false, None, self.now);
        self.leaving.retain(|id| picture.legs.contains_key(id));
        self.drop_absent(picture);
        for (id, seen) in &picture.legs {
            let is_unknown = !self.legs.contains_key(id) && !self.is_leaving(id);
            if let Some(note) = seen.note.as_ref().filter(|_| is_unknown) {
                self.take_over(id, seen.up, note);
            }
            if let Some(leg) = self.legs.get_mut(id) {
                leg.place = seen.place.clone();
                // The note is written again.
                leg.note = None;
            }
        }
        self.correct_recordings(&picture.recordings);
        self.correct_states();
    }

    /// Ends calls whose members have no reason to stay, and moves every other leg to its place.
    pub fn tidy(&mut self) {
        for call in self.calls.keys().cloned().collect::<Vec<_>>() {
            self.shrink(&call, Cause::Lost);
        }
        let idle = self.legs.iter().filter(|(_, leg)| leg.calls.is_empty());
        for id in idle.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.release(&id, Cause::Lost);
        }
        self.run_lanes();
    }

    /// Handles the answer to [`crate::Output::Look`]: legs that no longer exist are gone, whatever was reported about
    /// them. The others are moved to their places.
    pub fn seen(&mut self, now: model::Timestamp, present: &BTreeSet<LegId>) {
        self.now = self.now.max(now);
        let Some(known) = self.looking.take() else { return };
        (self.doubt, self.seen_at) = (false, self.now);
        for id in known.iter().filter(|id| !present.contains(*id)) {
            self.gone(id, None);
        }
        // Retry what failed.
        for (id, cause) in std::mem::take(&mut self.uncleared) {
            if present.contains(&id) {
                let lane = self.number();
                self.perform(lane, Effect::Clear(id, cause), None);
            }
        }
        for call in self.calls.keys().cloned().collect::<Vec<_>>() {
            self.settle(&call, None);
        }
        self.run_lanes();
    }

    fn drop_absent(&mut self, picture: &Picture) {
        let absent = self
            .legs
            .iter()
            .filter(|(id, leg)| !picture.legs.contains_key(*id) && leg.phase != Phase::Absent);
        for id in absent.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            for call in self.drop_leg(&id).map(|leg| leg.calls).unwrap_or_default() {
                if let Some(found) = self.calls.get_mut(&call) {
                    found.remove(&id);
                    found.transfer = None;
                }
            }
        }
        self.calls.retain(|_, call| !call.members.is_empty());
    }

    /// Adopts a leg by its note.
    fn take_over(&mut self, id: &LegId, up: bool, note: &Note) {
        let lane = self.lane_of_note(note);
        // A leg that was answered after its note was written is answered once the medium reports it.
        let is_answered = up && !note.calls.iter().any(|place| place.state.is_called());
        let mut leg =
            Leg::new(note.party.clone(), if is_answered { Phase::Up } else { Phase::Ringing }, lane);
        leg.calls = note.calls.iter().map(|place| place.call.clone()).collect();
        self.add_leg(id.clone(), leg);
        for place in &note.calls {
            let call = self.calls.entry(place.call.clone()).or_insert_with(|| {
                let mut call = Call::new(place.caller.clone(), place.dialled.clone(), lane);
                (call.queue, call.linked) = (place.queue.clone(), place.linked.clone());
                (call.data, call.reported) = (place.data.clone(), true);
                call
            });
            call.answered |= place.answered;
            let mut member = Member::new(id.clone(), note.party.clone(), place.state);
            member.through.clone_from(&place.through);
            call.members.push(member);
        }
    }

    /// The lane that the calls of a note share. Calls that were adopted before may have several lanes, which are
    /// joined.
    fn lane_of_note(&mut self, note: &Note) -> LaneId {
        let known = note.calls.iter().filter_map(|place| Some(self.calls.get(&place.call)?.lane));
        let lanes: BTreeSet<LaneId> = known.collect();
        let mut lanes = lanes.into_iter();
        let lane = lanes.next().unwrap_or_else(|| self.number());
        lanes.for_each(|other| self.join_lanes(other, lane));
        lane
    }

    fn correct_recordings(&mut self, recordings: &BTreeMap<CallId, Recording>) {
        for (call, recording) in recordings {
            if let Some(found) = self.calls.get_mut(call) {
                found.recording = *recording;
            }
        }
    }

    /// Corrects states from notes that are out of date: a member that waits while a phone rings is not in the queue, a
    /// member that waits while another talks was answered, and a member that waits alone is in the queue.
    fn correct_states(&mut self) {
        for call in self.calls.values_mut() {
            let is_any = |fits: fn(State) -> bool| call.members.iter().any(|member| fits(member.state));
            let (talks, rings) = (is_any(State::has_talked), is_any(State::is_called));
            let waits = if rings || call.queue.is_none() { State::Initiated } else { State::Queued };
            for member in call.members.iter_mut().filter(|member| member.state.waits()) {
                member.state = if talks { State::Connected } else { waits };
            }
        }
    }
}
