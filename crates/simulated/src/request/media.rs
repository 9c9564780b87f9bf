//! GenerateDigits, SetMute and recording: what passes through a call.

use model::{CallId, DeviceId, SwitchEvent, Tones};

use super::phone;
use crate::{
    Error, Recording, State,
    switch::{Connection, Switch},
};

impl Switch {
    /// Everybody else who talks hears the tones.
    pub(super) fn send_digits(
        &mut self,
        device: &DeviceId,
        call: &CallId,
        tones: &Tones,
    ) -> Result<(), Error> {
        let Some(digits) = tones.digits() else { return Err(Error::NoDigits) };
        let at = phone(device);
        self.expect_talking(call, &at)?;
        let others = self.known_call_mut(call)?.connections.iter_mut().filter(|other| other.party.at != at);
        others.filter(|other| other.state == State::Connected).for_each(|other| other.hear(digits.as_str()));
        Ok(())
    }

    /// The others do not hear the phone, or hear it again.
    pub(super) fn mute(&mut self, device: &DeviceId, call: &CallId, on: bool) -> Result<(), Error> {
        self.in_call(device, call)?.muted = on;
        Ok(())
    }

    /// Starts a recording that does not run.
    pub(super) fn start_recording(&mut self, device: &DeviceId, call: &CallId) -> Result<(), Error> {
        self.switch_recording(device, call, Recording::Off, Recording::On)?;
        let (call, name) = (call.clone(), format!("{call}-{device}").into());
        self.tell(SwitchEvent::RecordingStarted { call, name });
        Ok(())
    }

    /// Pauses a recording that runs.
    pub(super) fn pause_recording(&mut self, device: &DeviceId, call: &CallId) -> Result<(), Error> {
        self.switch_recording(device, call, Recording::On, Recording::Paused)
    }

    /// Goes on with a recording that is paused.
    pub(super) fn resume_recording(&mut self, device: &DeviceId, call: &CallId) -> Result<(), Error> {
        self.switch_recording(device, call, Recording::Paused, Recording::On)
    }

    fn switch_recording(
        &mut self,
        device: &DeviceId,
        call: &CallId,
        expected: Recording,
        then: Recording,
    ) -> Result<(), Error> {
        let connection = self.in_call(device, call)?;
        if connection.recording != expected {
            let (state, expected) = (connection.recording.word(), expected.word());
            return Err(Error::Recording { device: device.clone(), call: call.clone(), state, expected });
        }
        connection.recording = then;
        Ok(())
    }

    /// A phone's place in a call that it has answered or was answered in.
    fn in_call(&mut self, device: &DeviceId, call: &CallId) -> Result<&mut Connection, Error> {
        let at = phone(device);
        self.expect(call, &at, "talking or on hold", State::has_talked)?;
        let missing = Error::NotInCall { party: at.clone(), call: call.clone() };
        self.known_call_mut(call)?.connection_mut(&at).ok_or(missing)
    }
}
