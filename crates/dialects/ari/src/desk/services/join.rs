//! TransferCall and ConferenceCall: two calls of a phone become one. The customer's call is the one that goes on.

use model::{CallId, DeviceId, QueueId, RequestId, SwitchEvent};

use crate::{
    desk::{
        Desk,
        calls::{has_talked, is_called},
        channels::ChannelId,
    },
    wire::{limits::PARTIES_MAX, note::State},
};

impl Desk {
    /// Joins the others of both calls; the phone leaves. The one consulted may still ring, or the consult wait in a queue.
    pub(super) fn transfer(
        &mut self,
        request: RequestId,
        device: DeviceId,
        primary: CallId,
        consult: CallId,
    ) -> Result<(), String> {
        let first = self.expect(&primary, &device, "talking or on hold", has_talked)?;
        let what = "talking, on hold, dialling or waiting";
        let second = self.expect(&consult, &device, what, |state| !is_called(state))?;
        self.check_join(&primary, &consult, &second)?;
        self.check_stay(&primary, &first).or_else(|_| self.check_stay(&consult, &second))?;
        let queue = self.waits_in(&consult, &second);
        if queue.is_some() {
            self.check_alone(&primary, &first)?;
        }
        self.take_out(&primary, &first);
        self.take_out(&consult, &second);
        self.merge(&consult, &primary);
        self.wait_on(&primary);
        self.settle(&primary, Some(request));
        self.done_then(&primary, request, None);
        self.tell_transferred(device, &primary, Some(consult), request);
        self.release(&second, model::Cause::Transferred);
        self.release(&first, model::Cause::Transferred);
        self.resume_waiting(&primary, queue);
        Ok(())
    }

    /// Joins all of both calls. One of them has to talk, the other to be parked.
    pub(super) fn conference(
        &mut self,
        request: RequestId,
        device: DeviceId,
        primary: CallId,
        consult: CallId,
    ) -> Result<(), String> {
        let first = self.expect(&primary, &device, "talking or on hold", has_talked)?;
        let second = self.expect(&consult, &device, "talking or on hold", has_talked)?;
        self.check_join(&primary, &consult, &second)?;
        self.take_out(&consult, &second);
        self.merge(&consult, &primary);
        self.set_state(&primary, &first, State::Connected);
        self.settle(&primary, Some(request));
        self.done_then(&primary, request, None);
        let Some(found) = self.calls.get(&primary) else { return Ok(()) };
        let (lane, parties, into) = (found.lane, found.parties(), primary.clone());
        let event = SwitchEvent::Conferenced { device, primary, consult, into, parties };
        self.tell(lane, event, Some(request));
        Ok(())
    }

    /// Has those wait who talked to nobody but the one who left.
    pub(super) fn wait_on(&mut self, call: &CallId) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.answered = true;
        let mut talking = found.members.iter_mut().filter(|member| has_talked(member.state));
        if let (Some(one), None) = (talking.next(), talking.next())
            && one.state == State::Connected
        {
            one.state = State::Initiated;
        }
    }

    pub(super) fn tell_transferred(
        &mut self,
        device: DeviceId,
        primary: &CallId,
        consult: Option<CallId>,
        request: RequestId,
    ) {
        let Some(found) = self.calls.get(primary) else { return };
        let (lane, parties) = (found.lane, found.parties());
        let (primary, into) = (primary.clone(), primary.clone());
        let event = SwitchEvent::Transferred { device, primary, consult, into, parties };
        self.tell(lane, event, Some(request));
    }

    /// Refuses when nobody but the one who leaves talks in a call.
    pub(super) fn check_stay(&self, call: &CallId, leaving: &ChannelId) -> Result<(), String> {
        let found = self.calls.get(call);
        let somebody = found.is_some_and(|found| found.others(leaving).any(|other| has_talked(other.state)));
        if somebody { Ok(()) } else { Err(format!("nobody else talks in call {call}")) }
    }

    /// Refuses unless there is one other in the call, and that one talks.
    pub(super) fn check_alone(&self, call: &CallId, leaving: &ChannelId) -> Result<(), String> {
        let Some(found) = self.calls.get(call) else { return Err(format!("there is no call {call}")) };
        let parties = found.others(leaving).count();
        if parties == 1 && found.others(leaving).all(|other| other.state == State::Connected) {
            return Ok(());
        }
        Err(format!("call {call} has {parties} others who talk or ring: only one can wait in a queue"))
    }

    /// Refuses unless two different calls have room for each other and no phone but the one in common.
    fn check_join(&self, primary: &CallId, consult: &CallId, channel: &ChannelId) -> Result<(), String> {
        if primary == consult {
            return Err(format!("call {primary} cannot be joined with itself"));
        }
        let Some((into, from)) = self.calls.get(primary).zip(self.calls.get(consult)) else {
            return Err(format!("there is no call {primary} or {consult}"));
        };
        let count = into.members.len() + from.members.len() - 1;
        if count > PARTIES_MAX {
            return Err(format!("a call of {count} parties is too large, at most {PARTIES_MAX} are allowed"));
        }
        match from.others(channel).find(|other| into.member(&other.party.at).is_some()) {
            Some(other) => Err(format!("{:?} is in both calls", other.party.at)),
            None => Ok(()),
        }
    }

    /// The queue in which a party waits.
    fn waits_in(&self, call: &CallId, channel: &ChannelId) -> Option<QueueId> {
        let found = self.calls.get(call)?;
        let waits = found.of_channel(channel)?.state == State::Queued;
        found.queue.clone().filter(|_| waits)
    }

    /// Moves everybody of one call into another, each in the state that it has.
    fn merge(&mut self, from: &CallId, into: &CallId) {
        let Some(lane) = self.calls.get(into).map(|found| found.lane) else { return };
        while let Some(next) = self.calls.get(from).and_then(|found| found.members.first()) {
            let id = next.channel.clone();
            let Some(member) = self.take_out(from, &id) else { return };
            if let Some(channel) = self.channels.get_mut(&id) {
                channel.calls.push(into.clone());
                channel.lane = lane;
            }
            if let Some(found) = self.calls.get_mut(into) {
                found.members.push(member);
            }
        }
        self.forget_call(from);
    }

    /// Puts the one who is left into the queue in which the one who left had waited.
    fn resume_waiting(&mut self, call: &CallId, queue: Option<QueueId>) {
        let Some(queue) = queue else { return };
        let only = self.calls.get(call).and_then(|found| found.members.first());
        if let Some(channel) = only.map(|member| member.channel.clone()) {
            self.wait_in(call, &channel, queue);
        }
    }
}
