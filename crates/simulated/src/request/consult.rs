//! ConsultationCall: a phone parks a call and asks somebody else.

use model::{CallId, Data, DeviceId, Number};

use super::phone;
use crate::{Error, switch::Switch};

impl Switch {
    /// Parks `call` and calls `to`; the call so made is linked to the parked one.
    pub(super) fn consult(
        &mut self,
        device: &DeviceId,
        call: &CallId,
        to: Number,
        data: Data,
    ) -> Result<CallId, Error> {
        let at = phone(device);
        self.expect_talking(call, &at)?;
        let target = self.check_dial(device, &to, &data)?;
        self.park(device, call, &at);
        Ok(self.originate(device, to, data, target, Some(call.clone())))
    }
}
