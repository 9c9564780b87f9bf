//! Cordboard's pages in MAX, and their registrations.

use std::time::Duration;

use compact_str::CompactString;
use model::{AgentId, Code, Principal, Rejection};
use serde_json::{Value, json};
use session::{AROUND, Frame, FromPage, Page, ToPage};

use super::DeskSession;
use crate::wire::{
    Envelope, Event, Kind, PageMessage, Register,
    limits::{ACK_WITHIN, REGISTER_PAUSE_MAX},
};

/// A page embedded in an agent's MAX.
#[derive(Debug)]
pub(super) struct EmbeddedPage {
    pub(super) by: Principal,
    agent: AgentId,
    /// The window around the page, if the page relays one.
    around: Option<Frame>,
    /// The origin of that window, known from its first message on.
    origin: Option<String>,
    phase: Phase,
    /// Whether the console was warned of a window that is not MAX.
    is_warned: bool,
}

/// The phase of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It cannot be sent yet: there is no window around the page, or no snapshot.
    Waiting,
    /// It was sent, and is sent again after a pause.
    Sent { pause: Duration },
    /// MAX has acknowledged it.
    Registered,
}

/// The registration state that the page shows: `{"type":"state","state":…,"text"?:…}`.
enum RegistrationState<'a> {
    /// The registration was sent.
    Registering,
    /// MAX has not answered in time. The registration is sent again.
    Silent,
    /// MAX reports events.
    Registered,
    /// The registration was refused, with a sentence.
    Refused(&'a str),
}

impl DeskSession {
    pub(super) fn page(&mut self, page: Page, message: FromPage) {
        match message {
            FromPage::Opened { by } => self.page_opened(page, by),
            FromPage::FrameOpened { frame, about, kept: _ } if about.place == AROUND => {
                if let Some(embedded) = self.embedded_pages.get_mut(&page) {
                    embedded.around = Some(frame);
                }
                self.admit(page);
            }
            FromPage::Posted { frame, origin, message } => self.posted(page, frame, &origin, &message),
            FromPage::FrameClosed { frame } => {
                if let Some(embedded) =
                    self.embedded_pages.get_mut(&page).filter(|embedded| embedded.around == Some(frame))
                {
                    (embedded.around, embedded.phase) = (None, Phase::Waiting);
                    self.page_lost();
                }
            }
            FromPage::Closed { why: _ } => {
                self.embedded_pages.remove(&page);
                self.page_lost();
            }
            FromPage::FrameOpened { .. } | FromPage::FrameLoaded { .. } | FromPage::Message { .. } => {}
        }
    }

    fn page_opened(&mut self, page: Page, by: Principal) {
        let Some(agent) = by.agent.clone() else {
            let text = format!("account {} is not an agent's, so it has no calls", by.account);
            return self.send_away(page, text);
        };
        let (around, origin, phase) = (None, None, Phase::Waiting);
        self.embedded_pages.insert(page, EmbeddedPage { by, agent, around, origin, phase, is_warned: false });
    }

    fn send_away(&mut self, page: Page, text: String) {
        self.embedded_pages.remove(&page);
        self.out.page(page, ToPage::Close { why: Rejection::new(Code::Forbidden, text) });
    }

    /// Checks all pages again, after a change of the floor.
    pub(super) fn admit_all(&mut self) {
        let pages: Vec<Page> = self.embedded_pages.keys().copied().collect();
        pages.into_iter().for_each(|page| self.admit(page));
    }

    /// Registers a page if the agent's phone is at this MAX. Otherwise closes the page.
    fn admit(&mut self, page: Page) {
        let (Some(embedded), Some(projection)) = (self.embedded_pages.get(&page), &self.projection) else {
            return;
        };
        let plan = projection.floor.agent(&embedded.agent).filter(|plan| plan.switch == self.switch);
        let Some(plan) = plan else {
            let text = format!("agent {} has no phone on switch {}", embedded.agent, self.switch);
            self.send_away(page, text);
            return self.page_lost();
        };
        self.max_agents.take(&embedded.agent, &plan.device);
        if embedded.around.is_some() && embedded.phase == Phase::Waiting {
            self.register(page, ACK_WITHIN);
        }
    }

    /// Repeats registrations that are due. MAX may still have an unanswered one, so it is withdrawn first.
    pub(super) fn register_due(&mut self) {
        while let Some(page) = self.registering.take(self.out.now()) {
            let phase = self.embedded_pages.get(&page).map(|embedded| embedded.phase);
            let Some(Phase::Sent { pause }) = phase else { continue };
            self.post(page, &PageMessage::Unregister);
            self.register(page, (pause * 2).min(REGISTER_PAUSE_MAX));
        }
    }

    fn register(&mut self, page: Page, pause: Duration) {
        let Some(embedded) = self.embedded_pages.get_mut(&page) else { return };
        embedded.phase = Phase::Sent { pause };
        self.registering.set(page, self.out.now() + pause);
        let issuer: CompactString = self.config.issuer.clone();
        let kinds = [Kind::All].into_iter().collect();
        self.show(
            page,
            if pause > ACK_WITHIN { RegistrationState::Silent } else { RegistrationState::Registering },
        );
        self.post(
            page,
            &PageMessage::Register(Register { issuer, contact: Ok(None), kinds, unknown: Vec::new() }),
        );
    }

