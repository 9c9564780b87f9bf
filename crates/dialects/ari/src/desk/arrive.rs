//! Channels from the dialplan: callers for a queue or a phone, and phones that dial by hand.

use compact_str::CompactString;
use model::{Data, DeviceId, Number, Party, QueueId};
use pbx::{LegId, MediaEvent, Target};

use super::DeskSession;
use crate::wire::{self, event::number};

/// What the dialplan requests for a channel.
enum Arrival {
    /// A caller: `queue`, its ID and pairs; or `device`, its name and pairs.
    Caller(Target, Data),
    /// A call by an agent's phone: `dial` and a number.
    Dial(DeviceId, Number),
}

impl DeskSession {
    /// Handles a channel from the dialplan. Hangs up if its arguments are invalid.
    pub(super) fn arrive(&mut self, args: &[CompactString], channel: &wire::Channel) {
        let (leg, up) = (channel.id.clone(), channel.is_up());
        match self.arrival(args, channel).filter(|_| !self.closing) {
            Some(Arrival::Caller(to, data)) => {
                let Some(dialled) = number(&channel.dialplan.exten).or_else(|| Number::new("0").ok()) else {
                    return self.hang_up(leg);
                };
                let caller = Party::new(channel.caller());
                self.media(MediaEvent::Incoming { leg, caller, dialled, to, data, up });
            }
            // The dial policy applies to phones as well.
            Some(Arrival::Dial(_, to)) if !self.may_dial(&to) => self.hang_up(leg),
            Some(Arrival::Dial(device, to)) => self.media(MediaEvent::HandDialed { leg, device, to, up }),
            None => {
                tracing::warn!(application = %self.config.application, "call from the dialplan hung up: its Stasis arguments are invalid");
                self.hang_up(leg);
            }
        }
    }

    fn may_dial(&self, to: &Number) -> bool {
        let numbers = &self.engine.numbering;
        let is_internal = !matches!(pbx::Numbering::target(numbers, to), Target::Outside(_));
        numbers::check(&numbers.floor, to, is_internal).is_ok()
    }

    fn arrival(&self, args: &[CompactString], channel: &wire::Channel) -> Option<Arrival> {
        let (kind, rest) = args.split_first()?;
        let (subject, pairs) = rest.split_first()?;
        match kind.as_str() {
            "queue" => Some(Arrival::Caller(Target::Queue(QueueId::new(subject).ok()?), self.allowed(pairs))),
            "device" => {
                Some(Arrival::Caller(Target::Device(DeviceId::new(subject).ok()?), self.allowed(pairs)))
            }
            "dial" => {
                let device = DeviceId::new(self.phone.read(channel.endpoint())?).ok()?;
                Some(Arrival::Dial(device, number(subject)?))
            }
            _ => None,
        }
    }

    /// The pairs whose names are configured.
    fn allowed(&self, pairs: &[CompactString]) -> Data {
        let pairs = pairs.iter().filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| self.config.data.iter().any(|allowed| allowed == name)).collect()
    }

    /// Hangs up a channel without a call.
    pub(super) fn hang_up(&mut self, leg: LegId) {
        self.engine.clear_unknown(leg);
        self.engine.tick(self.out.now());
        self.carry_out_outputs();
    }
}
