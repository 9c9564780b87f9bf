//! What pages are told: one envelope for what happened at one moment.

use model::AgentId;
use serde_json::Value;
use session::{Frame, Page, ToPage};

use super::{Telephony, desks::Subscription};
use crate::wire::{ContactId, Envelope, Event};

impl Telephony {
    /// Compares what is with what was told, and tells the difference.
    pub(super) fn flush(&mut self) {
        let Some(at) = self.moment.take() else { return };
        for agent in std::mem::take(&mut self.changed) {
            let (Some(watched), Some(projection)) = (self.watched.get_mut(&agent), &self.projection) else {
                continue;
            };
            let (events, settled) =
                watched.refresh(projection, &agent, at, &self.config, self.instance, &mut self.out);
            self.pressed.settle(&settled);
            self.publish(&agent, &events);
        }
    }

    /// Lets every frame of an agent hear what its subscription lets through.
    fn publish(&mut self, agent: &AgentId, events: &[Event]) {
        let pages = self.desks.0.iter().filter(|(_, desk)| desk.agent == *agent);
        let frames: Vec<(Page, Frame, Vec<Event>)> = pages
            .flat_map(|(page, desk)| desk.frames.iter().map(|(frame, seat)| (*page, *frame, seat)))
            .filter_map(|(page, frame, seat)| {
                let subscription = seat.subscription.as_ref()?;
                let heard = events.iter().filter(|event| subscription.lets_through(event));
                Some((page, frame, heard.cloned().collect()))
            })
            .collect();
        for (page, frame, events) in frames {
            self.post(page, frame, events);
        }
    }

    /// Posts events to a frame that has a subscription; nothing when there are none.
    pub(super) fn post(&mut self, page: Page, frame: Frame, events: Vec<Event>) {
        let Some(seat) = self.desks.seat(page, frame) else { return };
        let Some(subscription) = seat.subscription.as_mut().filter(|_| !events.is_empty()) else { return };
        let changed = subscription.show(&events);
        let contact = subscription.contact.clone();
        self.post_about(page, frame, contact, events);
        if changed {
            self.keep(page, frame);
        }
    }

    /// Posts events to a frame, whether it has a subscription or not.
    pub(super) fn post_about(
        &mut self,
        page: Page,
        frame: Frame,
        contact: Option<ContactId>,
        events: Vec<Event>,
    ) {
        // The floor has the page no longer: there is no origin that it could go to.
        let Some(origin) = self.origin(page, frame) else { return };
        let envelope = Envelope { issuer: self.config.issuer.to_string(), contact, events };
        let message = envelope.to_value(&self.hosts);
        self.out.page(page, ToPage::Post { frame, origin, message });
    }

    /// Has a page keep what a frame subscribed to.
    pub(super) fn keep(&mut self, page: Page, frame: Frame) {
        let Some(seat) = self.desks.seat(page, frame) else { return };
        let state = seat.subscription.as_ref().map_or(Value::Null, Subscription::to_kept);
        self.out.page(page, ToPage::Keep { frame, state });
    }
}
