//! What Asterisk tells.

use compact_str::CompactString;
use model::{CallId, SwitchEvent};

use super::{Desk, channels::ChannelId};
use crate::wire::{Event, note::State};

impl Desk {
    /// Takes an event.
    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::StasisStart { args, channel } => self.started(&args, &channel),
            // One that we called is answered when it is handed over: only then does it do what it is told.
            Event::ChannelStateChange { channel } => {
                if channel.state == "Ringing" {
                    self.rings(&channel.id);
                }
            }
            // The cause is known when the channel was never answered, and does not matter when it was.
            Event::StasisEnd { channel } => self.ended(&channel.id, None),
            Event::ChannelDestroyed { cause, channel } => self.ended(&channel.id, Some(cause)),
            Event::ChannelHold { channel } => self.parked_by_hand(&channel.id),
            Event::ChannelUnhold { channel } => self.taken_back_by_hand(&channel.id),
            Event::ApplicationReplaced {} => self.replaced(),
            Event::Other => {}
        }
    }

    fn started(&mut self, args: &[CompactString], channel: &crate::wire::Channel) {
        if self.channels.contains_key(&channel.id) {
            return self.came_up(&channel.id);
        }
        // One that was answered in the moment in which it was hung up.
        if !self.leaving.contains(&channel.id) {
            self.arrive(args, channel);
        }
    }

    fn ended(&mut self, id: &ChannelId, cause: Option<u32>) {
        self.leaving.retain(|known| known != id);
        self.gone(id, cause);
    }

    /// Asterisk could not call a channel.
    pub(super) fn not_called(&mut self, id: &ChannelId) {
        self.gone(id, None);
    }

    /// A phone parked the call in which it talks by its own key.
    fn parked_by_hand(&mut self, id: &ChannelId) {
        let talking = self.places_of(id).find(|(_, _, member)| member.state == State::Connected);
        if let Some(call) = talking.map(|(call, _, _)| call.clone()) {
            self.move_by_hand(&call, id, State::Held);
        }
    }

    /// A phone takes back what it parked, when it talks on no other call.
    fn taken_back_by_hand(&mut self, id: &ChannelId) {
        if self.places_of(id).any(|(_, _, member)| super::calls::is_engaged(member.state)) {
            return;
        }
        let held = self.places_of(id).find(|(_, _, member)| member.state == State::Held);
        if let Some(call) = held.map(|(call, _, _)| call.clone()) {
            self.move_by_hand(&call, id, State::Connected);
        }
    }

    fn move_by_hand(&mut self, call: &CallId, id: &ChannelId, to: State) {
        let Some(found) = self.calls.get_mut(call) else { return };
        let lane = found.lane;
        if let Some(member) = found.of_channel_mut(id) {
            member.state = to;
        }
        self.settle(call, None);
        let Some(device) = self.channels.get(id).and_then(|channel| channel.device().cloned()) else {
            return;
        };
        let call = call.clone();
        let event = match to {
            State::Held => SwitchEvent::Held { call, device },
            State::Reaching | State::Initiated | State::Alerting | State::Connected | State::Queued => {
                SwitchEvent::Retrieved { call, device }
            }
        };
        self.tell(lane, event, None);
    }
}
