//! Sends changes to pages: one envelope for all changes of one moment.

use model::AgentId;
use serde_json::Value;
use session::{Frame, Page, ToPage};

use super::{TelephonySession, pages::Subscription};
use crate::wire::{ContactId, Envelope, Event};

impl TelephonySession {
    /// Compares each changed agent with what was sent, and sends the difference.
    pub(super) fn flush(&mut self) {
        let Some(at) = self.batch_time.take() else { return };
        for agent in std::mem::take(&mut self.changed) {
            let (Some(watched), Some(projection)) = (self.watched.get_mut(&agent), &self.projection) else {
                continue;
            };
            let (events, settled) =
                watched.refresh(projection, &agent, at, &self.config, self.instance, &mut self.out);
            self.pending_presses.settle(&settled);
            self.publish(&agent, &events);
        }
    }

    /// Sends events to all frames of an agent, filtered by their subscriptions.
    fn publish(&mut self, agent: &AgentId, events: &[Event]) {
        let pages = self.pages.0.iter().filter(|(_, open_page)| open_page.agent == *agent);
        let frames: Vec<(Page, Frame, Vec<Event>)> = pages
            .flat_map(|(page, open_page)| {
                open_page.frames.iter().map(|(frame, frame_state)| (*page, *frame, frame_state))
            })
            .filter_map(|(page, frame, frame_state)| {
                let subscription = frame_state.subscription.as_ref()?;
                let passed = events.iter().filter(|event| subscription.passes_filter(event));
                Some((page, frame, passed.cloned().collect()))
            })
            .collect();
        for (page, frame, events) in frames {
            self.post(page, frame, events);
        }
    }

    /// Posts events to a frame with a subscription. Does nothing without events.
    pub(super) fn post(&mut self, page: Page, frame: Frame, events: Vec<Event>) {
        let Some(frame_state) = self.pages.frame_mut(page, frame) else { return };
        let Some(subscription) = frame_state.subscription.as_mut().filter(|_| !events.is_empty()) else {
            return;
        };
        let changed = subscription.show(&events);
        let contact = subscription.contact.clone();
        self.post_about(page, frame, contact, events);
        if changed {
            self.keep(page, frame);
        }
    }

    /// Posts events to a frame, with or without a subscription.
    pub(super) fn post_about(
        &mut self,
        page: Page,
        frame: Frame,
        contact: Option<ContactId>,
        events: Vec<Event>,
    ) {
        // Without the page on the floor there is no target origin.
        let Some(origin) = self.origin(page, frame) else { return };
        let envelope = Envelope { issuer: self.config.issuer.to_string(), contact, events };
        let message = envelope.to_value(&self.hosts);
        self.out.page(page, ToPage::Post { frame, origin, message });
    }

    /// Stores a frame's subscription in its page.
    pub(super) fn keep(&mut self, page: Page, frame: Frame) {
        let Some(frame_state) = self.pages.frame_mut(page, frame) else { return };
        let state = frame_state.subscription.as_ref().map_or(Value::Null, Subscription::to_kept);
        self.out.page(page, ToPage::Keep { frame, state });
    }
}
