//! MakeCall: a phone calls somebody.

use model::{CallId, Data, DeviceId, Number, Party, SwitchEvent};

use super::phone;
use crate::{
    Error,
    switch::{Call, Connection, Habits, State, Switch},
    target::Target,
};

impl Switch {
    /// Calls `to` from a phone that has nothing else in hand.
    pub(super) fn make_call(&mut self, device: &DeviceId, to: Number, data: Data) -> Result<CallId, Error> {
        self.check_free(device)?;
        let target = self.check_dial(device, &to, &data)?;
        Ok(self.originate(device, to, data, target, None))
    }

    /// Where a phone's new call leads, when there may be one.
    pub(super) fn check_dial(&self, device: &DeviceId, to: &Number, data: &Data) -> Result<Target, Error> {
        self.check_new_call(data)?;
        self.check_room(device)?;
        self.reachable(&phone(device), to)
    }

    /// Begins a phone's call.
    pub(super) fn originate(
        &mut self,
        device: &DeviceId,
        to: Number,
        data: Data,
        target: Target,
        linked: Option<CallId>,
    ) -> CallId {
        let from = phone(device);
        let caller = Connection::new(Party::new(from.clone()), State::Initiated, Habits::default());
        let party = target.party(&to);
        let mut call = Call::new(caller, to, data.clone());
        call.told = true;
        call.linked.clone_from(&linked);
        let id = self.keep(call);
        let device = device.clone();
        self.tell(SwitchEvent::Originated { call: id.clone(), device, to: party, linked, data });
        self.send(&id, &from, target);
        id
    }
}
