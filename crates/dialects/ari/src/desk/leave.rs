//! How parties leave, and what becomes of those they leave behind.

use model::{CallId, Cause, PartyKind, QueueId, SwitchAnswer, SwitchEvent};

use super::{
    Desk,
    calls::{Member, told},
    channels::{ChannelId, Phase},
};
use crate::wire::{Op, cause, limits::LEAVING_MAX, note::State};

impl Desk {
    /// Asterisk says that a channel is no more, and why where it knows.
    pub(super) fn gone(&mut self, id: &ChannelId, q850: Option<u32>) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        // There is nothing left to hang up.
        channel.phase = Phase::AtDesk;
        channel.ring_by = None;
        let asked = channel.asked.take();
        if let Some(request) = asked {
            let answer = SwitchAnswer::Refused {
                cause: q850.map_or(Cause::Failed, cause::of_called),
                text: "the phone could not be made to ring".into(),
            };
            self.finish(request, answer);
        }
        let calls: Vec<CallId> = self.places_of(id).map(|(call, _, _)| call.clone()).collect();
        // The call that was made last goes first: a consult before the call that it is about.
        for call in calls.into_iter().rev() {
            let Some(member) = self.calls.get(&call).and_then(|found| found.of_channel(id)) else { continue };
            let why = why(member, q850);
            self.leave(&call, id, why);
        }
        self.channels.remove(id);
    }

    /// A party is out of a call by its own will.
    pub(super) fn hang_up(&mut self, call: &CallId, id: &ChannelId) {
        let Some(member) = self.calls.get(call).and_then(|found| found.of_channel(id)) else { return };
        let why = match member.state {
            State::Reaching | State::Alerting => Cause::Rejected,
            State::Initiated | State::Queued => Cause::Abandoned,
            State::Connected | State::Held => Cause::Normal,
        };
        self.leave(call, id, why);
    }

    /// Takes somebody out. A call that rang out of a queue goes back there.
    fn leave(&mut self, call: &CallId, id: &ChannelId, why: Cause) {
        if self.transfer_failed(call, id, why) {
            return;
        }
        match self.back_to(call, id) {
            Some((queue, waiting)) => {
                let was_told = self.take_ring_away(call, id, why);
                self.wait_again(call, &waiting, queue, was_told);
            }
            None => self.clear(call, id, why),
        }
    }

    /// The queue to which a call goes back when the one at a channel does not take it, and who waits there.
    fn back_to(&self, call: &CallId, id: &ChannelId) -> Option<(QueueId, ChannelId)> {
        let found = self.calls.get(call)?;
        let member = found.of_channel(id)?;
        let waiting = found.waiting_for(id)?;
        // One who was transferred and is not taken does not get lost either.
        let was_transferred = found.answered && super::calls::is_called(member.state);
        let queue = member.through.clone().or_else(|| found.queue.clone().filter(|_| was_transferred));
        Some((queue?, waiting))
    }

    /// Somebody waits on. Of a ring that it was not told of the hub has not to be told that it is over.
    fn wait_again(&mut self, call: &CallId, who: &ChannelId, queue: QueueId, tell: bool) {
        if tell {
            return self.wait_in(call, who, queue);
        }
        if let Some(member) = self.calls.get_mut(call).and_then(|found| found.of_channel_mut(who)) {
            member.state = State::Queued;
        }
        self.settle(call, None);
    }

    /// Stops calling a party; the others wait on. Says whether the hub had been told of it.
    pub(super) fn take_ring_away(&mut self, call: &CallId, id: &ChannelId, why: Cause) -> bool {
        let Some(gone) = self.take_out(call, id) else { return false };
        self.tell_cleared(call, &gone, why);
        self.release(id, why);
        told(gone.state).is_some()
    }

    /// Takes a party out and says so; ends the call when nobody has a reason to stay.
    pub(super) fn clear(&mut self, call: &CallId, id: &ChannelId, why: Cause) {
        let Some(gone) = self.take_out(call, id) else { return };
        if gone.state == State::Initiated && !self.calls.get(call).is_some_and(|found| found.answered) {
            self.tell_left_alone(call, &gone, why);
        } else {
            self.tell_cleared(call, &gone, why);
        }
        self.release(id, why);
        self.shrink(call, why);
    }

    /// Ends the call when nobody has a reason to stay.
    pub(super) fn shrink(&mut self, call: &CallId, why: Cause) {
        self.drop_transfer(call, why);
        if self.calls.get(call).is_some_and(|found| found.goes_on()) {
            return self.settle(call, None);
        }
        while let Some(next) = self.calls.get(call).and_then(|found| found.members.first()) {
            let id = next.channel.clone();
            if let Some(gone) = self.take_out(call, &id) {
                self.tell_left_alone(call, &gone, why);
            }
            self.release(&id, why);
        }
        self.forget_call(call);
    }

    /// Takes a party out of a call without a word.
    pub(super) fn take_out(&mut self, call: &CallId, id: &ChannelId) -> Option<Member> {
        let gone = self.calls.get_mut(call)?.remove(id)?;
        if let Some(channel) = self.channels.get_mut(id) {
            channel.calls.retain(|known| known != call);
        }
        Some(gone)
    }

    /// Hangs up a channel that is in no call any longer; one that is in another goes where it belongs.
    pub(super) fn release(&mut self, id: &ChannelId, why: Cause) {
        let Some(channel) = self.channels.get(id) else { return };
        if channel.phase == Phase::AtDesk && channel.calls.is_empty() {
            self.refuse_asked(id);
            self.channels.remove(id);
        } else if channel.calls.is_empty() {
            self.refuse_asked(id);
            self.hang_up_channel(id, why);
            self.channels.remove(id);
        } else {
            self.settle_channel(id, None);
        }
    }

    /// The request for whose sake a channel was called is refused: it will not ring.
    fn refuse_asked(&mut self, id: &ChannelId) {
        let asked = self.channels.get_mut(id).and_then(|channel| channel.asked.take());
        if let Some(request) = asked {
            self.refuse(request, "the call was over before the phone rang");
        }
    }

    pub(super) fn hang_up_channel(&mut self, id: &ChannelId, why: Cause) {
        let Some(lane) = self.channels.get(id).map(|channel| channel.lane) else { return };
        self.ask(lane, Op::Hangup(id.clone(), why), None);
        self.note_leaving(id.clone());
    }

    /// Keeps in mind that a channel was hung up, until Asterisk says so too.
    pub(super) fn note_leaving(&mut self, id: ChannelId) {
        self.leaving.retain(|known| *known != id);
        self.leaving.push_back(id);
        if self.leaving.len() > LEAVING_MAX {
            self.leaving.pop_front();
        }
    }

    /// Says that a party is out. Of one that was not reached, and of a call that reached nobody, nobody has heard.
    fn tell_cleared(&mut self, call: &CallId, gone: &Member, why: Cause) {
        let Some(found) = self.calls.get(call) else { return };
        if told(gone.state).is_some() && found.told {
            let (lane, call, at) = (found.lane, call.clone(), gone.party.at.clone());
            self.tell(lane, SwitchEvent::ConnectionCleared { call, at, cause: why }, None);
        }
    }

    /// Says that the last party is out: a phone whose call nobody ever answered has dialled in vain.
    fn tell_left_alone(&mut self, call: &CallId, gone: &Member, why: Cause) {
        let Some((answered, lane)) = self.calls.get(call).map(|found| (found.answered, found.lane)) else {
            return;
        };
        match &gone.party.at {
            PartyKind::Device(device) if gone.state == State::Initiated && !answered => {
                let (call, device) = (call.clone(), device.clone());
                self.tell(lane, SwitchEvent::Failed { call, device, cause: why }, None);
            }
            PartyKind::Device(_) | PartyKind::Outside(_) | PartyKind::Withheld => {
                self.tell_cleared(call, gone, why);
            }
        }
    }
}

/// Why somebody is out whose channel is no more.
fn why(member: &Member, q850: Option<u32>) -> Cause {
    let is_phone = matches!(member.party.at, PartyKind::Device(_));
    match (member.state, q850) {
        (State::Reaching, Some(q850)) => cause::of_called(q850),
        (State::Alerting, Some(q850)) if is_phone => cause::of_ringing(q850),
        (State::Alerting, Some(q850)) => cause::of_called(q850),
        (State::Reaching | State::Alerting, None) => Cause::Failed,
        // A phone that was called so that it may dial.
        (State::Initiated, Some(q850)) if is_phone && cause::of_ringing(q850) != Cause::Failed => {
            cause::of_ringing(q850)
        }
        (State::Initiated | State::Queued, _) => Cause::Abandoned,
        (State::Connected | State::Held, _) => Cause::Normal,
    }
}
