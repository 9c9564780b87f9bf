//! MakeCall and ConsultationCall: a phone calls a number.

use model::{CallId, Cause, Data, DeviceId, Number, Party, PartyKind, RequestId, SwitchEvent};

use crate::{
    Engine, Error, Numbering, Target,
    call::{Call, Member, State},
    error::{check_max, who},
    leg::{Leg, LegId, Phase},
};

impl<N: Numbering> Engine<N> {
    /// Calls `to` from a phone. The phone itself is called first, unless it is off the hook with a call on hold.
    pub(super) fn make_call(
        &mut self,
        request: RequestId,
        device: DeviceId,
        to: Number,
        data: Data,
    ) -> Result<(), Error> {
        if let Some(call) = self.dials(&device, &to) {
            self.done_now(request, Some(call));
            return Ok(());
        }
        self.check_free(&device)?;
        let target = self.check_dial(&device, &to, &data)?;
        match self.off_hook(&device) {
            Some(leg) => {
                let call = self.dialed(&leg, &device, &to, None, data)?;
                self.done_now(request, Some(call.clone()));
                self.report_originated(&call, &device, &target, request);
                self.go_on(&call, &leg, target);
            }
            None => self.call_own_phone(request, &device, &to, target, data)?,
        }
        Ok(())
    }

    /// Calls the phone that is to dial. When it is off the hook, it dials.
    fn call_own_phone(
        &mut self,
        request: RequestId,
        device: &DeviceId,
        to: &Number,
        target: Target,
        data: Data,
    ) -> Result<(), Error> {
        let (lane, leg) = (self.number(), self.new_leg_id());
        let party = Party::new(PartyKind::Device(device.clone()));
        self.add_leg(leg.clone(), Leg::new(party, Phase::Absent, lane));
        let call = self.dialed(&leg, device, to, None, data)?;
        self.dial(&leg, Target::Device(device.clone()), true, Some(request));
        self.done_then(&call, request, Some(call.clone()));
        self.report_originated(&call, device, &target, request);
        if let Some(found) = self.calls.get_mut(&call) {
            found.next = Some(target);
        }
        Ok(())
    }

    /// Puts a call on hold and calls another party. The new call is linked to the held one.
    pub(super) fn consult(
        &mut self,
        request: RequestId,
        call: CallId,
        device: DeviceId,
        to: Number,
        data: Data,
    ) -> Result<(), Error> {
        if let Some(made) = self.dials(&device, &to) {
            self.done_now(request, Some(made));
            return Ok(());
        }
        let leg = self.expect(&call, &device, "talking or on hold", State::has_talked)?;
        let was_held = self.state_at(&call, &device) == Some(State::Held);
        if was_held {
            self.check_free(&device)?;
        }
        let target = self.check_dial(&device, &to, &data)?;
        let made = self.dialed(&leg, &device, &to, Some(call.clone()), data)?;
        self.set_state(&call, &leg, State::Held);
        self.settle(&call, Some(request));
        self.done_then(&call, request, Some(made.clone()));
        if !was_held {
            self.report_moved(&call, &device, State::Held, request);
        }
        self.report_originated(&made, &device, &target, request);
        self.go_on(&made, &leg, target);
        Ok(())
    }

    /// Creates a call with one phone, which dials.
    fn dialed(
        &mut self,
        leg: &LegId,
        device: &DeviceId,
        to: &Number,
        linked: Option<CallId>,
        data: Data,
    ) -> Result<CallId, Error> {
        let text = self.new_call_id();
        let Ok(id) = CallId::new(&text) else {
            return Err(Error::NoRoute(format!("{text} is not a call id")));
        };
        let Some(found) = self.legs.get_mut(leg) else { return Err(Error::UnknownDevice(device.clone())) };
        found.calls.push(id.clone());
        let party = Party::new(PartyKind::Device(device.clone()));
        let mut call = Call::new(party.clone(), to.clone(), found.lane);
        (call.linked, call.data, call.reported) = (linked, data, true);
        call.members.push(Member::new(leg.clone(), party, State::Initiated));
        self.calls.insert(id.clone(), call);
        Ok(id)
    }

    fn report_originated(&mut self, id: &CallId, device: &DeviceId, target: &Target, request: RequestId) {
        let Some(call) = self.calls.get(id) else { return };
        let (to, linked, data) = (target.party(&call.dialled), call.linked.clone(), call.data.clone());
        let event = SwitchEvent::Originated { call: id.clone(), device: device.clone(), to, linked, data };
        self.report_of(id, event, request);
    }

    /// Calls the dialed number after the phone was taken off the hook.
    fn go_on(&mut self, call: &CallId, leg: &LegId, target: Target) {
        self.settle(call, None);
        if self.lead(call, leg, target).is_err() {
            self.clear(call, leg, Cause::Failed);
        }
    }

    /// Checks that a phone can call a number. Returns the destination.
    fn check_dial(&self, device: &DeviceId, to: &Number, data: &Data) -> Result<Target, Error> {
        self.check_new_call(data)?;
        self.check_phone(device)?;
        let target = self.numbering.target(to);
        if target == Target::Device(device.clone()) {
            return Err(Error::Busy(who(&PartyKind::Device(device.clone()))));
        }
        self.check_target(&target)?;
        Ok(target)
    }

    /// Rejects a new call when there are too many calls or too much data.
    pub fn check_new_call(&self, data: &Data) -> Result<(), Error> {
        let bytes = data.iter().map(|(name, value)| name.len() + value.len()).sum();
        check_max("the size of the data in bytes", bytes, self.settings.data_bytes_max)?;
        check_max("the number of calls", self.calls.len() + 1, self.settings.calls_max)
    }

    /// Rejects a target that cannot be called at the moment.
    pub fn check_target(&self, target: &Target) -> Result<(), Error> {
        match target {
            Target::Device(device) => self.check_phone(device),
            Target::Queue(_) | Target::Outside(_) => self.numbering.check(target),
        }
    }

    /// The call in which a phone is already dialing a number.
    fn dials(&self, device: &DeviceId, to: &Number) -> Option<CallId> {
        let mut calls = self.places_at(device);
        let same = calls.find(|(_, call, member)| member.state == State::Initiated && call.dialled == *to);
        same.map(|(id, _, _)| id.clone())
    }

    /// The leg of a phone that is off the hook.
    fn off_hook(&self, device: &DeviceId) -> Option<LegId> {
        let legs = self.phones.get(device).map(Vec::as_slice).unwrap_or_default();
        legs.iter().find(|id| self.legs.get(*id).is_some_and(Leg::is_up)).cloned()
    }
}
