//! MakeCall and ConsultationCall: a phone calls somebody.

use model::{CallId, Data, DeviceId, Number, Party, PartyKind, RequestId, SwitchEvent};

use crate::{
    desk::{
        Desk,
        calls::{Call, Member},
        channels::{Channel, ChannelId, Phase},
        target::Target,
    },
    wire::{limits::CALLS_MAX, note::State},
};

impl Desk {
    /// Calls `to` from a phone: the phone itself is called first, unless it is off the hook with a call on hold.
    pub(super) fn make_call(
        &mut self,
        request: RequestId,
        device: DeviceId,
        to: Number,
        data: Data,
    ) -> Result<(), String> {
        if let Some(call) = self.dials(&device, &to) {
            self.done(request, Some(call));
            return Ok(());
        }
        let target = self.check_dial(&device, &to)?;
        match self.off_hook(&device) {
            Some(channel) => {
                self.check_free(&channel)?;
                let call = self.dialled(&channel, &device, &to, None, data)?;
                self.done(request, Some(call.clone()));
                self.tell_originated(&call, &device, &target, None);
                self.go_on(&call, &channel, target);
                Ok(())
            }
            None => self.call_own_phone(request, device, &to, target, data),
        }
    }

    /// Calls the phone that is to dial; once it is picked up it dials.
    fn call_own_phone(
        &mut self,
        request: RequestId,
        device: DeviceId,
        to: &Number,
        target: Target,
        data: Data,
    ) -> Result<(), String> {
        let endpoint = self.phone(&device)?;
        let (lane, channel) = (self.out.number(), self.new_id());
        let party = Party::new(PartyKind::Device(device.clone()));
        self.channels.insert(channel.clone(), Channel::new(party, Phase::AtDesk, lane));
        let call = self.dialled(&channel, &device, to, None, data)?;
        self.originate(&channel, endpoint, &target.party(to).at, Some(request));
        self.done_then(&call, request, Some(call.clone()));
        self.tell_originated(&call, &device, &target, Some(request));
        if let Some(found) = self.calls.get_mut(&call) {
            found.next = Some(target);
        }
        Ok(())
    }

    /// Parks a call and calls somebody else; the call so made is linked to the parked one.
    pub(super) fn consult(
        &mut self,
        request: RequestId,
        call: CallId,
        device: DeviceId,
        to: Number,
        data: Data,
    ) -> Result<(), String> {
        if let Some(made) = self.dials(&device, &to) {
            self.done(request, Some(made));
            return Ok(());
        }
        let target = self.check_dial(&device, &to)?;
        let has_talked = crate::desk::calls::has_talked;
        let channel = self.expect(&call, &device, "talking or on hold", has_talked)?;
        let was_held = self.state_at(&call, &device) == Some(State::Held);
        if was_held {
            self.check_free(&channel)?;
        }
        let made = self.dialled(&channel, &device, &to, Some(call.clone()), data)?;
        self.set_state(&call, &channel, State::Held);
        self.settle(&call, Some(request));
        self.done_then(&call, request, Some(made.clone()));
        let lane = self.calls.get(&call).map(|found| found.lane);
        if let Some(lane) = lane.filter(|_| !was_held) {
            self.tell(lane, SwitchEvent::Held { call: call.clone(), device: device.clone() }, Some(request));
        }
        self.tell_originated(&made, &device, &target, Some(request));
        self.go_on(&made, &channel, target);
        Ok(())
    }

    /// A call of a phone alone, which dials.
    fn dialled(
        &mut self,
        channel: &ChannelId,
        device: &DeviceId,
        to: &Number,
        linked: Option<CallId>,
        data: Data,
    ) -> Result<CallId, String> {
        let id = CallId::new(self.new_id()).map_err(|error| error.to_string())?;
        let Some(found) = self.channels.get_mut(channel) else { return Err("the phone hung up".into()) };
        found.calls.push(id.clone());
        let party = Party::new(PartyKind::Device(device.clone()));
        let mut call = Call::new(party.clone(), to.clone(), found.lane);
        (call.linked, call.data, call.told) = (linked, data, true);
        call.members.push(Member::new(channel.clone(), party, State::Initiated));
        self.calls.insert(id.clone(), call);
        Ok(id)
    }

    fn tell_originated(
        &mut self,
        id: &CallId,
        device: &DeviceId,
        target: &Target,
        request: Option<RequestId>,
    ) {
        let Some(call) = self.calls.get(id) else { return };
        let (lane, to) = (call.lane, target.party(&call.dialled));
        let (linked, data) = (call.linked.clone(), call.data.clone());
        let event = SwitchEvent::Originated { call: id.clone(), device: device.clone(), to, linked, data };
        self.tell(lane, event, request);
    }

    /// The phone is off the hook: whom it dialled is called.
    fn go_on(&mut self, call: &CallId, channel: &ChannelId, target: Target) {
        self.settle(call, None);
        if self.lead(call, channel, target).is_err() {
            self.clear(call, channel, model::Cause::Failed);
        }
    }

    fn check_dial(&self, device: &DeviceId, to: &Number) -> Result<Target, String> {
        if self.calls.len() >= CALLS_MAX {
            return Err(format!("there are {CALLS_MAX} calls, which is all there may be"));
        }
        let target = self.target(to);
        if target == Target::Device(device.clone()) {
            return Err(format!("phone {device} cannot call itself"));
        }
        self.endpoint(&target)?;
        Ok(target)
    }

    /// The call with which a phone dials a number already.
    fn dials(&self, device: &DeviceId, to: &Number) -> Option<CallId> {
        let at = PartyKind::Device(device.clone());
        let is_same = |call: &Call| {
            let dials = call.member(&at).is_some_and(|member| member.state == State::Initiated);
            dials && call.dialled == *to
        };
        self.calls.iter().find(|(_, call)| is_same(call)).map(|(id, _)| id.clone())
    }

    /// The channel of a phone that was picked up.
    fn off_hook(&self, device: &DeviceId) -> Option<ChannelId> {
        let mut channels = self.channels.iter();
        let found = channels.find(|(_, channel)| channel.is_up() && channel.device() == Some(device));
        found.map(|(id, _)| id.clone())
    }
}
