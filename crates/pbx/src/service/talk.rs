//! AnswerCall, ClearConnection, HoldCall, RetrieveCall and AlternateCall.

use model::{CallId, DeviceId, RequestId, SwitchEvent};

use crate::{
    Answering, Engine, Error, Numbering, Target,
    call::State,
    leg::{LegId, Phase},
};

impl<N: Numbering> Engine<N> {
    /// Answers a ringing call from the desk.
    pub(super) fn answer_call(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), Error> {
        if self.is_done(request, call, device, State::Connected) {
            return Ok(());
        }
        let leg = self.expect(call, device, "ringing", |state| state == State::Alerting)?;
        let is_at_desk = self.legs.get(&leg).is_some_and(|known| known.phase == Phase::Absent);
        match self.settings.answering {
            Answering::FromDesk if is_at_desk => {
                self.dial(&leg, Target::Device(device.clone()), false, Some(request));
                self.done_then(call, request, None);
            }
            Answering::Remote => {
                self.check_free(device)?;
                self.answer_leg(&leg);
                self.done_then(call, request, None);
                self.pick_up(call, &leg);
            }
            Answering::AtPhone | Answering::FromDesk => return Err(Error::ByHandOnly(device.clone())),
        }
        Ok(())
    }

    /// Handles a phone that hangs up, rejects, or stops dialing.
    pub(super) fn clear_connection(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), Error> {
        let leg = self.leavable(call, device)?;
        self.done_now(request, None);
        self.hang_up(call, &leg);
        Ok(())
    }

    /// Answers a request whose result already holds. Returns whether it does.
    pub(super) fn is_done(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
        wanted: State,
    ) -> bool {
        let holds = self.state_at(call, device) == Some(wanted);
        if holds {
            self.done_now(request, None);
        }
        holds
    }

    /// The leg of a phone in a call that the hub knows.
    pub(crate) fn leavable(&self, call: &CallId, device: &DeviceId) -> Result<LegId, Error> {
        self.expect(call, device, "ringing, dialing or in the call", |state| state != State::Reaching)
    }

    pub(super) fn hold(&mut self, request: RequestId, call: &CallId, device: &DeviceId) -> Result<(), Error> {
        if self.is_done(request, call, device, State::Held) {
            return Ok(());
        }
        let leg = self.expect(call, device, "talking", |state| state == State::Connected)?;
        self.move_to(call, &leg, State::Held, request);
        self.done_then(call, request, None);
        self.report_moved(call, device, State::Held, request);
        Ok(())
    }

    pub(super) fn retrieve(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), Error> {
        if self.is_done(request, call, device, State::Connected) {
            return Ok(());
        }
        let leg = self.expect(call, device, "on hold", |state| state == State::Held)?;
        self.check_free(device)?;
        self.move_to(call, &leg, State::Connected, request);
        self.done_then(call, request, None);
        self.report_moved(call, device, State::Connected, request);
        Ok(())
    }

    /// Switches between the active call and a held call of a phone.
    pub(super) fn alternate(
        &mut self,
        request: RequestId,
        device: &DeviceId,
        active: &CallId,
        held: &CallId,
    ) -> Result<(), Error> {
        let talks = self.expect(active, device, "talking", |state| state == State::Connected)?;
        let waits = self.expect(held, device, "on hold", |state| state == State::Held)?;
        self.share_lane(active, held);
        self.set_state(active, &talks, State::Held);
        self.move_to(held, &waits, State::Connected, request);
        self.settle(active, Some(request));
        self.done_then(held, request, None);
        self.report_moved(active, device, State::Held, request);
        self.report_moved(held, device, State::Connected, request);
        Ok(())
    }

    /// Joins the lanes of two calls of one phone, because they now change together.
    pub(super) fn share_lane(&mut self, one: &CallId, other: &CallId) {
        let lanes = self.calls.get(one).zip(self.calls.get(other)).map(|(a, b)| (a.lane, b.lane));
        if let Some((one, other)) = lanes {
            self.join_lanes(other, one);
        }
    }

    fn move_to(&mut self, call: &CallId, leg: &LegId, to: State, request: RequestId) {
        self.set_state(call, leg, to);
        self.settle(call, Some(request));
    }

    pub(super) fn report_moved(&mut self, call: &CallId, device: &DeviceId, to: State, request: RequestId) {
        let (id, device) = (call.clone(), device.clone());
        let event = if to == State::Held {
            SwitchEvent::Held { call: id, device }
        } else {
            SwitchEvent::Retrieved { call: id, device }
        };
        self.report_of(call, event, request);
    }
}
