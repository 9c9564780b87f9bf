//! SingleStepTransfer and DeflectCall: a call goes elsewhere, after it was answered or before.

use model::{CallId, Cause, DeviceId, Number, PartyKind, QueueId, switch::DeflectTo};

use super::phone;
use crate::{
    Error, State,
    switch::{Habits, Switch},
};

impl Switch {
    /// Sends the others of a call to `to`; the phone leaves.
    pub(super) fn transfer_to(&mut self, device: DeviceId, call: CallId, to: &Number) -> Result<(), Error> {
        let at = phone(&device);
        self.expect(&call, &at, "talking or on hold", State::has_talked)?;
        self.check_stay(&at, [&call])?;
        let target = self.open(&call, &at, to)?;
        self.take_out(&call, &at);
        self.wait_on(&call);
        self.tell_transferred(device, &call, None);
        let from = self.known_call(&call)?.caller.at.clone();
        self.send(&call, &from, target);
        Ok(())
    }

    /// Sends on a call that waits in a queue, or rings at `from`.
    pub(super) fn deflect(
        &mut self,
        call: &CallId,
        from: Option<DeviceId>,
        to: DeflectTo,
    ) -> Result<(), Error> {
        match from {
            None => self.deflect_from_queue(call, to),
            Some(device) => self.deflect_from_phone(call, &phone(&device), to),
        }
    }

    fn deflect_from_queue(&mut self, call: &CallId, to: DeflectTo) -> Result<(), Error> {
        let found = self.known_call(call)?;
        let (waiting, through) = (found.caller.at.clone(), found.queue.clone());
        self.expect(call, &waiting, "waiting in a queue", |state| state == State::Queued)?;
        match to {
            DeflectTo::Device(device) => {
                self.check_deflect(call, &device)?;
                self.set_state(call, &waiting, State::Initiated);
                self.ring(call, phone(&device), Habits::default(), through);
            }
            DeflectTo::Queue(queue) => {
                self.check_queue(&queue)?;
                self.wait_in(call, &waiting, queue);
            }
        }
        Ok(())
    }

    fn deflect_from_phone(&mut self, call: &CallId, at: &PartyKind, to: DeflectTo) -> Result<(), Error> {
        self.expect(call, at, "ringing", State::is_called)?;
        match to {
            DeflectTo::Device(device) => {
                self.check_deflect(call, &device)?;
                let through =
                    self.known_call(call)?.connection(at).and_then(|ringing| ringing.through.clone());
                self.take_ring_away(call, at, Cause::Deflected);
                self.ring(call, phone(&device), Habits::default(), through);
            }
            DeflectTo::Queue(queue) => {
                self.check_queue(&queue)?;
                let parties = self.known_call(call)?.others(at).count();
                let alone = || Error::NotAlone { call: call.clone(), parties };
                let waiting = self.waiting_for(call, at).ok_or_else(alone)?;
                self.take_ring_away(call, at, Cause::Deflected);
                self.wait_in(call, &waiting, queue);
            }
        }
        Ok(())
    }

    fn check_deflect(&self, call: &CallId, device: &DeviceId) -> Result<(), Error> {
        self.check_absent(call, &phone(device))?;
        self.check_room(device)
    }

    fn check_queue(&self, queue: &QueueId) -> Result<(), Error> {
        if self.queues.contains(queue) { Ok(()) } else { Err(Error::UnknownQueue(queue.clone())) }
    }
}
