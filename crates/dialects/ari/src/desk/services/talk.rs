//! AnswerCall, ClearConnection, HoldCall, RetrieveCall and AlternateCall: a phone comes into a call, parks it, takes it back, leaves.

use model::{CallId, DeviceId, RequestId, SwitchEvent};

use crate::{
    desk::{
        Desk,
        channels::{ChannelId, Phase},
    },
    wire::note::State,
};

impl Desk {
    /// The agent answers at the desk: the phone is called and answers by itself.
    pub(super) fn answer_call(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), String> {
        if self.state_at(call, device) == Some(State::Connected) {
            self.done(request, None);
            return Ok(());
        }
        let channel = self.expect(call, device, "ringing", |state| state == State::Alerting)?;
        if self.channels.get(&channel).is_none_or(|known| known.phase != Phase::AtDesk) {
            return Err(format!("phone {device} has to be picked up by hand"));
        }
        let endpoint = self.phone(device)?;
        let caller = self.calls.get(call).map(|found| found.caller.at.clone());
        if let Some(caller) = caller {
            self.originate(&channel, endpoint, &caller, Some(request));
        }
        self.done_then(call, request, None);
        Ok(())
    }

    /// A phone hangs up, refuses, or stops dialling.
    pub(super) fn clear_connection(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), String> {
        let channel = self.at(call, device)?.channel.clone();
        self.done(request, None);
        self.hang_up(call, &channel);
        Ok(())
    }

    pub(super) fn hold(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), String> {
        if self.state_at(call, device) == Some(State::Held) {
            self.done(request, None);
            return Ok(());
        }
        let channel = self.expect(call, device, "talking", |state| state == State::Connected)?;
        self.move_to(call, &channel, State::Held, request);
        self.done_then(call, request, None);
        self.tell_moved(call, device, State::Held, request);
        Ok(())
    }

    pub(super) fn retrieve(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), String> {
        if self.state_at(call, device) == Some(State::Connected) {
            self.done(request, None);
            return Ok(());
        }
        let channel = self.expect(call, device, "on hold", |state| state == State::Held)?;
        self.check_free(&channel)?;
        self.move_to(call, &channel, State::Connected, request);
        self.done_then(call, request, None);
        self.tell_moved(call, device, State::Connected, request);
        Ok(())
    }

    /// Swaps the call in which a phone talks for one that it parked.
    pub(super) fn alternate(
        &mut self,
        request: RequestId,
        device: &DeviceId,
        active: &CallId,
        held: &CallId,
    ) -> Result<(), String> {
        let talks = self.expect(active, device, "talking", |state| state == State::Connected)?;
        let parked = self.expect(held, device, "on hold", |state| state == State::Held)?;
        self.set_state(active, &talks, State::Held);
        self.move_to(held, &parked, State::Connected, request);
        self.settle(active, Some(request));
        self.done_then(held, request, None);
        self.tell_moved(active, device, State::Held, request);
        self.tell_moved(held, device, State::Connected, request);
        Ok(())
    }

    fn move_to(&mut self, call: &CallId, channel: &ChannelId, to: State, request: RequestId) {
        self.set_state(call, channel, to);
        self.settle(call, Some(request));
    }

    fn tell_moved(&mut self, call: &CallId, device: &DeviceId, to: State, request: RequestId) {
        let Some(lane) = self.calls.get(call).map(|found| found.lane) else { return };
        let (call, device) = (call.clone(), device.clone());
        let event = if to == State::Held {
            SwitchEvent::Held { call, device }
        } else {
            SwitchEvent::Retrieved { call, device }
        };
        self.tell(lane, event, Some(request));
    }
}
