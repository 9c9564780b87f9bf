//! TransferCall and ConferenceCall: two calls of a phone become one. The customer's call continues.

use model::{CallId, Cause, DeviceId, QueueId, RequestId, SwitchEvent};

use crate::{Engine, Error, Numbering, call::State, error::check_max, leg::LegId, who};

impl<N: Numbering> Engine<N> {
    /// Joins the others of both calls; the phone leaves. The consulted party may still be ringing, or the consultation
    /// may be waiting in a queue.
    pub(super) fn transfer(
        &mut self,
        request: RequestId,
        device: DeviceId,
        primary: CallId,
        consult: CallId,
    ) -> Result<(), Error> {
        let first = self.expect(&primary, &device, "talking or on hold", State::has_talked)?;
        let expected = "talking, on hold, dialing or waiting";
        let second = self.expect(&consult, &device, expected, |state| !state.is_called())?;
        self.check_join(&primary, &consult, &second)?;
        self.check_stay([(&primary, &first), (&consult, &second)])?;
        let queue = self.waits_in(&consult, &second);
        if queue.is_some() {
            self.check_alone(&primary, &first)?;
        }
        self.share_lane(&primary, &consult);
        self.take_out(&consult, &second);
        self.merge(&consult, &primary);
        self.take_out(&primary, &first);
        self.wait_on(&primary);
        self.settle(&primary, Some(request));
        self.done_then(&primary, request, None);
        self.report_transferred(device, &primary, Some(consult), request);
        self.release(&second, Cause::Transferred);
        self.release(&first, Cause::Transferred);
        self.resume_waiting(&primary, queue);
        Ok(())
    }

    /// Joins all members of both calls.
    pub(super) fn conference(
        &mut self,
        request: RequestId,
        device: DeviceId,
        primary: CallId,
        consult: CallId,
    ) -> Result<(), Error> {
        let first = self.expect(&primary, &device, "talking or on hold", State::has_talked)?;
        let second = self.expect(&consult, &device, "talking or on hold", State::has_talked)?;
        self.check_join(&primary, &consult, &second)?;
        if self.state_at(&primary, &device) == self.state_at(&consult, &device) {
            self.check_free(&device)?;
        }
        self.share_lane(&primary, &consult);
        self.take_out(&consult, &second);
        self.merge(&consult, &primary);
        self.set_state(&primary, &first, State::Connected);
        self.settle(&primary, Some(request));
        self.done_then(&primary, request, None);
        let Some(found) = self.calls.get(&primary) else { return Ok(()) };
        let (parties, into) = (found.parties(), primary.clone());
        let event = SwitchEvent::Conferenced { device, primary: primary.clone(), consult, into, parties };
        self.report_of(&primary, event, request);
        if second != first {
            self.release(&second, Cause::Conferenced);
        }
        Ok(())
    }

    /// Lets the only remaining member wait for an answer if it was connected only with the one who left.
    pub(super) fn wait_on(&mut self, call: &CallId) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.answered = true;
        let mut talking = found.members.iter().filter(|member| member.state.has_talked());
        if let (Some(one), None) = (talking.next(), talking.next())
            && one.state == State::Connected
        {
            let leg = one.leg.clone();
            self.set_state(call, &leg, State::Initiated);
        }
    }

    pub(super) fn report_transferred(
        &mut self,
        device: DeviceId,
        primary: &CallId,
        consult: Option<CallId>,
        request: RequestId,
    ) {
        let parties = self.calls.get(primary).map(|found| found.parties()).unwrap_or_default();
        let (call, into) = (primary.clone(), primary.clone());
        let event = SwitchEvent::Transferred { device, primary: call, consult, into, parties };
        self.report_of(primary, event, request);
    }

    /// Rejects a change after which no party would be connected with another.
    pub(super) fn check_stay<'a>(
        &self,
        leaving: impl IntoIterator<Item = (&'a CallId, &'a LegId)>,
    ) -> Result<(), Error> {
        let mut last = None;
        for (call, leg) in leaving {
            let found = self.call(call)?;
            if found.others(leg).any(|other| other.state.has_talked()) {
                return Ok(());
            }
            last = found.of_leg(leg).map(|member| member.party.at.clone());
        }
        last.map_or(Ok(()), |party| Err(Error::NobodyStays(party)))
    }

    /// Rejects a call that does not have exactly one other member who is connected.
    pub(super) fn check_alone(&self, call: &CallId, leaving: &LegId) -> Result<(), Error> {
        let found = self.call(call)?;
        let parties = found.others(leaving).count();
        if parties == 1 && found.others(leaving).all(|other| other.state == State::Connected) {
            return Ok(());
        }
        Err(Error::NotAlone { call: call.clone(), parties })
    }

    /// Rejects calls that are the same, have too many members together, or share another party.
    fn check_join(&self, primary: &CallId, consult: &CallId, leg: &LegId) -> Result<(), Error> {
        if primary == consult {
            return Err(Error::SameCall(primary.clone()));
        }
        let (into, from) = (self.call(primary)?, self.call(consult)?);
        let count = into.members.len() + from.members.len() - 1;
        check_max("the number of parties in a call", count, self.settings.parties_max)?;
        match from.others(leg).find(|other| into.member(&other.party.at).is_some()) {
            Some(other) => Err(Error::Twice { party: other.party.at.clone(), call: primary.clone() }),
            None => Ok(()),
        }
    }

    /// The queue in which a member waits.
    fn waits_in(&self, call: &CallId, leg: &LegId) -> Option<QueueId> {
        let found = self.calls.get(call)?;
        let waits = found.of_leg(leg)?.state == State::Queued;
        found.queue.clone().filter(|_| waits)
    }

    /// Moves all members of one call into another, each in its state.
    fn merge(&mut self, from: &CallId, into: &CallId) {
        while let Some(next) = self.calls.get(from).and_then(|found| found.members.first()) {
            let id = next.leg.clone();
            let Some(member) = self.take_out(from, &id) else { return };
            if let Some(leg) = self.legs.get_mut(&id) {
                leg.calls.push(into.clone());
            }
            if let Some(found) = self.calls.get_mut(into) {
                found.members.push(member);
            }
        }
        self.forget_call(from);
    }

    /// Puts the only remaining member into the queue in which the one who left waited.
    fn resume_waiting(&mut self, call: &CallId, queue: Option<QueueId>) {
        let Some(queue) = queue else { return };
        let only = self.calls.get(call).and_then(|found| found.members.first());
        if let Some(leg) = only.map(|member| member.leg.clone()) {
            self.wait_in(call, &leg, queue);
        }
    }

    /// An error text for a party that cannot be reached.
    pub(super) fn unreachable(party: &model::PartyKind) -> String {
        format!("{} could not be reached", who(party))
    }
}
