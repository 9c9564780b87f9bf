//! Where each channel belongs: worked out from the calls that it is in, and brought about.

use compact_str::CompactString;
use model::{CallId, RequestId};

use super::{
    Desk, OWN, call_bridge,
    calls::{Call, Member, is_engaged, waits},
    channels::{Channel, ChannelId, Place},
    queue_bridge,
};
use crate::wire::{
    Op,
    note::{self, Note, State},
};

/// The bridge in which those wait who are on hold.
const HELD: &str = "cordboard-held";

impl Desk {
    /// Brings everybody of a call to where they belong, and writes on the channels what they are in. A call that is over is forgotten.
    pub(super) fn settle(&mut self, call: &CallId, request: Option<RequestId>) {
        let Some(found) = self.calls.get(call) else { return };
        let channels: Vec<ChannelId> = found.members.iter().map(|member| member.channel.clone()).collect();
        for channel in &channels {
            self.settle_channel(channel, request);
        }
        if channels.is_empty() {
            self.forget_call(call);
        }
    }

    /// Brings a channel to where it belongs.
    pub(super) fn settle_channel(&mut self, id: &ChannelId, request: Option<RequestId>) {
        let Some(channel) = self.channels.get(id) else { return };
        let (wanted, muted, note) = (self.place(id, channel), self.is_muted(id), self.note(id, channel));
        if wanted != channel.place {
            self.bring(id, wanted, request);
        }
        self.mute_to(id, muted, request);
        self.write(id, note);
    }

    fn bring(&mut self, id: &ChannelId, to: Place, request: Option<RequestId>) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let lane = channel.lane;
        let from = std::mem::replace(&mut channel.place, to.clone());
        if from == Place::Ring {
            self.ask(lane, Op::Ring(id.clone(), false), request);
        }
        match (bridge(&from), bridge(&to)) {
            (_, Some(bridge)) => self.join(id, bridge, &to, request),
            (Some(bridge), None) => self.ask(lane, Op::Leave(bridge, id.clone()), request),
            (None, None) => {}
        }
        if to == Place::Ring {
            self.ask(lane, Op::Ring(id.clone(), true), request);
        }
    }

    fn join(&mut self, id: &ChannelId, bridge: CompactString, place: &Place, request: Option<RequestId>) {
        let Some(lane) = self.channels.get(id).map(|channel| channel.lane) else { return };
        let mixes = matches!(place, Place::Call(_));
        // Lanes run side by side: that another one has asked for a waiting bridge does not say that it is there.
        if self.bridges.insert(bridge.clone()) || !mixes {
            let make = if mixes { Op::Mix(bridge.clone()) } else { Op::Park(bridge.clone()) };
            self.ask(lane, make, request);
        }
        self.ask(lane, Op::Join(bridge.clone(), id.clone()), request);
        if !mixes {
            // The music of a bridge ends when it was empty, so it is asked for with each who comes.
            self.ask(lane, Op::Music(bridge), request);
        }
    }

    /// Where a channel belongs.
    fn place(&self, id: &ChannelId, channel: &Channel) -> Place {
        let active = self.places_of(id).find(|(_, _, member)| is_engaged(member.state));
        let Some((call_id, call, member)) = active else { return Place::Nowhere };
        let waits_with_music = |call: &Call| match &call.queue {
            Some(queue) if channel.is_up() => Place::Queue(queue.clone()),
            Some(_) | None => {
                if channel.is_up() {
                    Place::Held
                } else {
                    Place::Ring
                }
            }
        };
        match member.state {
            State::Queued => waits_with_music(call),
            State::Initiated if channel.device().is_some() && channel.is_up() => Place::Ring,
            // A phone that is called so that it may dial.
            State::Initiated if channel.device().is_some() => Place::Nowhere,
            State::Initiated => waits_with_music(call),
            State::Connected if call.others(id).any(|other| other.state == State::Connected) => {
                Place::Call(call_id.clone())
            }
            State::Connected => Place::Held,
            State::Reaching | State::Alerting | State::Held => Place::Nowhere,
        }
    }

    fn is_muted(&self, id: &ChannelId) -> bool {
        self.places_of(id).any(|(_, _, member)| is_engaged(member.state) && member.muted)
    }

    fn mute_to(&mut self, id: &ChannelId, muted: bool, request: Option<RequestId>) {
        let Some(channel) = self.channels.get_mut(id).filter(|channel| channel.muted != muted) else {
            return;
        };
        channel.muted = muted;
        let lane = channel.lane;
        self.ask(lane, Op::Mute(id.clone(), muted), request);
    }

    /// Writes on a channel what is to be known of it, when that is otherwise than what was written.
    fn write(&mut self, id: &ChannelId, note: String) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let is_there = channel.phase != super::channels::Phase::AtDesk;
        if is_there && channel.note != note {
            channel.note.clone_from(&note);
            let lane = channel.lane;
            self.ask(lane, Op::Note(id.clone(), note), None);
        }
    }

    /// What is to be known of a channel.
    pub(super) fn note(&self, id: &ChannelId, channel: &Channel) -> String {
        let place = |(call_id, call, member): (&CallId, &Call, &Member)| note::Place {
            call: call_id.clone(),
            // Whether it is offered at the moment does not matter to those who find it.
            state: if waits(member.state) && call.queue.is_some() { State::Queued } else { member.state },
            through: member.through.clone(),
            caller: call.caller.clone(),
            dialled: call.dialled.clone(),
            queue: call.queue.clone(),
            linked: call.linked.clone(),
            answered: call.answered,
            data: note::brief(&call.data),
        };
        let calls = self.places_of(id).map(place).collect();
        Note { party: channel.party.clone(), calls }.print()
    }

    /// The calls that a channel is in.
    pub(super) fn places_of<'a>(
        &'a self,
        id: &'a str,
    ) -> impl Iterator<Item = (&'a CallId, &'a Call, &'a Member)> {
        let calls = self.channels.get(id).map(|channel| channel.calls.as_slice()).unwrap_or_default();
        calls.iter().filter_map(move |call_id| {
            let call = self.calls.get(call_id)?;
            Some((call_id, call, call.of_channel(id)?))
        })
    }

    /// Does away with a call that nobody is in.
    pub(super) fn forget_call(&mut self, call: &CallId) {
        let Some(gone) = self.calls.remove(call) else { return };
        let bridge = call_bridge(call);
        if self.bridges.remove(&bridge) {
            self.ask(gone.lane, Op::Drop(bridge), None);
        }
    }
}

/// The bridge of a place.
pub(super) fn bridge(place: &Place) -> Option<CompactString> {
    match place {
        Place::Nowhere | Place::Ring => None,
        Place::Call(call) => Some(call_bridge(call)),
        Place::Queue(queue) => Some(queue_bridge(queue)),
        Place::Held => Some(HELD.into()),
    }
}

/// Whether a bridge is one of a call of ours.
pub(super) fn is_call_bridge(bridge: &str) -> bool {
    bridge.strip_prefix(OWN).is_some_and(|rest| rest.starts_with("call-"))
}
