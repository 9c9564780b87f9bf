//! GenerateDigits, SetMute and recording: what passes through a call.

use model::{CallId, DeviceId, RequestId, SwitchEvent, Tones};

use crate::{
    desk::{
        Desk, call_bridge,
        calls::{Call, Recording, has_talked},
        channels::{ChannelId, Place},
        lanes::LaneId,
    },
    wire::{Op, note::State},
};

impl Desk {
    /// Everybody else who talks hears the tones.
    pub(super) fn send_tones(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
        tones: &Tones,
    ) -> Result<(), String> {
        let Some(digits) = tones.digits() else { return Err("the digits are not known".to_owned()) };
        let own = self.expect(call, device, "talking", |state| state == State::Connected)?;
        let Some(found) = self.calls.get(call) else { return Ok(()) };
        let lane = found.lane;
        let talking = found.others(&own).filter(|other| other.state == State::Connected);
        for channel in talking.map(|other| other.channel.clone()).collect::<Vec<_>>() {
            self.ask(lane, Op::Tones(channel, digits.clone()), Some(request));
        }
        self.done_then(call, request, None);
        Ok(())
    }

    /// The others do not hear the phone, or hear it again.
    pub(super) fn mute(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
        on: bool,
    ) -> Result<(), String> {
        let channel = self.expect(call, device, "talking or on hold", has_talked)?;
        if let Some(member) = self.calls.get_mut(call).and_then(|found| found.of_channel_mut(&channel)) {
            member.muted = on;
        }
        self.settle(call, Some(request));
        self.done_then(call, request, None);
        Ok(())
    }

    /// Starts a recording that does not run.
    pub(super) fn record(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), String> {
        let channel = self.expect(call, device, "talking or on hold", has_talked)?;
        let Some(found) = self.calls.get(call) else { return Ok(()) };
        let lane = found.lane;
        if found.recording != Recording::Off {
            self.done(request, None);
            self.name_recording(lane, request, call);
            return Ok(());
        }
        self.check_mixed(call, &channel)?;
        let (bridge, format) = (call_bridge(call), self.config.recording_format.clone());
        let record = Op::Record { bridge, name: Call::recording_name(call), format };
        self.ask(lane, record, Some(request));
        self.set_recording(call, Recording::On);
        self.done_then(call, request, None);
        self.name_recording(lane, request, call);
        Ok(())
    }

    /// Tells the recording's name: that of its file in Asterisk's folder, without the suffix.
    fn name_recording(&mut self, lane: LaneId, request: RequestId, call: &CallId) {
        let event = SwitchEvent::RecordingStarted { call: call.clone(), name: Call::recording_name(call) };
        self.tell(lane, event, Some(request));
    }

    /// Pauses a recording that runs, or goes on with one that is paused.
    pub(super) fn pause_recording(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
        on: bool,
    ) -> Result<(), String> {
        self.expect(call, device, "talking or on hold", has_talked)?;
        let Some(found) = self.calls.get(call) else { return Ok(()) };
        if found.recording == Recording::Off {
            return Err(format!("call {call} is not recorded"));
        }
        let lane = found.lane;
        self.ask(lane, Op::Pause(Call::recording_name(call), on), Some(request));
        self.set_recording(call, if on { Recording::Paused } else { Recording::On });
        self.done_then(call, request, None);
        Ok(())
    }

    fn set_recording(&mut self, call: &CallId, recording: Recording) {
        if let Some(found) = self.calls.get_mut(call) {
            found.recording = recording;
        }
    }

    /// Refuses when the parties of a call are not brought together: there is nothing to record.
    fn check_mixed(&self, call: &CallId, channel: &ChannelId) -> Result<(), String> {
        let is_together = |place: &Place| matches!(place, Place::Call(together) if together == call);
        if self.channels.get(channel).is_some_and(|known| is_together(&known.place)) {
            return Ok(());
        }
        Err(format!("nobody talks in call {call} at the moment"))
    }
}
