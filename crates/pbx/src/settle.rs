//! The place of each leg: derived from its calls, and reached by effects.

use model::{CallId, RequestId};

use crate::{
    Engine, Numbering,
    call::{Call, Member, State},
    effect::{Effect, Place},
    leg::{Leg, LegId, Phase},
    note::{self, Note, NotePlace},
};

impl<N: Numbering> Engine<N> {
    /// Moves every leg of a call to its place, and updates the notes. Drops a call without members.
    pub(crate) fn settle(&mut self, call: &CallId, request: Option<RequestId>) {
        let Some(found) = self.calls.get(call) else { return };
        let legs: Vec<LegId> = found.members.iter().map(|member| member.leg.clone()).collect();
        for leg in &legs {
            self.settle_leg(leg, request);
        }
        if legs.is_empty() {
            self.forget_call(call);
        }
    }

    /// Moves a leg to its place.
    pub(crate) fn settle_leg(&mut self, id: &LegId, request: Option<RequestId>) {
        let Some(leg) = self.legs.get(id) else { return };
        let (wanted, muted) = (self.place(id, leg), self.is_muted(id));
        let Some(leg) = self.legs.get_mut(id) else { return };
        let lane = leg.lane;
        let was_muted = std::mem::replace(&mut leg.muted, muted);
        let from = std::mem::replace(&mut leg.place, wanted.clone());
        if wanted != from {
            self.perform(lane, Effect::Move { leg: id.clone(), from, to: wanted }, request);
        }
        if was_muted != muted {
            self.perform(lane, Effect::Mute(id.clone(), muted), request);
        }
        self.write_note(id);
    }

    /// The place of a leg.
    fn place(&self, id: &LegId, leg: &Leg) -> Place {
        let active = self.places_of(id).find(|(_, _, member)| member.state.is_engaged());
        let Some((call_id, call, member)) = active else { return Place::Alone };
        let waiting = || match &call.queue {
            Some(queue) if leg.is_up() => Place::Queue(queue.clone()),
            None if leg.is_up() => Place::Hold,
            Some(_) | None => Place::Ringback,
        };
        match member.state {
            State::Queued => waiting(),
            State::Initiated if leg.device().is_some() && leg.is_up() => Place::Ringback,
            // A phone that is called so that it can dial.
            State::Initiated if leg.device().is_some() => Place::Alone,
            State::Initiated => waiting(),
            State::Connected if call.others(id).any(|other| other.state == State::Connected) => {
                Place::Call(call_id.clone())
            }
            State::Connected => Place::Hold,
            State::Reaching | State::Alerting | State::Held => Place::Alone,
        }
    }

    fn is_muted(&self, id: &LegId) -> bool {
        self.places_of(id).any(|(_, _, member)| member.state.is_engaged() && member.muted)
    }

    /// Stores the note of a leg, if it changed.
    fn write_note(&mut self, id: &LegId) {
        if !self.settings.notes {
            return;
        }
        let Some(leg) = self.legs.get(id).filter(|leg| leg.phase != Phase::Absent) else { return };
        let (lane, note) = (leg.lane, self.note(id, leg));
        let Some(leg) = self.legs.get_mut(id).filter(|leg| leg.note.as_ref() != Some(&note)) else { return };
        leg.note = Some(note.clone());
        self.perform(lane, Effect::Note(id.clone(), Box::new(note)), None);
    }

    /// The note of a leg.
    pub(crate) fn note(&self, id: &LegId, leg: &Leg) -> Note {
        let bytes_max = self.settings.note_data_bytes_max;
        let place = |(call_id, call, member): (&CallId, &Call, &Member)| NotePlace {
            call: call_id.clone(),
            // The note does not need to say whether the call is being offered.
            state: if member.state.waits() && call.queue.is_some() { State::Queued } else { member.state },
            through: member.through.clone(),
            caller: call.caller.clone(),
            dialled: call.dialled.clone(),
            queue: call.queue.clone(),
            linked: call.linked.clone(),
            answered: call.answered,
            data: note::brief(&call.data, bytes_max),
        };
        Note { party: leg.party.clone(), calls: self.places_of(id).map(place).collect() }
    }

    /// Removes a call that has no members.
    pub(crate) fn forget_call(&mut self, call: &CallId) {
        if let Some(gone) = self.calls.remove(call) {
            self.perform(gone.lane, Effect::Forget(call.clone()), None);
        }
    }
}
