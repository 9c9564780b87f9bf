//! AnswerCall and ClearConnection: a phone comes into a call and leaves it.

use model::{CallId, DeviceId};

use super::phone;
use crate::{Error, State, switch::Switch};

impl Switch {
    /// A phone picks up. It has to be free: nothing is parked for it.
    pub(crate) fn answer(&mut self, device: &DeviceId, call: &CallId) -> Result<(), Error> {
        let at = phone(device);
        self.expect(call, &at, "ringing", |state| state == State::Alerting)?;
        self.check_free(device)?;
        self.pick_up(call, &at);
        Ok(())
    }

    /// A phone hangs up, refuses, or stops dialling.
    pub(crate) fn leave(&mut self, device: &DeviceId, call: &CallId) -> Result<(), Error> {
        let at = phone(device);
        self.expect(call, &at, "ringing, dialling or in the call", |state| state != State::Reaching)?;
        self.hang_up(call, &at);
        Ok(())
    }
}
