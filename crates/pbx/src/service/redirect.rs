//! SingleStepTransfer and DeflectCall: redirecting a call, after or before it was answered.

use model::{CallId, Cause, DeviceId, Number, Party, PartyKind, QueueId, RequestId, switch::DeflectTo};

use crate::{
    Engine, Error, Numbering, Target,
    call::{State, Transfer},
    leg::LegId,
    ring::PartyToCall,
};

impl<N: Numbering> Engine<N> {
    /// Sends the others of a call to `to`. The phone leaves when it rings there, so that a customer is not lost if the
    /// number cannot be reached.
    pub(super) fn transfer_to(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: DeviceId,
        to: &Number,
    ) -> Result<(), Error> {
        let leg = self.expect(call, &device, "talking or on hold", State::has_talked)?;
        self.check_stay([(call, &leg)])?;
        let target = self.numbering.target(to);
        self.check_target(&target)?;
        if let Target::Queue(queue) = target {
            return self.transfer_to_queue(request, call, device, &leg, queue);
        }
        let party = target.party(to);
        self.check_room(call, &party.at)?;
        // A desk rings immediately, so set the waiting transfer first.
        if let Some(found) = self.calls.get_mut(call) {
            found.transfer = Some(Transfer { request, device });
        }
        self.call_party(call, PartyToCall { party, target, through: None, request: None });
        Ok(())
    }

    fn transfer_to_queue(
        &mut self,
        request: RequestId,
        call: &CallId,
        device: DeviceId,
        leg: &LegId,
        queue: QueueId,
    ) -> Result<(), Error> {
        self.check_alone(call, leg)?;
        self.leave_by_transfer(request, call, device, leg);
        let waiting = self.calls.get(call).and_then(|found| found.members.first());
        if let Some(waiting) = waiting.map(|member| member.leg.clone()) {
            self.wait_in(call, &waiting, queue);
        }
        Ok(())
    }

    /// Removes a phone from a call whose others continue elsewhere.
    fn leave_by_transfer(&mut self, request: RequestId, call: &CallId, device: DeviceId, leg: &LegId) {
        self.take_out(call, leg);
        self.wait_on(call);
        self.settle(call, Some(request));
        self.done_then(call, request, None);
        self.report_transferred(device, call, None, request);
        self.release(leg, Cause::Transferred);
    }

    /// Handles a transfer target that rings: the transferring phone leaves. Returns whether the target should continue
    /// to ring, because the call may have changed since the request.
    pub(crate) fn transfer_rings(&mut self, call: &CallId, target: &LegId) -> bool {
        let Some(transfer) = self.calls.get_mut(call).and_then(|found| found.transfer.take()) else {
            return true;
        };
        let Transfer { request, device } = transfer;
        let leaving = self.at(call, &device).map(|member| member.leg.clone());
        match leaving.and_then(|leg| self.check_stay([(call, &leg)]).map(|()| leg)) {
            Ok(leg) => self.leave_by_transfer(request, call, device, &leg),
            Err(error) => {
                self.refuse_for(request, &error);
                self.take_out(call, target);
                self.release(target, Cause::Failed);
                self.shrink(call, Cause::Failed);
                return false;
            }
        }
        true
    }

    /// Handles a transfer target that cannot be reached: nothing changes. Returns whether this was the case.
    pub(crate) fn transfer_failed(&mut self, call: &CallId, id: &LegId, why: Cause) -> bool {
        let Some(found) = self.calls.get_mut(call) else { return false };
        let target = found.of_leg(id).filter(|member| member.state == State::Reaching);
        let Some(target) = target.map(|member| member.party.at.clone()) else { return false };
        let Some(transfer) = found.transfer.take() else { return false };
        let stays = found.member(&PartyKind::Device(transfer.device)).is_some();
        self.refuse(transfer.request, why, &Self::unreachable(&target));
        if stays {
            self.take_out(call, id);
            self.release(id, why);
        }
        // Without the transferring phone the call cannot stay unchanged.
        stays
    }

