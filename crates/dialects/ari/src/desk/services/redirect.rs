//! SingleStepTransfer and DeflectCall: a call goes elsewhere, after it was answered or before.

use model::{
    CallId, Cause, DeviceId, Number, Party, PartyKind, QueueId, RequestId, SwitchAnswer, switch::DeflectTo,
};

use crate::{
    desk::{
        Desk,
        calls::{Transfer, has_talked, is_called, waits},
        channels::ChannelId,
        ring::Called,
        target::Target,
    },
    wire::{limits::PARTIES_MAX, note::State},
};

impl Desk {
    /// Sends the others of a call to `to`. The phone leaves once it rings there: a customer is not given up for a number that
    /// cannot be reached.
    pub(super) fn transfer_to(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: DeviceId,
        to: &Number,
    ) -> Result<(), String> {
        let channel = self.expect(call, &device, "talking or on hold", has_talked)?;
        self.check_stay(call, &channel)?;
        let target = self.target(to);
        let Some(endpoint) = self.endpoint(&target)? else {
            return self.transfer_to_queue(request, call, device, &channel, target);
        };
        let party = target.party(to);
        self.check_room(call, &party.at)?;
        let called = Called { party, endpoint, through: None, asked: None };
        // It may ring at once, at a desk: what waits for that has to be known before.
        if let Some(found) = self.calls.get_mut(call) {
            found.transfer = Some(Transfer { request, device });
        }
        self.call_party(call, called);
        Ok(())
    }

    fn transfer_to_queue(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: DeviceId,
        channel: &ChannelId,
        target: Target,
    ) -> Result<(), String> {
        self.check_alone(call, channel)?;
        let Target::Queue(queue) = target else { return Ok(()) };
        self.leave_by_transfer(request, call, device, channel);
        let waiting = self.calls.get(call).and_then(|found| found.members.first());
        if let Some(waiting) = waiting.map(|member| member.channel.clone()) {
            self.wait_in(call, &waiting, queue);
        }
        Ok(())
    }

    /// A phone leaves a call whose others go on elsewhere.
    fn leave_by_transfer(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: DeviceId,
        channel: &ChannelId,
    ) {
        self.take_out(call, channel);
        self.wait_on(call);
        self.settle(call, Some(request));
        self.done_then(call, request, None);
        self.tell_transferred(device, call, None, request);
        self.release(channel, Cause::Transferred);
    }

    /// Whom a call is to be transferred to rings: the one who transfers leaves.
    pub(in crate::desk) fn transfer_rings(&mut self, call: &CallId) {
        let Some(transfer) = self.calls.get_mut(call).and_then(|found| found.transfer.take()) else { return };
        let Transfer { request, device } = transfer;
        match self.at(call, &device).map(|member| member.channel.clone()) {
            Ok(channel) => self.leave_by_transfer(request, call, device, &channel),
            Err(why) => self.refuse(request, &why),
        }
    }

    /// Whom a call is to be transferred to cannot be reached: everything stays as it was. Says whether that is what happened.
    pub(in crate::desk) fn transfer_failed(&mut self, call: &CallId, id: &ChannelId, why: Cause) -> bool {
        let Some(found) = self.calls.get_mut(call) else { return false };
        let is_target = found.of_channel(id).is_some_and(|member| member.state == State::Reaching);
        let Some(transfer) = found.transfer.take_if(|_| is_target) else { return false };
        let stays = found.member(&PartyKind::Device(transfer.device)).is_some();
        let text = "whom the call was to go to could not be reached".into();
        self.finish(transfer.request, SwitchAnswer::Refused { cause: why, text });
        if stays {
            self.take_out(call, id);
            self.release(id, why);
        }
        // With the one who transfers gone there is nothing that could stay as it was.
        stays
    }

