//! How a call reaches a party: the party is called, rings and answers, or the call waits in a queue.

use model::{CallId, Cause, Party, QueueId, RequestId, SwitchAnswer, SwitchEvent};

use crate::{
    Answering, Engine, Error, Numbering, Target,
    call::{Member, State},
    effect::{Dial, Effect},
    lane::LaneId,
    leg::{Leg, LegId, Phase},
};

/// A party to call.
pub(crate) struct PartyToCall {
    pub(crate) party: Party,
    pub(crate) target: Target,
    /// The queue that the call comes from.
    pub(crate) through: Option<QueueId>,
    /// The request that is answered when it rings.
    pub(crate) request: Option<RequestId>,
}

impl<N: Numbering> Engine<N> {
    /// Adds a leg to a call and calls it. The medium reports what happens next.
    pub(crate) fn call_party(&mut self, call: &CallId, called: PartyToCall) {
        let id = self.new_leg_id();
        let Some(found) = self.calls.get_mut(call) else { return };
        let mut member = Member::new(id.clone(), called.party.clone(), State::Reaching);
        member.through = called.through;
        found.members.push(member);
        let lane = found.lane;
        let mut leg = Leg::new(called.party, Phase::Absent, lane);
        leg.calls.push(call.clone());
        leg.request = called.request;
        let at_desk = self.settings.answering == Answering::FromDesk && leg.device().is_some();
        self.add_leg(id.clone(), leg);
        if at_desk {
            self.rings(&id);
            self.set_ring_by(&id, Some(self.now + self.settings.desk_rings));
        } else {
            self.dial(&id, called.target, false, None);
        }
    }

    /// Tells the medium to call a leg that is already in a call.
    pub(crate) fn dial(&mut self, id: &LegId, target: Target, to_dial: bool, request: Option<RequestId>) {
        let ring_by = self.settings.rings_within.map(|within| self.now + within);
        let Some((lane, dial)) = self.dial_of(id, target, to_dial) else { return };
        if let Some(leg) = self.legs.get_mut(id) {
            leg.phase = Phase::Called;
            leg.note.clone_from(&dial.note);
        }
        self.set_ring_by(id, ring_by);
        self.perform(lane, Effect::Dial(Box::new(dial)), request);
    }

    fn dial_of(&self, id: &LegId, target: Target, to_dial: bool) -> Option<(LaneId, Dial)> {
        let leg = self.legs.get(id)?;
        let (_, call, _) = self.places_of(id).next()?;
        // A phone that is called so that it can dial shows the number that it will dial.
        let caller = match to_dial {
            true => self.numbering.target(&call.dialled).party(&call.dialled).at,
            false => call.caller.at.clone(),
        };
        let mut others = call.others(id).map(|member| &member.leg);
        let originator = others.find(|other| self.legs.get(*other).is_some_and(Leg::is_up)).cloned();
        let hands_free = leg.device().is_some() && self.settings.answering == Answering::FromDesk;
        let note = self.settings.notes.then(|| self.note(id, leg));
        let leg_id = id.clone();
        Some((leg.lane, Dial { leg: leg_id, target, caller, originator, to_dial, hands_free, note }))
    }

    /// Sends a call to a destination. The member at `from` waits there for an answer.
    pub(crate) fn lead(&mut self, call: &CallId, from: &LegId, target: Target) -> Result<(), Error> {
        self.numbering.check(&target)?;
        let Some(dialled) = self.calls.get(call).map(|found| found.dialled.clone()) else { return Ok(()) };
        if let Target::Queue(queue) = target {
            self.wait_in(call, from, queue);
            return Ok(());
        }
        let party = target.party(&dialled);
        self.call_party(call, PartyToCall { party, target, through: None, request: None });
        self.settle(call, None);
        Ok(())
    }

    /// Puts a member into a queue.
    pub(crate) fn wait_in(&mut self, call: &CallId, who: &LegId, queue: QueueId) {
        self.set_state(call, who, State::Queued);
        let Some(found) = self.calls.get_mut(call) else { return };
        found.queue = Some(queue.clone());
        found.reported = true;
        let (caller, dialled) = (found.caller.clone(), found.dialled.clone());
        let (linked, data, lane) = (found.linked.clone(), found.data.clone(), found.lane);
        self.settle(call, None);
        let call = call.clone();
        let event = SwitchEvent::Queued { call, queue, caller, dialled, priority: None, linked, data };
        self.report(lane, event, None);
    }

