//! Registrations (max.md §4).

use model::InteractionId;
use serde_json::{Value, json};
use session::{Frame, Page};

use super::{
    TelephonySession,
    pages::{OpenPage, Subscription},
};
use crate::wire::{
    Ack, ContactId, Event, Kind, PageMessage, Refusal, Register, clipped,
    limits::{CONTACTS_MAX, ISSUER_CHARS_MAX, WARNINGS_MAX},
};

impl TelephonySession {
    /// Handles a message from a frame with the right origin.
    pub(super) fn handle_message(&mut self, page: Page, frame: Frame, message: &Value) {
        match PageMessage::parse(message) {
            Some(PageMessage::Register(register)) => self.register(page, frame, register),
            Some(PageMessage::Unregister) => self.unregister(page, frame),
            Some(PageMessage::Card(card)) => self.card(page, frame, card),
            Some(PageMessage::Press { button, contact }) => self.press(page, frame, button, contact.as_ref()),
            None => {}
        }
    }

    pub(super) fn register(&mut self, page: Page, frame: Frame, register: Register) {
        let Some(frame_state) = self.pages.frame_mut(page, frame) else { return };
        if std::mem::take(&mut frame_state.is_guessed) {
            frame_state.subscription = None;
        }
        if frame_state.subscription.is_some() {
            frame_state.refused = Some(register.clone());
            let issuer = &register.issuer;
            let text = format!(
                "Error processing Client Event Subscription. Issuer: [{issuer}] has already subscribed."
            );
            return self.warn(page, &text);
        }
        if register.contact.is_ok() {
            self.warn_unknown(page, &register);
        }
        match register.check() {
            Ok(given) => {
                let explicit = given.is_some();
                let contact = given.cloned().or_else(|| self.panel(page, frame));
                let Register { issuer, kinds, .. } = register;
                let subscription = Subscription { issuer, kinds, contact, explicit, shown: Vec::new() };
                self.subscribe(page, frame, subscription);
            }
            Err(refusal) => self.refuse(page, frame, &register, refusal),
        }
    }

    fn warn_unknown(&mut self, page: Page, register: &Register) {
        for word in register.unknown.iter().take(WARNINGS_MAX) {
            self.warn(page, &format!("Invalid subscription type requested: {word}"));
        }
    }

    /// Acknowledges a registration, with the current state in the same envelope.
    fn subscribe(&mut self, page: Page, frame: Frame, subscription: Subscription) {
        let ack = Ack { contact: subscription.contact.clone(), result: Ok(()) };
        let mut events = vec![Event::Ack(ack)];
        events.extend(self.state_for(page, &subscription));
        let now = self.out.now();
        if let Some(frame_state) = self.pages.frame_mut(page, frame) {
            frame_state.subscription = Some(subscription);
            frame_state.registered_at = Some(now);
        }
        self.post(page, frame, events);
        self.keep(page, frame);
    }

    fn refuse(&mut self, page: Page, frame: Frame, register: &Register, refusal: Refusal) {
        let contact = register.contact.clone().ok().flatten();
        let ack = Ack { contact: contact.clone(), result: Err(refusal) };
        self.post_about(page, frame, contact, vec![Event::Ack(ack)]);
    }

    fn unregister(&mut self, page: Page, frame: Frame) {
        let Some(frame_state) = self.pages.frame_mut(page, frame) else { return };
        (frame_state.refused, frame_state.is_guessed) = (None, false);
        if frame_state.subscription.take().is_some() {
            self.keep(page, frame);
        }
    }

    /// The current state, filtered by a subscription: the agent, its contacts, its session's token (max.md §4.2).
    fn state_for(&self, page: Page, subscription: &Subscription) -> Vec<Event> {
        let Some(view) = self.pages.0.get(&page).and_then(|open_page| self.view(&open_page.agent)) else {
            return Vec::new();
        };
        let mut events = view.state();
        events.retain(|event| subscription.passes_filter(event));
        events
    }

    /// Restores a subscription that a page kept, after a reconnect to this hub or another one. The frame gets the current state and the end of
    /// contacts that are gone.
    pub(super) fn restore(&mut self, page: Page, frame: Frame, kept: &Value) {
        let Some(mut subscription) = Subscription::from_kept(kept) else { return };
        let shown = std::mem::take(&mut subscription.shown);
        let mut events = self.state_for(page, &subscription);
        let is_there = |id: &ContactId| events.iter().any(|event| event.contact() == Some(id));
        let gone: Vec<Event> = shown.into_iter().filter(|id| !is_there(id)).map(Event::gone).collect();
        events.splice(0..0, gone);
        if let Some(frame_state) = self.pages.frame_mut(page, frame) {
            frame_state.subscription = Some(subscription);
        }
        self.post(page, frame, events);
        self.keep(page, frame);
    }

    /// The contact of the panel that a frame belongs to.
    pub(super) fn panel(&self, page: Page, frame: Frame) -> Option<ContactId> {
        let open_page = self.pages.0.get(&page)?;
        self.number(open_page, open_page.frames.get(&frame)?.about.interaction?)
    }

    pub(super) fn number(&self, open_page: &OpenPage, interaction: InteractionId) -> Option<ContactId> {
        let interaction = self.projection.as_ref()?.interaction(interaction)?;
        let is_own = interaction.agent == open_page.agent && interaction.switch.is_some();
        is_own.then(|| ContactId::from(interaction.number))
    }
}

impl Subscription {
    /// Records the contacts that are reported to the frame. Returns whether they have changed.
    pub(super) fn show(&mut self, events: &[Event]) -> bool {
        let before = self.shown.clone();
        for event in events {
            if let Event::CallContact(call) = event {
                self.shown.retain(|id| *id != call.id);
                self.shown.extend((!call.is_final).then(|| call.id.clone()));
            }
        }
        self.shown.sort();
        self.shown != before
    }

    pub(super) fn passes_filter(&self, event: &Event) -> bool {
        self.kinds.let_through(event, self.contact.as_ref(), self.explicit)
    }

    /// The state for the page to keep.
    pub(super) fn to_kept(&self) -> Value {
        let kinds: Vec<&str> = self.kinds.iter().map(Kind::as_str).collect();
        let shown: Vec<&str> = self.shown.iter().map(ContactId::as_str).collect();
        json!({
            "issuer": self.issuer, "types": kinds, "contact": self.contact.as_ref().map(ContactId::as_str),
            "explicit": self.explicit, "shown": shown,
        })
    }

    fn from_kept(kept: &Value) -> Option<Self> {
        let words = |name: &str| {
            kept.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        };
        let issuer = kept.get("issuer").and_then(Value::as_str).unwrap_or_default();
        let shown = words("shown").filter_map(ContactId::from_digits);
        Some(Self {
            issuer: clipped(issuer, ISSUER_CHARS_MAX).into(),
            kinds: words("types").filter_map(Kind::parse).collect(),
            contact: ContactId::given(kept.get("contact")).ok()?,
            explicit: kept.get("explicit").and_then(Value::as_bool).unwrap_or_default(),
            shown: shown.take(CONTACTS_MAX).collect(),
        })
        .filter(|subscription| !subscription.kinds.is_empty())
    }
}