    /// Cancels a transfer when no party is left to be transferred.
    pub(crate) fn drop_transfer(&mut self, call: &CallId, why: Cause) {
        let Some(found) = self.calls.get_mut(call) else { return };
        let Some(Transfer { device, .. }) = &found.transfer else { return };
        let at = PartyKind::Device(device.clone());
        if found.members.iter().any(|member| member.party.at != at && !member.state.is_called()) {
            return;
        }
        let target = found.members.iter().find(|member| member.state.is_called());
        let target = target.map(|member| member.leg.clone());
        if let Some(transfer) = found.transfer.take() {
            self.refuse(transfer.request, why, "no party is left to transfer");
        }
        if let Some(target) = target {
            self.take_out(call, &target);
            self.release(&target, why);
        }
    }

    /// Redirects a call that waits in a queue or rings at `from`.
    pub(super) fn deflect(
        &mut self,
        request: RequestId,
        call: &CallId,
        from: Option<DeviceId>,
        to: DeflectTo,
    ) -> Result<(), Error> {
        match (from, to) {
            (None, DeflectTo::Device(device)) => self.offer(request, call, device),
            (None, DeflectTo::Queue(queue)) => {
                let waiting = self.queued(call)?;
                self.numbering.check(&Target::Queue(queue.clone()))?;
                self.done_now(request, None);
                self.wait_in(call, &waiting, queue);
                Ok(())
            }
            (Some(from), DeflectTo::Queue(queue)) => self.take_back(request, call, &from, queue),
            (Some(from), DeflectTo::Device(device)) => {
                let leg = self.expect(call, &from, "ringing", State::is_called)?;
                self.check_offer(call, &device)?;
                let through = self.call(call)?.of_leg(&leg).and_then(|member| member.through.clone());
                self.take_ring_away(call, &leg, Cause::Deflected);
                self.ring_at(request, call, device, through);
                Ok(())
            }
        }
    }

    /// Rings a phone with a waiting call.
    fn offer(&mut self, request: RequestId, call: &CallId, device: DeviceId) -> Result<(), Error> {
        if self.is_done(request, call, &device, State::Alerting) {
            return Ok(());
        }
        let waiting = self.queued(call)?;
        self.check_offer(call, &device)?;
        let through = self.call(call)?.queue.clone();
        self.set_state(call, &waiting, State::Initiated);
        self.ring_at(request, call, device, through);
        Ok(())
    }

    fn ring_at(&mut self, request: RequestId, call: &CallId, device: DeviceId, through: Option<QueueId>) {
        let party = Party::new(PartyKind::Device(device.clone()));
        let target = Target::Device(device);
        self.call_party(call, PartyToCall { party, target, through, request: Some(request) });
        self.settle(call, None);
    }

    fn take_back(
        &mut self,
        request: RequestId,
        call: &CallId,
        from: &DeviceId,
        queue: QueueId,
    ) -> Result<(), Error> {
        let leg = self.expect(call, from, "ringing", State::is_called)?;
        self.numbering.check(&Target::Queue(queue.clone()))?;
        let found = self.call(call)?;
        let parties = found.others(&leg).count();
        let waiting = found.waiting_for(&leg);
        let waiting = waiting.ok_or_else(|| Error::NotAlone { call: call.clone(), parties })?;
        self.done_now(request, None);
        self.take_ring_away(call, &leg, Cause::Deflected);
        self.wait_in(call, &waiting, queue);
        Ok(())
    }

    /// The member that waits in a queue.
    fn queued(&self, call: &CallId) -> Result<LegId, Error> {
        let found = self.call(call)?;
        let waiting = found.members.iter().find(|member| member.state == State::Queued);
        if let Some(member) = waiting {
            return Ok(member.leg.clone());
        }
        let caller = found.member(&found.caller.at);
        Err(caller.map_or_else(
            || Error::NobodyWaits(call.clone()),
            |member| Error::WrongState {
                party: member.party.at.clone(),
                call: call.clone(),
                state: member.state,
                expected: "waiting in a queue",
            },
        ))
    }

    fn check_offer(&self, call: &CallId, device: &DeviceId) -> Result<(), Error> {
        self.check_room(call, &PartyKind::Device(device.clone()))?;
        self.check_phone(device)
    }
}
