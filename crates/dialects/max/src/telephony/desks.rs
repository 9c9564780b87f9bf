//! The pages that are open, and the frames in them.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{AgentId, Code, InteractionId, Principal, Rejection, Timestamp};
use serde_json::{Value, json};
use session::{Frame, FrameContext, FromPage, Page, ToPage};

use super::Telephony;
use crate::wire::{ContactId, Kinds, Register, limits::WAITING_MAX};

/// The pages that are open.
#[derive(Debug, Default)]
pub(super) struct Desks(pub(super) BTreeMap<Page, Desk>);

/// A page, and whose it is.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) by: Principal,
    pub(super) agent: AgentId,
    /// What the agent looks at.
    pub(super) focus: Option<InteractionId>,
    pub(super) frames: BTreeMap<Frame, Seat>,
}

/// A frame of a page.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) about: FrameContext,
    /// What the page kept, until it was looked at.
    pub(super) kept: Option<Value>,
    /// Messages that came before the hub told the state of things, with the origin of each.
    pub(super) waiting: Vec<(String, Value)>,
    pub(super) subscription: Option<Subscription>,
    /// When the frame itself asked for the subscription.
    pub(super) registered_at: Option<Timestamp>,
    /// A registration that was refused because there was one, the last one.
    pub(super) refused: Option<Register>,
    /// The subscription is taken to be that of the document that was loaded last; if it is not, the document may still register.
    pub(super) is_assumed: bool,
    /// The console was told that the frame is somebody else's.
    pub(super) is_foreign: bool,
}

/// What a frame is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subscription {
    pub(super) issuer: CompactString,
    pub(super) kinds: Kinds,
    /// The contact that it is tied to.
    pub(super) contact: Option<ContactId>,
    /// Whether the frame named it itself.
    pub(super) explicit: bool,
    /// Contacts that it was told of and that are not over.
    pub(super) shown: Vec<ContactId>,
}

impl Seat {
    fn new(about: FrameContext, kept: Option<Value>) -> Self {
        Self {
            about,
            kept,
            waiting: Vec::new(),
            subscription: None,
            registered_at: None,
            refused: None,
            is_assumed: false,
            is_foreign: false,
        }
    }
}

impl Desks {
    /// How many messages wait.
    pub(super) fn waiting(&self) -> usize {
        self.0.values().flat_map(|desk| desk.frames.values()).map(|seat| seat.waiting.len()).sum()
    }

    pub(super) fn seat(&mut self, page: Page, frame: Frame) -> Option<&mut Seat> {
        self.0.get_mut(&page)?.frames.get_mut(&frame)
    }
}

impl Telephony {
    pub(super) fn page(&mut self, page: Page, said: FromPage) {
        match said {
            FromPage::Opened { by } => self.page_opened(page, by),
            // Whoever registers is told the state of things as it is, and then what happens after it: what was to be told is told first.
            FromPage::FrameOpened { frame, about, kept } => {
                self.flush();
                self.frame_opened(page, frame, about, kept);
            }
            FromPage::Posted { frame, origin, message } => {
                self.flush();
                self.posted(page, frame, origin, message);
            }
            FromPage::FrameLoaded { frame } => {
                self.flush();
                self.loaded(page, frame);
            }
            FromPage::FrameClosed { frame } => {
                if let Some(desk) = self.desks.0.get_mut(&page) {
                    desk.frames.remove(&frame);
                }
            }
            FromPage::Said { message } => self.said(page, &message),
            FromPage::Closed { why: _ } => self.page_closed(page),
        }
    }

    fn page_opened(&mut self, page: Page, by: Principal) {
        let Some(agent) = by.agent.clone() else {
            let text = format!("account {} is no agent's: there are no calls to tell of", by.account);
            return self.out.page(page, ToPage::Close { why: Rejection::new(Code::Forbidden, text) });
        };
        self.watch(&agent);
        self.desks.0.insert(page, Desk { by, agent, focus: None, frames: BTreeMap::new() });
    }

    fn page_closed(&mut self, page: Page) {
        let Some(Desk { agent, .. }) = self.desks.0.remove(&page) else { return };
        if !self.desks.0.values().any(|desk| desk.agent == agent) {
            self.watched.remove(&agent);
        }
    }

    fn frame_opened(&mut self, page: Page, frame: Frame, about: FrameContext, kept: Option<Value>) {
        let Some(desk) = self.desks.0.get_mut(&page) else { return };
        desk.frames.insert(frame, Seat::new(about, kept));
        if self.projection.is_some() {
            self.wake(page, frame);
        }
    }

    /// What the desk itself says: what its agent looks at.
    fn said(&mut self, page: Page, message: &Value) {
        let Some(desk) = self.desks.0.get_mut(&page) else { return };
        if message.get("type").and_then(Value::as_str) == Some("focus") {
            let interaction = message.get("interaction").and_then(Value::as_str);
            desk.focus = interaction.and_then(|id| id.parse().ok());
        }
    }

    /// A frame posted something. It is heard when its document is that of its page of the floor.
    fn posted(&mut self, page: Page, frame: Frame, origin: String, message: Value) {
        let is_known = self.projection.is_some();
        let Some(seat) = self.desks.seat(page, frame) else { return };
        if is_known {
            return self.heard(page, frame, &origin, &message);
        }
        if seat.waiting.len() < WAITING_MAX {
            return seat.waiting.push((origin, message));
        }
        self.warn(page, &format!("More than {WAITING_MAX} messages came too early: one is left out."));
    }

    /// The hub told the state of things: what waited for it is heard.
    pub(super) fn wake_all(&mut self) {
        let desks = self.desks.0.iter();
        let frames: Vec<(Page, Frame)> =
            desks.flat_map(|(page, desk)| desk.frames.keys().map(|frame| (*page, *frame))).collect();
        frames.into_iter().for_each(|(page, frame)| self.wake(page, frame));
    }

    fn wake(&mut self, page: Page, frame: Frame) {
        let Some(seat) = self.desks.seat(page, frame) else { return };
        let (kept, waiting) = (seat.kept.take(), std::mem::take(&mut seat.waiting));
        if let Some(kept) = kept {
            self.restore(page, frame, &kept);
        }
        for (origin, message) in waiting {
            self.heard(page, frame, &origin, &message);
        }
    }

    fn heard(&mut self, page: Page, frame: Frame, origin: &str, message: &Value) {
        let expected = self.origin(page, frame);
        if expected.as_deref() == Some(origin) {
            return self.ask(page, frame, message);
        }
        let Some(seat) = self.desks.seat(page, frame).filter(|seat| !seat.is_foreign) else { return };
        seat.is_foreign = true;
        let place = seat.about.place.clone();
        let text = match expected {
            Some(expected) => format!(
                "The page {place} of the floor is of {expected}; a message of {origin} is passed over."
            ),
            None => format!("The floor has no page {place}; a message of {origin} is passed over."),
        };
        self.warn(page, &text);
    }

    /// The origin of the page that stands in a frame, as the floor has it.
    pub(super) fn origin(&self, page: Page, frame: Frame) -> Option<String> {
        let seat = self.desks.0.get(&page)?.frames.get(&frame)?;
        let place = model::PageId::new(&seat.about.place).ok()?;
        Some(self.projection.as_ref()?.floor.page(&place)?.url.origin())
    }

    /// Says something on the console of the page.
    pub(super) fn warn(&mut self, page: Page, text: &str) {
        self.out.page(page, ToPage::Tell { message: json!({"type": "warn", "text": text}) });
    }
}
