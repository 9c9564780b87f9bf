//! Incoming legs: callers of a queue or a phone, and phones that dial by hand.

use model::{CallId, Cause, Data, DeviceId, Number, Party, PartyKind, SwitchEvent};

use crate::{
    Engine, Numbering, Target,
    call::{Call, Member, State},
    effect::Effect,
    leg::{Leg, LegId, Phase},
};

impl<N: Numbering> Engine<N> {
    /// Handles a call to a queue, a phone or an outside number.
    pub(crate) fn incoming(
        &mut self,
        leg: LegId,
        caller: Party,
        dialled: Number,
        to: Target,
        data: Data,
        up: bool,
    ) {
        let Some(call) = self.enter(&leg, caller, dialled, data, up) else { return self.clear_unknown(leg) };
        match to {
            Target::Queue(queue) => {
                self.answer_leg(&leg);
                self.wait_in(&call, &leg, queue);
            }
            Target::Device(_) | Target::Outside(_) => self.lead_or_end(&call, &leg, to),
        }
    }

    /// Handles a phone that dialed by hand. A phone that dials its own number gets busy, as with a request of a desk.
    pub(crate) fn hand_dialed(&mut self, leg: LegId, device: DeviceId, to: Number, up: bool) {
        let party = Party::new(PartyKind::Device(device.clone()));
        let Some(call) = self.enter(&leg, party, to.clone(), Data::new(), up) else {
            return self.clear_unknown(leg);
        };
        self.answer_leg(&leg);
        let target = self.numbering.target(&to);
        let is_own = target == Target::Device(device.clone());
        let Some(found) = self.calls.get_mut(&call) else { return };
        found.reported = true;
        let (lane, to) = (found.lane, target.party(&to));
        let event =
            SwitchEvent::Originated { call: call.clone(), device, to, linked: None, data: Data::new() };
        self.report(lane, event, None);
        if is_own {
            return self.clear(&call, &leg, Cause::Busy);
        }
        self.lead_or_end(&call, &leg, target);
    }

    /// Creates a call with one leg, the caller. `None` when the ID of the leg cannot be a call ID, or when there are
    /// too many calls.
    fn enter(&mut self, leg: &LegId, caller: Party, dialled: Number, data: Data, up: bool) -> Option<CallId> {
        let id = CallId::new(leg).ok().filter(|_| self.calls.len() < self.settings.calls_max)?;
        let lane = self.number();
        let mut kept = Leg::new(caller.clone(), if up { Phase::Up } else { Phase::Ringing }, lane);
        kept.calls.push(id.clone());
        self.add_leg(leg.clone(), kept);
        let mut call = Call::new(caller.clone(), dialled, lane);
        call.data = data;
        call.members.push(Member::new(leg.clone(), caller, State::Initiated));
        self.calls.insert(id.clone(), call);
        Some(id)
    }

    fn lead_or_end(&mut self, call: &CallId, from: &LegId, target: Target) {
        if self.lead(call, from, target).is_err() {
            self.clear(call, from, Cause::Failed);
        }
    }

    /// Hangs up a leg that is not in any call.
    pub fn clear_unknown(&mut self, id: LegId) {
        let lane = self.number();
        self.perform(lane, Effect::Clear(id.clone(), Cause::Failed), None);
        self.note_leaving(id);
    }
}