    /// Nobody is left who could be transferred: whom the call was to go to is called no longer.
    pub(in crate::desk) fn drop_transfer(&mut self, call: &CallId, why: Cause) {
        let Some(found) = self.calls.get_mut(call) else { return };
        let Some(Transfer { device, .. }) = &found.transfer else { return };
        let at = PartyKind::Device(device.clone());
        if found.members.iter().any(|member| member.party.at != at && !is_called(member.state)) {
            return;
        }
        let target = found.members.iter().find(|member| is_called(member.state));
        let target = target.map(|member| member.channel.clone());
        if let Some(transfer) = found.transfer.take() {
            self.refuse(transfer.request, "nobody is left who could be transferred");
        }
        if let Some(target) = target {
            self.take_out(call, &target);
            self.release(&target, why);
        }
    }

    /// Sends on a call that waits in a queue, or rings at `from`.
    pub(super) fn deflect(
        &mut self,
        request: RequestId,
        call: &CallId,
        from: Option<DeviceId>,
        to: DeflectTo,
    ) -> Result<(), String> {
        match (from, to) {
            (None, DeflectTo::Device(device)) => self.offer(request, call, device),
            (None, DeflectTo::Queue(queue)) => {
                let waiting = self.waiting(call)?;
                self.done(request, None);
                self.wait_in(call, &waiting, queue);
                Ok(())
            }
            (Some(from), DeflectTo::Queue(queue)) => self.take_back(request, call, &from, queue),
            (Some(from), DeflectTo::Device(device)) => {
                let channel = self.expect(call, &from, "ringing", is_called)?;
                self.check_room(call, &PartyKind::Device(device.clone()))?;
                let endpoint = self.phone(&device)?;
                let found = self.calls.get(call).and_then(|found| found.of_channel(&channel));
                let through = found.and_then(|member| member.through.clone());
                self.take_ring_away(call, &channel, Cause::Deflected);
                self.ring_at(request, call, device, endpoint, through);
                Ok(())
            }
        }
    }

    /// Lets a call that waits ring at a phone.
    fn offer(&mut self, request: RequestId, call: &CallId, device: DeviceId) -> Result<(), String> {
        if self.state_at(call, &device) == Some(State::Alerting) {
            self.done(request, None);
            return Ok(());
        }
        let waiting = self.waiting(call)?;
        self.check_room(call, &PartyKind::Device(device.clone()))?;
        let endpoint = self.phone(&device)?;
        let through = self.calls.get(call).and_then(|found| found.queue.clone());
        self.set_state(call, &waiting, State::Initiated);
        self.ring_at(request, call, device, endpoint, through);
        Ok(())
    }

    fn ring_at(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: DeviceId,
        endpoint: String,
        through: Option<QueueId>,
    ) {
        let party = Party::new(PartyKind::Device(device));
        self.call_party(call, Called { party, endpoint, through, asked: Some(request) });
        self.settle(call, None);
    }

    fn take_back(
        &mut self,
        request: RequestId,
        call: &CallId,
        from: &DeviceId,
        queue: QueueId,
    ) -> Result<(), String> {
        let channel = self.expect(call, from, "ringing", is_called)?;
        let waiting = self.calls.get(call).and_then(|found| found.waiting_for(&channel));
        let waiting = waiting.ok_or_else(|| format!("nobody waits alone in call {call}"))?;
        self.done(request, None);
        self.take_ring_away(call, &channel, Cause::Deflected);
        self.wait_in(call, &waiting, queue);
        Ok(())
    }

    /// Who waits in a call.
    fn waiting(&self, call: &CallId) -> Result<ChannelId, String> {
        let found = self.calls.get(call).ok_or_else(|| format!("there is no call {call}"))?;
        let waiting = found.members.iter().find(|member| waits(member.state));
        let waiting = waiting.ok_or_else(|| format!("nobody waits in call {call}"))?;
        Ok(waiting.channel.clone())
    }

    /// Refuses when a party is in a call, or the call is full.
    fn check_room(&self, call: &CallId, at: &PartyKind) -> Result<(), String> {
        let found = self.calls.get(call).ok_or_else(|| format!("there is no call {call}"))?;
        if found.member(at).is_some() {
            return Err(format!("{at:?} is in call {call} already"));
        }
        if found.members.len() >= PARTIES_MAX {
            return Err(format!("call {call} has {PARTIES_MAX} parties, which is all there may be"));
        }
        Ok(())
    }
}
