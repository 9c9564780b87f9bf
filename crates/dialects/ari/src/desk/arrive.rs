//! Channels that the dialplan hands over: callers for a queue or a phone, and phones that dial by hand.

use compact_str::CompactString;
use model::{CallId, Data, DeviceId, Number, Party, PartyKind, QueueId, SwitchEvent};

use super::{
    Desk,
    calls::{Call, Member},
    channels::{Channel, ChannelId, Phase},
    target::Target,
};
use crate::wire::{self, Op, event::number, limits::CALLS_MAX, note::State};

/// What the dialplan says of a channel.
enum Arrival {
    /// `queue`, its id, and pairs: a caller who is to wait there.
    Queue(QueueId, Data),
    /// `device`, its name, and pairs: a caller for one phone.
    Device(DeviceId, Data),
    /// `dial` and a number: an agent's phone calls somebody.
    Dial(DeviceId, Number),
}

impl Desk {
    /// The dialplan handed a channel over. One that it says nothing sensible of is hung up.
    pub(super) fn arrive(&mut self, args: &[CompactString], channel: &wire::Channel) {
        let arrival = self.arrival(args, channel).filter(|_| self.calls.len() < CALLS_MAX && !self.closing);
        let lane = self.out.number();
        let Some(arrival) = arrival else {
            tracing::warn!(application = %self.config.app, "the dialplan handed over a call that cannot be placed: hung up");
            return self.hang_up_unknown(channel.id.clone());
        };
        let Ok(call) = CallId::new(&channel.id) else { return self.hang_up_unknown(channel.id.clone()) };
        match arrival {
            Arrival::Queue(queue, data) => {
                self.enter(&call, channel, Party::new(channel.caller()), lane, data);
                self.answer_channel(&channel.id);
                self.wait_in(&call, &channel.id, queue);
            }
            Arrival::Device(device, data) => {
                self.enter(&call, channel, Party::new(channel.caller()), lane, data);
                self.lead_or_end(&call, &channel.id, Target::Device(device));
            }
            Arrival::Dial(device, to) => self.hand_dialled(&call, channel, device, to, lane),
        }
    }

    fn arrival(&self, args: &[CompactString], channel: &wire::Channel) -> Option<Arrival> {
        let (kind, rest) = args.split_first()?;
        let (subject, pairs) = rest.split_first()?;
        match kind.as_str() {
            "queue" => Some(Arrival::Queue(QueueId::new(subject).ok()?, self.allowed(pairs))),
            "device" => Some(Arrival::Device(DeviceId::new(subject).ok()?, self.allowed(pairs))),
            "dial" => {
                let device = DeviceId::new(self.config.phone.read(channel.endpoint())?).ok()?;
                Some(Arrival::Dial(device, number(subject)?))
            }
            _ => None,
        }
    }

    /// Pairs whose names the configuration allows.
    fn allowed(&self, pairs: &[CompactString]) -> Data {
        let pairs = pairs.iter().filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| self.config.data.iter().any(|allowed| allowed == name)).collect()
    }

    /// A call of one, who calls.
    fn enter(&mut self, id: &CallId, channel: &wire::Channel, caller: Party, lane: u64, data: Data) {
        let phase = if channel.is_up() { Phase::Up } else { Phase::Ringing };
        let mut kept = Channel::new(caller.clone(), phase, lane);
        kept.calls.push(id.clone());
        self.channels.insert(channel.id.clone(), kept);
        let exten = number(&channel.dialplan.exten).or_else(|| Number::new("0").ok());
        let Some(dialled) = exten else { return };
        let mut call = Call::new(caller.clone(), dialled, lane);
        call.data = data;
        call.members.push(Member::new(channel.id.clone(), caller, State::Initiated));
        self.calls.insert(id.clone(), call);
    }

    /// An agent's phone dialled by hand: it passes the same gate as what is dialled at a desk.
    fn hand_dialled(
        &mut self,
        id: &CallId,
        channel: &wire::Channel,
        device: DeviceId,
        to: Number,
        lane: u64,
    ) {
        let target = self.target(&to);
        let is_internal = !matches!(target, Target::Outside(_));
        if numbers::check(&self.floor, &to, is_internal).is_err() {
            return self.hang_up_unknown(channel.id.clone());
        }
        self.enter(id, channel, Party::new(PartyKind::Device(device.clone())), lane, Data::new());
        self.answer_channel(&channel.id);
        if let Some(call) = self.calls.get_mut(id) {
            call.dialled = to.clone();
            call.told = true;
        }
        let (call, to, data) = (id.clone(), target.party(&to), Data::new());
        self.tell(lane, SwitchEvent::Originated { call, device, to, linked: None, data }, None);
        self.lead_or_end(id, &channel.id, target);
    }

    fn lead_or_end(&mut self, call: &CallId, from: &ChannelId, target: Target) {
        if self.lead(call, from, target).is_err() {
            self.clear(call, from, model::Cause::Failed);
        }
    }

    /// Hangs up a channel that is in no call.
    pub(super) fn hang_up_unknown(&mut self, id: ChannelId) {
        let lane = self.out.number();
        self.ask(lane, Op::Hangup(id.clone(), model::Cause::Failed), None);
        self.note_leaving(id);
    }
}
