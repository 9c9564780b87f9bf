//! GenerateDigits, SetMute and recording.

use compact_str::CompactString;
use model::{CallId, DeviceId, RequestId, SwitchEvent, Tones};

use crate::{
    Engine, Error, Numbering,
    call::{Recording, State},
    effect::{Effect, Place},
    leg::LegId,
};

/// The name of a call's recording in the medium.
pub fn recording_name(call: &CallId) -> CompactString {
    format!("cordboard-{call}").into()
}

impl<N: Numbering> Engine<N> {
    /// Sends tones to all other connected members.
    pub(super) fn send_tones(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
        tones: &Tones,
    ) -> Result<(), Error> {
        let digits = tones.digits().ok_or(Error::NoDigits)?;
        let own = self.expect(call, device, "talking", |state| state == State::Connected)?;
        let found = self.call(call)?;
        let lane = found.lane;
        let talking = found.others(&own).filter(|other| other.state == State::Connected);
        for leg in talking.map(|other| other.leg.clone()).collect::<Vec<_>>() {
            self.perform(lane, Effect::Tones(leg, digits.clone()), Some(request));
        }
        self.done_then(call, request, None);
        Ok(())
    }

    /// Mutes or unmutes a phone.
    pub(super) fn mute(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
        on: bool,
    ) -> Result<(), Error> {
        let leg = self.expect(call, device, "talking or on hold", State::has_talked)?;
        if let Some(member) = self.calls.get_mut(call).and_then(|found| found.of_leg_mut(&leg)) {
            member.muted = on;
        }
        self.settle(call, Some(request));
        self.done_then(call, request, None);
        Ok(())
    }

    /// Starts recording a call.
    pub(super) fn record(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
    ) -> Result<(), Error> {
        let leg = self.expect(call, device, "talking or on hold", State::has_talked)?;
        if self.call(call)?.recording != Recording::Off {
            self.done_now(request, None);
            self.name_recording(call, request);
            return Ok(());
        }
        self.check_talks(call, &leg)?;
        self.change_recording(call, Effect::Record(call.clone()), Recording::On, request);
        self.name_recording(call, request);
        Ok(())
    }

    /// Reports the name of a call's recording.
    fn name_recording(&mut self, call: &CallId, request: RequestId) {
        let event = SwitchEvent::RecordingStarted { call: call.clone(), name: recording_name(call) };
        self.report_of(call, event, request);
    }

    /// Pauses or resumes a call's recording.
    pub(super) fn pause(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: &DeviceId,
        on: bool,
    ) -> Result<(), Error> {
        self.expect(call, device, "talking or on hold", State::has_talked)?;
        let wanted = if on { Recording::Paused } else { Recording::On };
        match self.call(call)?.recording {
            Recording::Off => return Err(Error::NotRecorded(call.clone())),
            recording if recording == wanted => self.done_now(request, None),
            Recording::On | Recording::Paused => {
                self.change_recording(call, Effect::Pause(call.clone(), on), wanted, request);
            }
        }
        Ok(())
    }

    fn change_recording(&mut self, call: &CallId, effect: Effect, to: Recording, request: RequestId) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.recording = to;
        let lane = found.lane;
        self.perform(lane, effect, Some(request));
        self.done_then(call, request, None);
    }

    /// Rejects a call whose parties are not connected, because there is nothing to record.
    fn check_talks(&self, call: &CallId, leg: &LegId) -> Result<(), Error> {
        match self.legs.get(leg).map(|known| &known.place) {
            Some(Place::Call(place)) if place == call => Ok(()),
            Some(_) | None => Err(Error::NobodyTalks(call.clone())),
        }
    }
}
