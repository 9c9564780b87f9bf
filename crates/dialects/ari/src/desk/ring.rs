//! How a call gets to somebody: it is called, rings, and is picked up, or waits in a queue.

use model::{CallId, Number, Party, PartyKind, QueueId, RequestId, SwitchAnswer, SwitchEvent};

use super::{
    Desk,
    calls::{Member, waits},
    channels::{Channel, ChannelId, Phase},
    target::Target,
};
use crate::{
    Answer,
    wire::{Op, limits::RINGS_WITHIN, note::State, op::Originate},
};

/// Somebody who is to be called into a call.
pub(super) struct Called {
    pub(super) party: Party,
    pub(super) endpoint: String,
    /// The queue out of which the call comes.
    pub(super) through: Option<QueueId>,
    /// The request that is answered once it rings.
    pub(super) asked: Option<RequestId>,
}

impl Desk {
    /// Brings a new channel into a call. What comes of calling it is told by Asterisk.
    pub(super) fn call_party(&mut self, call: &CallId, called: Called) -> Option<ChannelId> {
        let id = self.new_id();
        let found = self.calls.get_mut(call)?;
        let mut member = Member::new(id.clone(), called.party.clone(), State::Reaching);
        member.through = called.through;
        found.members.push(member);
        let (lane, caller) = (found.lane, found.caller.at.clone());
        let mut channel = Channel::new(called.party, Phase::AtDesk, lane);
        channel.calls.push(call.clone());
        channel.asked = called.asked;
        let at_desk = self.config.answer == Answer::FromDesk && channel.device().is_some();
        self.channels.insert(id.clone(), channel);
        if at_desk {
            self.rings(&id);
            let until = self.out.now() + self.config.ring;
            if let Some(channel) = self.channels.get_mut(&id) {
                channel.ring_by = Some(until);
            }
        } else {
            self.originate(&id, called.endpoint, &caller, None);
        }
        Some(id)
    }

    /// Has Asterisk call a channel that is in a call already.
    pub(super) fn originate(
        &mut self,
        id: &ChannelId,
        endpoint: String,
        caller: &PartyKind,
        request: Option<RequestId>,
    ) {
        let Some(channel) = self.channels.get(id) else { return };
        let (lane, note) = (channel.lane, self.note(id, channel));
        let is_phone = channel.device().is_some();
        let originator = self.originator(id);
        let answers_itself = is_phone && self.config.answer == Answer::FromDesk;
        let ring_by = self.out.now() + RINGS_WITHIN;
        let caller = self.shown(caller, is_phone);
        if let Some(channel) = self.channels.get_mut(id) {
            channel.phase = Phase::Called;
            channel.ring_by = Some(ring_by);
            channel.note.clone_from(&note);
        }
        let (app, ring_s) = (self.config.app.clone(), self.config.ring.as_secs().max(1));
        let originate = Originate {
            channel: id.clone(),
            endpoint,
            app,
            caller,
            ring_s,
            originator,
            note,
            answers_itself,
        };
        self.ask(lane, Op::Originate(Box::new(originate)), request);
    }

    /// Somebody in the same call whom Asterisk has: the new channel is shown there as grown out of that one.
    fn originator(&self, id: &ChannelId) -> Option<ChannelId> {
        let (_, call, _) = self.places_of(id).next()?;
        let mut others = call.others(id).map(|member| &member.channel);
        others.find(|other| self.channels.get(*other).is_some_and(Channel::is_up)).cloned()
    }

    /// What somebody who is called sees of the caller: outside, the configured number; inside, who it is.
    fn shown(&self, caller: &PartyKind, is_phone: bool) -> String {
        if !is_phone {
            return self.config.caller_id.as_ref().map_or_else(String::new, ToString::to_string);
        }
        match caller {
            PartyKind::Outside(number) => number.to_string(),
            PartyKind::Device(device) => {
                Number::new(device.as_str()).map_or_else(|_| String::new(), |number| number.to_string())
            }
            PartyKind::Withheld => String::new(),
        }
    }

    /// Sends a call to where a dialled number leads. The one at `from` waits there for an answer.
    pub(super) fn lead(&mut self, call: &CallId, from: &ChannelId, target: Target) -> Result<(), String> {
        let Some(dialled) = self.calls.get(call).map(|found| found.dialled.clone()) else { return Ok(()) };
        let Some(endpoint) = self.endpoint(&target)? else {
            if let Target::Queue(queue) = target {
                self.wait_in(call, from, queue);
            }
            return Ok(());
        };
        let party = target.party(&dialled);
        self.call_party(call, Called { party, endpoint, through: None, asked: None });
        self.settle(call, None);
        Ok(())
    }