    /// Sends a message to the window around a page. Before its first message, all configured origins are tried.
    pub(super) fn post(&mut self, page: Page, message: &PageMessage) {
        let Some(embedded) = self.embedded_pages.get(&page) else { return };
        let Some(frame) = embedded.around else { return };
        let message = message.to_value(&self.config.issuer);
        let origins = match &embedded.origin {
            Some(origin) => vec![origin.clone()],
            None => self.config.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
        };
        for origin in origins {
            self.out.page(page, ToPage::Post { frame, origin, message: message.clone() });
        }
    }

    /// Sends a page its registration state.
    fn show(&mut self, page: Page, state: RegistrationState<'_>) {
        let message = match state {
            RegistrationState::Registering => json!({"type": "state", "state": "registering"}),
            RegistrationState::Silent => json!({"type": "state", "state": "silent"}),
            RegistrationState::Registered => json!({"type": "state", "state": "registered"}),
            RegistrationState::Refused(why) => json!({"type": "state", "state": "refused", "text": why}),
        };
        self.out.page(page, ToPage::Message { message });
    }

    fn posted(&mut self, page: Page, frame: Frame, origin: &str, message: &Value) {
        let Some(embedded) =
            self.embedded_pages.get_mut(&page).filter(|embedded| embedded.around == Some(frame))
        else {
            return;
        };
        let Some(envelope) = Envelope::parse(message) else { return };
        let is_max = self.config.issuers.iter().any(|issuer| *issuer == envelope.issuer);
        let is_known = self.config.origins.iter().any(|known| known.as_str() == origin);
        if !is_max || !is_known {
            if !std::mem::replace(&mut embedded.is_warned, true) {
                let text = format!(
                    "A message of issuer {:?} at {origin} was ignored. It does not come from the configured MAX.",
                    envelope.issuer
                );
                self.out.page(page, ToPage::Message { message: json!({"type": "warn", "text": text}) });
                self.show(page, RegistrationState::Refused(&text));
            }
            return;
        }
        embedded.origin = Some(origin.to_owned());
        self.receive(page, envelope.events);
    }

    /// Handles events of MAX. Events with an acknowledgement are a complete report.
    fn receive(&mut self, page: Page, events: Vec<Event>) {
        let Some(embedded) =
            self.embedded_pages.get_mut(&page).filter(|embedded| embedded.phase != Phase::Waiting)
        else {
            return;
        };
        let agent = embedded.agent.clone();
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
            tracing::warn!(%agent, reason = refusal.text(), "MAX refused the registration");
            return self.show(page, RegistrationState::Refused(refusal.text()));
        }
        if ack.is_some() {
            embedded.phase = Phase::Registered;
            self.registering.cancel(&page);
            self.show(page, RegistrationState::Registered);
            self.max_agents.begin_picture(&agent);
        }
        // A consult is applied after the call for which it was made.
        let (consults, others): (Vec<&Event>, Vec<&Event>) =
            events.iter().partition(|event| is_consult(event));
        others.into_iter().chain(consults).for_each(|event| self.apply_event(page, &agent, event));
        if ack.is_some() {
            let gone = self.max_agents.end_picture(&agent);
            self.report_calls(gone);
            self.link(true, "");
        }
        if self.max_agents.take_party_change() && self.up {
            self.report_all();
        }
        self.check_effects(&agent);
    }

    fn apply_event(&mut self, page: Page, agent: &AgentId, event: &Event) {
        match event {
            Event::CallContact(contact) => {
                let reported = self.max_agents.call(agent, contact, self.projection.as_ref());
                self.report_calls(reported);
            }
            Event::Mute(muted) => self.max_agents.mute(agent, *muted),
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

    /// Reports call events while the switch is up. While it is down they are dropped, because the next `LinkUp` contains all calls.
    pub(super) fn report_calls(&mut self, events: Vec<model::SwitchEvent>) {
        if self.up {
            events.into_iter().for_each(|event| self.report(event));
        }
    }

    /// The registered page of an agent.
    pub(super) fn page_of(&self, agent: &AgentId) -> Option<Page> {
        let registered = self.embedded_pages.iter().rev();
        let mut registered = registered.filter(|(_, embedded)| embedded.phase == Phase::Registered);
        registered.find(|(_, embedded)| embedded.agent == *agent).map(|(page, _)| *page)
    }

    /// A page or its window is gone. Its agent's calls are kept for a while. Without any page the switch is down.
    fn page_lost(&mut self) {
        let now = self.out.now();
        let registered = self.embedded_pages.values().filter(|embedded| embedded.phase == Phase::Registered);
        let registered: Vec<&AgentId> = registered.map(|embedded| &embedded.agent).collect();
        self.max_agents.note_missing_pages(now, |agent| registered.contains(&agent));
        if registered.is_empty() {
            self.link(false, "no Cordboard page is open in MAX");
        }
    }

    /// Ends the calls of agents whose page has not come back in time. The next `LinkUp` may be far away, so they end while the switch is down, too.
    pub(super) fn end_orphaned_calls(&mut self) {
        let lost = self.max_agents.lose(self.out.now());
        lost.into_iter().for_each(|event| self.report(event));
    }
}

/// Whether an event is about a contact that was opened for another one.
fn is_consult(event: &Event) -> bool {
    matches!(event, Event::CallContact(contact) if contact.parent.is_some())
}
