//! Pages of ours that stand in MAX, and their registrations there.

use std::time::Duration;

use compact_str::CompactString;
use model::{AgentId, Code, Principal, Rejection};
use serde_json::{Value, json};
use session::{AROUND, Frame, FromPage, Page, ToPage};

use super::Desk;
use crate::wire::{
    Ask, Envelope, Event, Kind, Register,
    limits::{ACK_WITHIN, REGISTER_PAUSE_MAX},
};

/// A page of ours, and whose it is.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) by: Principal,
    agent: AgentId,
    /// The window around the page, when the page relays one.
    around: Option<Frame>,
    /// Its origin, from its first message on.
    origin: Option<String>,
    phase: Phase,
    /// The console was told of a window that is not MAX's.
    is_warned: bool,
}

/// How far a registration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It cannot be sent yet: there is no window, or the hub has told nothing.
    Waiting,
    /// It was sent, and is sent again after a pause.
    Sent { pause: Duration },
    /// MAX has acknowledged it.
    Registered,
}

/// How a page stands with MAX, as it shows in words: `{"type":"state","state":…,"text"?:…}`.
enum Stand<'a> {
    /// MAX was asked and has not answered yet.
    Registering,
    /// MAX has not answered in time; it is asked again.
    Silent,
    /// MAX tells what it does.
    Registered,
    /// It is not to be: a sentence.
    Refused(&'a str),
}

impl Desk {
    pub(super) fn page(&mut self, page: Page, said: FromPage) {
        match said {
            FromPage::Opened { by } => self.page_opened(page, by),
            FromPage::FrameOpened { frame, about, kept: _ } if about.place == AROUND => {
                if let Some(guest) = self.guests.get_mut(&page) {
                    guest.around = Some(frame);
                }
                self.seat(page);
            }
            FromPage::Posted { frame, origin, message } => self.posted(page, frame, &origin, &message),
            FromPage::FrameClosed { frame } => {
                if let Some(guest) = self.guests.get_mut(&page).filter(|guest| guest.around == Some(frame)) {
                    (guest.around, guest.phase) = (None, Phase::Waiting);
                    self.deserted();
                }
            }
            FromPage::Closed { why: _ } => {
                self.guests.remove(&page);
                self.deserted();
            }
            FromPage::FrameOpened { .. } | FromPage::FrameLoaded { .. } | FromPage::Said { .. } => {}
        }
    }

    fn page_opened(&mut self, page: Page, by: Principal) {
        let Some(agent) = by.agent.clone() else {
            let text = format!("account {} is no agent's: there are no calls to be told of", by.account);
            return self.send_away(page, text);
        };
        let (around, origin, phase) = (None, None, Phase::Waiting);
        self.guests.insert(page, Guest { by, agent, around, origin, phase, is_warned: false });
    }

    fn send_away(&mut self, page: Page, text: String) {
        self.guests.remove(&page);
        self.out.page(page, ToPage::Close { why: Rejection::new(Code::Forbidden, text) });
    }

    /// The floor is another one: every page is looked at again.
    pub(super) fn seat_all(&mut self) {
        let pages: Vec<Page> = self.guests.keys().copied().collect();
        pages.into_iter().for_each(|page| self.seat(page));
    }

    /// Registers a page whose agent has its phone at MAX; others are sent away.
    fn seat(&mut self, page: Page) {
        let (Some(guest), Some(projection)) = (self.guests.get(&page), &self.projection) else { return };
        let plan = projection.floor.agent(&guest.agent).filter(|plan| plan.switch == self.switch);
        let Some(plan) = plan else {
            let text = format!("agent {} has no phone on switch {}", guest.agent, self.switch);
            self.send_away(page, text);
            return self.deserted();
        };
        self.seats.take(&guest.agent, &plan.device);
        if guest.around.is_some() && guest.phase == Phase::Waiting {
            self.register(page, ACK_WITHIN);
        }
    }

    /// Sends what registrations are due. One that was left without an answer may be there already: it is taken back first.
    pub(super) fn register_due(&mut self) {
        while let Some(page) = self.registering.take(self.out.now()) {
            let phase = self.guests.get(&page).map(|guest| guest.phase);
            let Some(Phase::Sent { pause }) = phase else { continue };
            self.post(page, &Ask::Unregister);
            self.register(page, (pause * 2).min(REGISTER_PAUSE_MAX));
        }
    }

    fn register(&mut self, page: Page, pause: Duration) {
        let Some(guest) = self.guests.get_mut(&page) else { return };
        guest.phase = Phase::Sent { pause };
        self.registering.set(page, self.out.now() + pause);
        let issuer: CompactString = self.config.issuer.clone();
        let kinds = [Kind::All].into_iter().collect();
        self.show(page, if pause > ACK_WITHIN { Stand::Silent } else { Stand::Registering });
        self.post(page, &Ask::Register(Register { issuer, contact: Ok(None), kinds, unknown: Vec::new() }));
    }

