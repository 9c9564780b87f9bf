//! Members that leave a call, and the effect on the others.

use model::{CallId, Cause, PartyKind, QueueId, SwitchAnswer, SwitchEvent};

use crate::{
    Engine, Numbering,
    call::{Member, State},
    effect::Effect,
    leg::{LegId, Phase},
};

impl<N: Numbering> Engine<N> {
    /// Handles a leg that no longer exists. `cause` is that of a called party, where the medium knows it.
    pub(crate) fn gone(&mut self, id: &LegId, cause: Option<Cause>) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        // The leg does not need to be hung up.
        leg.phase = Phase::Absent;
        let request = leg.request.take();
        self.set_ring_by(id, None);
        if let Some(request) = request {
            let text = "the phone did not ring".into();
            let cause = cause.unwrap_or(Cause::Failed);
            self.finish(request, SwitchAnswer::Refused { cause, text });
        }
        let calls: Vec<CallId> = self.places_of(id).map(|(call, _, _)| call.clone()).collect();
        // The newest call first: a consultation ends before the call that it belongs to.
        for call in calls.into_iter().rev() {
            let Some(member) = self.calls.get(&call).and_then(|found| found.of_leg(id)) else { continue };
            let why = why(member, cause);
            self.leave(&call, id, why);
        }
        self.drop_leg(id);
    }

    /// Handles a party that hangs up.
    pub(crate) fn hang_up(&mut self, call: &CallId, id: &LegId) {
        let Some(member) = self.calls.get(call).and_then(|found| found.of_leg(id)) else { return };
        let why = match member.state {
            State::Reaching | State::Alerting => Cause::Rejected,
            State::Initiated | State::Queued => Cause::Abandoned,
            State::Connected | State::Held => Cause::Normal,
        };
        self.leave(call, id, why);
    }

    /// Removes a member. A call that a queue offered returns to the queue.
    fn leave(&mut self, call: &CallId, id: &LegId, why: Cause) {
        if self.transfer_failed(call, id, why) {
            return;
        }
        match self.back_to(call, id) {
            Some((queue, waiting)) => {
                let was_reported = self.take_ring_away(call, id, why);
                self.wait_again(call, &waiting, queue, was_reported);
            }
            None => self.clear(call, id, why),
        }
    }

    /// The queue that a call returns to when this member does not answer, and the leg that waits there.
    fn back_to(&self, call: &CallId, id: &LegId) -> Option<(QueueId, LegId)> {
        let found = self.calls.get(call)?;
        let member = found.of_leg(id)?;
        let waiting = found.waiting_for(id)?;
        // A transferred caller whose call was not answered is kept too.
        let was_transferred = found.answered && member.state.is_called();
        let queue = member.through.clone().or_else(|| found.queue.clone().filter(|_| was_transferred));
        Some((queue?, waiting))
    }

    /// Returns a leg to its queue. If it was not reported to the hub that the call rang elsewhere, it still counts the caller as
    /// waiting.
    fn wait_again(&mut self, call: &CallId, who: &LegId, queue: QueueId, report: bool) {
        if report {
            return self.wait_in(call, who, queue);
        }
        self.set_state(call, who, State::Queued);
        self.settle(call, None);
    }

    /// Stops calling a party while the others wait. Returns whether the hub knew of it.
    pub(crate) fn take_ring_away(&mut self, call: &CallId, id: &LegId, why: Cause) -> bool {
        let Some(gone) = self.take_out(call, id) else { return false };
        self.report_cleared(call, &gone, why);
        self.release(id, why);
        gone.state.reported().is_some()
    }

    /// Removes a member and reports it. Ends the call when no member has a reason to stay.
    pub(crate) fn clear(&mut self, call: &CallId, id: &LegId, why: Cause) {
        let Some(gone) = self.take_out(call, id) else { return };
        let answered = self.calls.get(call).is_some_and(|found| found.answered);
        if gone.state == State::Initiated && !answered && why != Cause::Abandoned {
            self.report_left_alone(call, &gone, why);
        } else {
            self.report_cleared(call, &gone, why);
        }
        self.release(id, why);
        self.shrink(call, why);
    }

    /// Ends the call when no member has a reason to stay.
    pub(crate) fn shrink(&mut self, call: &CallId, why: Cause) {
        self.drop_transfer(call, why);
        if self.calls.get(call).is_some_and(|found| found.goes_on()) {
            return self.settle(call, None);
        }
        while let Some(next) = self.calls.get(call).and_then(|found| found.members.first()) {
            let id = next.leg.clone();
            if let Some(gone) = self.take_out(call, &id) {
                self.report_left_alone(call, &gone, why);
            }
            self.release(&id, why);
        }
        self.forget_call(call);
    }

    /// Removes a member without reporting it.
    pub(crate) fn take_out(&mut self, call: &CallId, id: &LegId) -> Option<Member> {
        let gone = self.calls.get_mut(call)?.remove(id)?;
        self.touch(id);
        if let Some(leg) = self.legs.get_mut(id) {
            leg.calls.retain(|known| known != call);
        }
        Some(gone)
    }

    /// Hangs up a leg that is in no call any more. A leg in another call moves to its place there.
    pub(crate) fn release(&mut self, id: &LegId, why: Cause) {
        let Some(leg) = self.legs.get(id) else { return };
        if !leg.calls.is_empty() {
            return self.settle_leg(id, None);
        }
        self.refuse_ring(id);
        if self.legs.get(id).is_some_and(|leg| leg.phase != Phase::Absent) {
            self.hang_up_leg(id, why);
        }
        self.drop_leg(id);
    }

    /// Refuses the request for which a leg was called, because the leg will not ring.
    fn refuse_ring(&mut self, id: &LegId) {
        if let Some(request) = self.legs.get_mut(id).and_then(|leg| leg.request.take()) {
            self.refuse(request, Cause::Failed, "the call ended before the phone rang");
        }
    }

    pub(crate) fn hang_up_leg(&mut self, id: &LegId, why: Cause) {
        let Some(leg) = self.legs.get(id).filter(|leg| leg.phase != Phase::Absent) else { return };
        let lane = leg.lane;
        self.perform(lane, Effect::Clear(id.clone(), why), None);
        self.note_leaving(id.clone());
    }

    /// Reports that a member left. The hub does not know members and calls that were never reached.
    fn report_cleared(&mut self, call: &CallId, gone: &Member, why: Cause) {
        let Some(found) = self.calls.get(call) else { return };
        if gone.state.reported().is_some() && found.reported {
            let (lane, call, at) = (found.lane, call.clone(), gone.party.at.clone());
            self.report(lane, SwitchEvent::ConnectionCleared { call, at, cause: why }, None);
        }
    }

    /// Reports that the last member left. A phone whose call was never answered has a failed call.
    fn report_left_alone(&mut self, call: &CallId, gone: &Member, why: Cause) {
        let Some((answered, lane)) = self.calls.get(call).map(|found| (found.answered, found.lane)) else {
            return;
        };
        match &gone.party.at {
            PartyKind::Device(device) if gone.state == State::Initiated && !answered => {
                let (call, device) = (call.clone(), device.clone());
                self.report(lane, SwitchEvent::Failed { call, device, cause: why }, None);
            }
            PartyKind::Device(_) | PartyKind::Outside(_) | PartyKind::Withheld => {
                self.report_cleared(call, gone, why);
            }
        }
    }
}

