//! Handles the events of Asterisk.

use compact_str::CompactString;
use pbx::MediaEvent;

use super::DeskSession;
use crate::wire::{self, Event, cause};

impl DeskSession {
    /// Handles an event.
    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::StasisStart { args, channel } => self.started(&args, &channel),
            // A channel that Cordboard called counts as answered when Asterisk hands it over. Only then does it accept requests.
            Event::ChannelStateChange { channel } => {
                if channel.state == "Ringing" {
                    self.media(MediaEvent::Ringing(channel.id));
                }
            }
            // If the channel was never answered, an event with the cause follows. Otherwise the cause does not matter.
            Event::StasisEnd { channel } => self.media(MediaEvent::Left { leg: channel.id, cause: None }),
            Event::ChannelDestroyed { cause, channel } => {
                let cause = Some(cause::of_called(cause));
                self.media(MediaEvent::Left { leg: channel.id, cause });
            }
            Event::ChannelHold { channel } => self.media(MediaEvent::Held(channel.id)),
            Event::ChannelUnhold { channel } => self.media(MediaEvent::Retrieved(channel.id)),
            Event::ApplicationReplaced {} => self.replaced(),
            Event::Other => {}
        }
    }

    fn started(&mut self, args: &[CompactString], channel: &wire::Channel) {
        if self.engine.leg(&channel.id).is_some() {
            return self.media(MediaEvent::Answered(channel.id.clone()));
        }
        // Otherwise it was answered at the moment when it was hung up.
        if !self.engine.is_leaving(&channel.id) {
            self.arrive(args, channel);
        }
    }

    pub(super) fn media(&mut self, event: MediaEvent) {
        self.engine.media(self.out.now(), event);
        self.carry_out_outputs();
    }
}
