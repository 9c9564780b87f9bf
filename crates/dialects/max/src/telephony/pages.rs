//! The open pages and their frames.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{AgentId, Code, InteractionId, Principal, Rejection, Timestamp};
use serde_json::{Value, json};
use session::{Frame, FrameContext, FromPage, Page, ToPage};

use super::TelephonySession;
use crate::wire::{ContactId, Kinds, Register, limits::WAITING_MAX};

/// The open pages.
#[derive(Debug, Default)]
pub(super) struct OpenPages(pub(super) BTreeMap<Page, OpenPage>);

/// An open page of an agent.
#[derive(Debug)]
pub(super) struct OpenPage {
    pub(super) by: Principal,
    pub(super) agent: AgentId,
    /// The interaction that the agent looks at.
    pub(super) focus: Option<InteractionId>,
    pub(super) frames: BTreeMap<Frame, FrameState>,
}

/// A frame of a page.
#[derive(Debug)]
pub(super) struct FrameState {
    pub(super) about: FrameContext,
    /// The state that the page kept, until it is restored.
    pub(super) kept: Option<Value>,
    /// Messages from before the first snapshot, with their origins.
    pub(super) waiting: Vec<(String, Value)>,
    pub(super) subscription: Option<Subscription>,
    /// When the frame itself registered.
    pub(super) registered_at: Option<Timestamp>,
    /// The last registration that was refused because another one existed.
    pub(super) refused: Option<Register>,
    /// Whether the subscription is only guessed to be that of the newly loaded document. If the guess is wrong, the document may still register.
    pub(super) is_guessed: bool,
    /// Whether the console was warned of a wrong origin.
    pub(super) is_foreign: bool,
}

/// The subscription of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subscription {
    pub(super) issuer: CompactString,
    pub(super) kinds: Kinds,
    /// The contact that the subscription is limited to.
    pub(super) contact: Option<ContactId>,
    /// Whether the frame named that contact itself.
    pub(super) explicit: bool,
    /// The contacts that were reported to the frame and have not ended.
    pub(super) shown: Vec<ContactId>,
}

impl FrameState {
    fn new(about: FrameContext, kept: Option<Value>) -> Self {
        Self {
            about,
            kept,
            waiting: Vec::new(),
            subscription: None,
            registered_at: None,
            refused: None,
            is_guessed: false,
            is_foreign: false,
        }
    }
}

impl OpenPages {
    /// The number of waiting messages.
    pub(super) fn waiting(&self) -> usize {
        self.0
            .values()
            .flat_map(|open_page| open_page.frames.values())
            .map(|frame_state| frame_state.waiting.len())
            .sum()
    }

    pub(super) fn frame_mut(&mut self, page: Page, frame: Frame) -> Option<&mut FrameState> {
        self.0.get_mut(&page)?.frames.get_mut(&frame)
    }
}

impl TelephonySession {
    pub(super) fn page(&mut self, page: Page, message: FromPage) {
        match message {
            FromPage::Opened { by } => self.page_opened(page, by),
            // Pending changes are sent first, so that a new registration gets the current state and then only later changes.
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
                if let Some(open_page) = self.pages.0.get_mut(&page) {
                    open_page.frames.remove(&frame);
                }
            }
            FromPage::Message { message } => self.page_message_received(page, &message),
            FromPage::Closed { why: _ } => self.page_closed(page),
        }
    }

    fn page_opened(&mut self, page: Page, by: Principal) {
        let Some(agent) = by.agent.clone() else {
            let text = format!("account {} is not an agent's, so it has no calls", by.account);
            return self.out.page(page, ToPage::Close { why: Rejection::new(Code::Forbidden, text) });
        };
        self.watch(&agent);
        self.pages.0.insert(page, OpenPage { by, agent, focus: None, frames: BTreeMap::new() });
    }

    fn page_closed(&mut self, page: Page) {
        let Some(OpenPage { agent, .. }) = self.pages.0.remove(&page) else { return };
        if !self.pages.0.values().any(|open_page| open_page.agent == agent) {
            self.watched.remove(&agent);
        }
    }

    fn frame_opened(&mut self, page: Page, frame: Frame, about: FrameContext, kept: Option<Value>) {
        let Some(open_page) = self.pages.0.get_mut(&page) else { return };
        open_page.frames.insert(frame, FrameState::new(about, kept));
        if self.projection.is_some() {
            self.process_waiting(page, frame);
        }
    }

    /// Handles a message of the page itself: what its agent looks at.
    fn page_message_received(&mut self, page: Page, message: &Value) {
        let Some(open_page) = self.pages.0.get_mut(&page) else { return };
        if message.get("type").and_then(Value::as_str) == Some("focus") {
            let interaction = message.get("interaction").and_then(Value::as_str);
            open_page.focus = interaction.and_then(|id| id.parse().ok());
        }
    }

    /// Handles a message of a frame, if its origin is that of the frame's page on the floor.
    fn posted(&mut self, page: Page, frame: Frame, origin: String, message: Value) {
        let is_known = self.projection.is_some();
        let Some(frame_state) = self.pages.frame_mut(page, frame) else { return };
        if is_known {
            return self.message_received(page, frame, &origin, &message);
        }
        if frame_state.waiting.len() < WAITING_MAX {
            return frame_state.waiting.push((origin, message));
        }
        self.warn(
            page,
            &format!("More than {WAITING_MAX} messages came before the page was ready. One was dropped."),
        );
    }

    /// Handles the messages that waited for the first snapshot.
    pub(super) fn process_all_waiting(&mut self) {
        let pages = self.pages.0.iter();
        let frames: Vec<(Page, Frame)> = pages
            .flat_map(|(page, open_page)| open_page.frames.keys().map(|frame| (*page, *frame)))
            .collect();
        frames.into_iter().for_each(|(page, frame)| self.process_waiting(page, frame));
    }

    fn process_waiting(&mut self, page: Page, frame: Frame) {
        let Some(frame_state) = self.pages.frame_mut(page, frame) else { return };
        let (kept, waiting) = (frame_state.kept.take(), std::mem::take(&mut frame_state.waiting));
        if let Some(kept) = kept {
            self.restore(page, frame, &kept);
        }
        for (origin, message) in waiting {
            self.message_received(page, frame, &origin, &message);
        }
    }

    fn message_received(&mut self, page: Page, frame: Frame, origin: &str, message: &Value) {
        let expected = self.origin(page, frame);
        if expected.as_deref() == Some(origin) {
            return self.handle_message(page, frame, message);
        }
        let Some(frame_state) =
            self.pages.frame_mut(page, frame).filter(|frame_state| !frame_state.is_foreign)
        else {
            return;
        };
        frame_state.is_foreign = true;
        let place = frame_state.about.place.clone();
        let text = match expected {
            Some(expected) => format!(
                "The page {place} of the floor has origin {expected}. A message from {origin} was ignored."
            ),
            None => format!("The floor has no page {place}; a message of {origin} was ignored."),
        };
        self.warn(page, &text);
    }

    /// The origin of a frame's page on the floor.
    pub(super) fn origin(&self, page: Page, frame: Frame) -> Option<String> {
        let frame_state = self.pages.0.get(&page)?.frames.get(&frame)?;
        let place = model::PageId::new(&frame_state.about.place).ok()?;
        Some(self.projection.as_ref()?.floor.page(&place)?.url.origin())
    }

    /// Writes a warning to the console of the page.
    pub(super) fn warn(&mut self, page: Page, text: &str) {
        self.out.page(page, ToPage::Message { message: json!({"type": "warn", "text": text}) });
    }
}