/// The cause for a member whose leg is gone.
fn why(member: &Member, cause: Option<Cause>) -> Cause {
    let is_phone = matches!(member.party.at, PartyKind::Device(_));
    match (member.state, cause) {
        (State::Reaching, Some(cause)) => cause,
        (State::Alerting, Some(cause)) if is_phone => of_ringing(cause),
        (State::Alerting, Some(cause)) => cause,
        (State::Reaching | State::Alerting, None) => Cause::Failed,
        // A phone that was called so that it can dial.
        (State::Initiated, Some(cause)) if is_phone && of_ringing(cause) != Cause::Failed => {
            of_ringing(cause)
        }
        (State::Initiated | State::Queued, _) => Cause::Abandoned,
        (State::Connected | State::Held, _) => Cause::Normal,
    }
}

/// The cause for a phone that stopped ringing. A phone that then reports busy was declined by hand.
fn of_ringing(cause: Cause) -> Cause {
    match cause {
        Cause::Busy | Cause::Rejected => Cause::Rejected,
        Cause::NoAnswer => Cause::NoAnswer,
        Cause::Normal
        | Cause::Abandoned
        | Cause::InvalidNumber
        | Cause::Transferred
        | Cause::Conferenced
        | Cause::Deflected
        | Cause::Failed
        | Cause::Lost
        | Cause::Forced => Cause::Failed,
    }
}
