//! HoldCall, RetrieveCall and AlternateCall: a phone parks calls and takes them back.

use model::{CallId, DeviceId, PartyKind, SwitchEvent};

use super::phone;
use crate::{Error, State, switch::Switch};

impl Switch {
    /// A phone parks the call in which it talks.
    pub(crate) fn hold(&mut self, device: &DeviceId, call: &CallId) -> Result<(), Error> {
        let at = phone(device);
        self.expect_talking(call, &at)?;
        self.park(device, call, &at);
        Ok(())
    }

    /// A phone takes a call back.
    pub(crate) fn retrieve(&mut self, device: &DeviceId, call: &CallId) -> Result<(), Error> {
        let at = phone(device);
        self.expect_held(call, &at)?;
        self.check_free(device)?;
        self.unpark(device, call, &at);
        Ok(())
    }

    /// A phone swaps the call in which it talks for one that it parked.
    pub(super) fn alternate(
        &mut self,
        device: &DeviceId,
        active: &CallId,
        held: &CallId,
    ) -> Result<(), Error> {
        let at = phone(device);
        self.expect_talking(active, &at)?;
        self.expect_held(held, &at)?;
        self.park(device, active, &at);
        self.unpark(device, held, &at);
        Ok(())
    }

    pub(super) fn expect_talking(&self, call: &CallId, at: &PartyKind) -> Result<(), Error> {
        self.expect(call, at, "talking", |state| state == State::Connected)
    }

    pub(super) fn park(&mut self, device: &DeviceId, call: &CallId, at: &PartyKind) {
        self.set_state(call, at, State::Held);
        self.tell(SwitchEvent::Held { call: call.clone(), device: device.clone() });
    }

    fn expect_held(&self, call: &CallId, at: &PartyKind) -> Result<(), Error> {
        self.expect(call, at, "on hold", |state| state == State::Held)
    }

    fn unpark(&mut self, device: &DeviceId, call: &CallId, at: &PartyKind) {
        self.set_state(call, at, State::Connected);
        self.tell(SwitchEvent::Retrieved { call: call.clone(), device: device.clone() });
    }
}