    /// Handles a called leg that rings.
    pub(crate) fn rings(&mut self, id: &LegId) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        if leg.phase == Phase::Called {
            leg.phase = Phase::Ringing;
        }
        let request = leg.request.take();
        self.set_ring_by(id, None);
        let reached = self.places_of(id).find(|(_, _, member)| member.state == State::Reaching);
        let Some(call_id) = reached.map(|(call_id, _, _)| call_id.clone()) else { return };
        if !self.transfer_rings(&call_id, id) {
            return;
        }
        self.set_state(&call_id, id, State::Alerting);
        let Some(call) = self.calls.get_mut(&call_id) else { return };
        call.reported = true;
        let lane = call.lane;
        let delivery = call.of_leg(id).map(|member| call.delivery(&call_id, member));
        if let Some(request) = request {
            self.answer_then(lane, request, SwitchAnswer::Done { call: None });
        }
        if let Some(delivery) = delivery {
            self.report(lane, SwitchEvent::Delivered(delivery), None);
        }
        self.settle(&call_id, None);
    }

    /// Handles a called leg that was answered.
    pub(crate) fn came_up(&mut self, id: &LegId) {
        let Some(leg) = self.legs.get_mut(id).filter(|leg| !leg.is_up()) else { return };
        leg.phase = Phase::Up;
        // Some phones answer without having rung.
        self.rings(id);
        let calls: Vec<CallId> = self.places_of(id).map(|(call, _, _)| call.clone()).collect();
        for call in calls {
            match self.calls.get(&call).and_then(|found| found.of_leg(id)).map(|member| member.state) {
                Some(State::Alerting) => self.pick_up(&call, id),
                Some(State::Initiated) => self.dial_on(&call, id),
                Some(State::Reaching | State::Connected | State::Held | State::Queued) | None => {}
            }
        }
    }

    /// Calls the dialed number after the phone was taken off the hook.
    fn dial_on(&mut self, call: &CallId, id: &LegId) {
        let Some(target) = self.calls.get_mut(call).and_then(|found| found.next.take()) else { return };
        self.settle(call, None);
        if self.lead(call, id, target).is_err() {
            self.clear(call, id, Cause::Failed);
        }
    }

    /// Handles a party that answers: it and all members that waited for an answer are connected.
    pub(crate) fn pick_up(&mut self, call: &CallId, id: &LegId) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.answered = true;
        let lane = found.lane;
        let at = found.of_leg(id).map(|member| member.party.at.clone());
        if let Some(member) = found.of_leg_mut(id) {
            member.through = None;
        }
        let talking = found.members.iter().filter(|member| member.state.waits() || member.leg == *id);
        for leg in talking.map(|member| member.leg.clone()).collect::<Vec<_>>() {
            self.set_state(call, &leg, State::Connected);
            self.answer_leg(&leg);
        }
        self.settle(call, None);
        if let Some(at) = at {
            self.report(lane, SwitchEvent::Established { call: call.clone(), at }, None);
        }
    }

    /// Answers an incoming or ringing leg, if it was not answered yet.
    pub(crate) fn answer_leg(&mut self, id: &LegId) {
        let Some(leg) = self.legs.get_mut(id).filter(|leg| !leg.is_up()) else { return };
        leg.phase = Phase::Up;
        let lane = leg.lane;
        self.set_ring_by(id, None);
        self.perform(lane, Effect::Answer(id.clone()), None);
    }

    /// Stops calling phones that do not ring in time, and desks that ring too long.
    pub(crate) fn give_up_silent(&mut self) {
        while let Some((_, id)) = self.ringing.first().filter(|(at, _)| *at <= self.now).cloned() {
            self.hang_up_leg(&id, Cause::NoAnswer);
            self.gone(&id, Some(Cause::NoAnswer));
        }
    }

    pub(crate) fn set_state(&mut self, call: &CallId, leg: &LegId, state: State) {
        if let Some(member) = self.calls.get_mut(call).and_then(|found| found.of_leg_mut(leg)) {
            member.state = state;
            self.touch(leg);
        }
    }
}