    /// Has somebody wait in a queue.
    pub(super) fn wait_in(&mut self, call: &CallId, who: &ChannelId, queue: QueueId) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.queue = Some(queue.clone());
        found.told = true;
        if let Some(member) = found.of_channel_mut(who) {
            member.state = State::Queued;
        }
        let (caller, dialled) = (found.caller.clone(), found.dialled.clone());
        let (linked, data, lane) = (found.linked.clone(), found.data.clone(), found.lane);
        self.settle(call, None);
        let call = call.clone();
        self.tell(
            lane,
            SwitchEvent::Queued { call, queue, caller, dialled, priority: None, linked, data },
            None,
        );
    }

    /// A channel that was called rings.
    pub(super) fn rings(&mut self, id: &ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        if channel.phase == Phase::Called {
            channel.phase = Phase::Ringing;
        }
        channel.ring_by = None;
        let asked = channel.asked.take();
        let reached = self.places_of(id).find(|(_, _, member)| member.state == State::Reaching);
        let Some(call_id) = reached.map(|(call_id, _, _)| call_id.clone()) else { return };
        self.transfer_rings(&call_id);
        let Some(call) = self.calls.get_mut(&call_id) else { return };
        if let Some(member) = call.of_channel_mut(id) {
            member.state = State::Alerting;
        }
        call.told = true;
        let lane = call.lane;
        let delivery = call.of_channel(id).map(|member| call.delivery(&call_id, member));
        if let Some(request) = asked {
            self.answer_then(lane, request, SwitchAnswer::Done { call: None });
        }
        if let Some(delivery) = delivery {
            self.tell(lane, SwitchEvent::Delivered(delivery), None);
        }
        self.settle(&call_id, None);
    }

    /// A channel that was called was answered.
    pub(super) fn came_up(&mut self, id: &ChannelId) {
        let Some(channel) = self.channels.get_mut(id).filter(|channel| !channel.is_up()) else { return };
        channel.phase = Phase::Up;
        // Some phones answer without a word of ringing.
        self.rings(id);
        let calls: Vec<CallId> = self.places_of(id).map(|(call, _, _)| call.clone()).collect();
        for call in calls {
            match self.calls.get(&call).and_then(|found| found.of_channel(id)).map(|member| member.state) {
                Some(State::Alerting) => self.pick_up(&call, id),
                Some(State::Initiated) => self.dial_on(&call, id),
                Some(State::Reaching | State::Connected | State::Held | State::Queued) | None => {}
            }
        }
    }

    /// The phone that dials was picked up: whom it dialled is called.
    fn dial_on(&mut self, call: &CallId, id: &ChannelId) {
        let Some(target) = self.calls.get_mut(call).and_then(|found| found.next.take()) else { return };
        if self.lead(call, id, target).is_err() {
            self.clear(call, id, model::Cause::Failed);
        }
    }

    /// A party answers: it and everybody who waited for that talks.
    pub(super) fn pick_up(&mut self, call: &CallId, id: &ChannelId) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.answered = true;
        let lane = found.lane;
        let mut waiting = Vec::new();
        for member in found.members.iter_mut().filter(|member| waits(member.state) || member.channel == *id) {
            member.state = State::Connected;
            member.through = member.through.take().filter(|_| member.channel != *id);
            waiting.push(member.channel.clone());
        }
        let at = found.of_channel(id).map(|member| member.party.at.clone());
        for channel in waiting {
            self.answer_channel(&channel);
        }
        self.settle(call, None);
        if let Some(at) = at {
            self.tell(lane, SwitchEvent::Established { call: call.clone(), at }, None);
        }
    }

    /// Picks up a channel that called and was not answered yet.
    pub(super) fn answer_channel(&mut self, id: &ChannelId) {
        let Some(channel) = self.channels.get_mut(id).filter(|channel| !channel.is_up()) else { return };
        channel.phase = Phase::Up;
        let lane = channel.lane;
        self.ask(lane, Op::Answer(id.clone()), None);
    }

    /// Phones that were called and do not ring in time are called no longer; nor does a desk ring for longer than a phone would.
    pub(super) fn give_up_silent(&mut self) {
        let now = self.out.now();
        let late = self.channels.iter().filter(|(_, channel)| channel.ring_by.is_some_and(|at| at <= now));
        for id in late.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.hang_up_channel(&id, model::Cause::NoAnswer);
            self.gone(&id, Some(18));
        }
    }
}