    /// Says something to the window around a page: to its origin, or, before it has spoken, to each that it may be of.
    pub(super) fn post(&mut self, page: Page, ask: &Ask) {
        let Some(guest) = self.guests.get(&page) else { return };
        let Some(frame) = guest.around else { return };
        let message = ask.to_value(&self.config.issuer);
        let origins = match &guest.origin {
            Some(origin) => vec![origin.clone()],
            None => self.config.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
        };
        for origin in origins {
            self.out.page(page, ToPage::Post { frame, origin, message: message.clone() });
        }
    }

    /// Tells a page how it stands.
    fn show(&mut self, page: Page, stand: Stand<'_>) {
        let message = match stand {
            Stand::Registering => json!({"type": "state", "state": "registering"}),
            Stand::Silent => json!({"type": "state", "state": "silent"}),
            Stand::Registered => json!({"type": "state", "state": "registered"}),
            Stand::Refused(why) => json!({"type": "state", "state": "refused", "text": why}),
        };
        self.out.page(page, ToPage::Tell { message });
    }

    fn posted(&mut self, page: Page, frame: Frame, origin: &str, message: &Value) {
        let Some(guest) = self.guests.get_mut(&page).filter(|guest| guest.around == Some(frame)) else {
            return;
        };
        let Some(envelope) = Envelope::parse(message) else { return };
        let is_max = self.config.issuers.iter().any(|issuer| *issuer == envelope.issuer);
        let is_known = self.config.origins.iter().any(|known| known.as_str() == origin);
        if !is_max || !is_known {
            if !std::mem::replace(&mut guest.is_warned, true) {
                let text = format!(
                    "A message of {:?} at {origin} is passed over: it is not that MAX.",
                    envelope.issuer
                );
                self.out.page(page, ToPage::Tell { message: json!({"type": "warn", "text": text}) });
                self.show(page, Stand::Refused(&text));
            }
            return;
        }
        guest.origin = Some(origin.to_owned());
        self.hear(page, envelope.events);
    }

    /// MAX told something. With an acknowledgement it is everything there is.
    fn hear(&mut self, page: Page, events: Vec<Event>) {
        let Some(guest) = self.guests.get_mut(&page).filter(|guest| guest.phase != Phase::Waiting) else {
            return;
        };
        let agent = guest.agent.clone();
        let ack = events.iter().find_map(|event| match event {
            Event::Ack(ack) => Some(ack.result),
            Event::SessionInfo(_)
            | Event::SessionStart(_)
            | Event::SessionEnd { .. }
            | Event::AgentState(_)
            | Event::CallContact(_)
            | Event::AgentLeg(_)
            | Event::Mute(_)
            | Event::Conference(_)
            | Event::Other { .. } => None,
        });
        if let Some(Err(refusal)) = ack {
            tracing::warn!(%agent, reason = refusal.text(), "MAX refuses the registration");
            return self.show(page, Stand::Refused(refusal.text()));
        }
        if ack.is_some() {
            guest.phase = Phase::Registered;
            self.registering.cancel(&page);
            self.show(page, Stand::Registered);
            self.seats.begin_picture(&agent);
        }
        events.iter().for_each(|event| self.heard(page, &agent, event));
        if ack.is_some() {
            let gone = self.seats.end_picture(&agent);
            self.tell_calls(gone);
            self.link(true, "");
        }
        self.look_for_effects(&agent);
    }

    fn heard(&mut self, page: Page, agent: &AgentId, event: &Event) {
        match event {
            Event::CallContact(contact) => {
                let told = self.seats.call(agent, contact, self.projection.as_ref());
                self.tell_calls(told);
            }
            Event::Mute(muted) => self.seats.mute(agent, *muted),
            Event::AgentState(state) => self.follow(page, agent, state),
            Event::SessionEnd { .. } => self.left(page, agent),
            Event::Ack(_)
            | Event::SessionInfo(_)
            | Event::SessionStart(_)
            | Event::AgentLeg(_)
            | Event::Conference(_)
            | Event::Other { .. } => {}
        }
    }

    /// While the switch is down nobody is told of calls: the picture that brings it up has them all.
    pub(super) fn tell_calls(&mut self, events: Vec<model::SwitchEvent>) {
        if self.up {
            events.into_iter().for_each(|event| self.tell(event));
        }
    }

    /// The page by which an agent's MAX is reached.
    pub(super) fn page_of(&self, agent: &AgentId) -> Option<Page> {
        let registered = self.guests.iter().rev();
        let mut registered = registered.filter(|(_, guest)| guest.phase == Phase::Registered);
        registered.find(|(_, guest)| guest.agent == *agent).map(|(page, _)| *page)
    }

    /// A page went, or its window: agents without one are waited for, and without any page MAX cannot be reached.
    fn deserted(&mut self) {
        let now = self.out.now();
        let registered = self.guests.values().filter(|guest| guest.phase == Phase::Registered);
        let registered: Vec<&AgentId> = registered.map(|guest| &guest.agent).collect();
        self.seats.desert(now, |agent| registered.contains(&agent));
        if registered.is_empty() {
            self.link(false, "no page of ours stands in MAX");
        }
    }

    /// Calls of agents whose page has not come back are over as far as anybody can tell.
    pub(super) fn lose_deserted(&mut self) {
        let lost = self.seats.lose(self.out.now());
        self.tell_calls(lost);
    }
}
