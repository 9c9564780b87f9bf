//! Actions with a phone's own keys: hold and resume.

use model::{CallId, SwitchEvent};

use crate::{Engine, Numbering, call::State, leg::LegId};

impl<N: Numbering> Engine<N> {
    /// Handles a phone that put its active call on hold.
    pub(crate) fn held_by_hand(&mut self, id: &LegId) {
        let talking = self.places_of(id).find(|(_, _, member)| member.state == State::Connected);
        if let Some(call) = talking.map(|(call, _, _)| call.clone()) {
            self.move_by_hand(&call, id, State::Held);
        }
    }

    /// Handles a phone that resumed its held call, if it is connected in no other call.
    pub(crate) fn retrieved_by_hand(&mut self, id: &LegId) {
        if self.places_of(id).any(|(_, _, member)| member.state.is_engaged()) {
            return;
        }
        let held = self.places_of(id).find(|(_, _, member)| member.state == State::Held);
        if let Some(call) = held.map(|(call, _, _)| call.clone()) {
            self.move_by_hand(&call, id, State::Connected);
        }
    }

    fn move_by_hand(&mut self, call: &CallId, id: &LegId, to: State) {
        self.set_state(call, id, to);
        self.settle(call, None);
        let device = self.legs.get(id).and_then(|leg| leg.device().cloned());
        let lane = self.calls.get(call).map(|found| found.lane);
        let Some((device, lane)) = device.zip(lane) else { return };
        let call = call.clone();
        let event = match to {
            State::Held => SwitchEvent::Held { call, device },
            State::Reaching | State::Initiated | State::Alerting | State::Connected | State::Queued => {
                SwitchEvent::Retrieved { call, device }
            }
        };
        self.report(lane, event, None);
    }
}
