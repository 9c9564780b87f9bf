//! The pages of a session under test.

use std::collections::{BTreeMap, BTreeSet};

use super::bench::choose;
use crate::{FRAMES_MAX, Frame, FromPage, MESSAGE_BYTES_MAX, Page, ToPage};

/// Pages and their frames, as the driver tracks them.
#[derive(Debug, Default)]
pub(super) struct Pages {
    last: u64,
    open: BTreeMap<Page, BTreeSet<Frame>>,
    /// Closed by the session, which has not received `Closed` yet.
    ending: BTreeMap<Page, BTreeSet<Frame>>,
}

impl Pages {
    /// Opens a page.
    pub(super) fn open(&mut self) -> Page {
        self.last += 1;
        self.open.insert(Page(self.last), BTreeSet::new());
        Page(self.last)
    }

    /// Selects a page; first those that the session has closed.
    pub(super) fn choose(&self, index: usize) -> Option<Page> {
        let all: Vec<Page> = self.ending.keys().chain(self.open.keys()).copied().collect();
        choose(&all, index)
    }

    /// Whether a page can send a message in its current state. If so, the state changes accordingly.
    pub(super) fn takes(&mut self, page: Page, message: &FromPage) -> bool {
        if let FromPage::Closed { .. } = message {
            return self.ending.remove(&page).or_else(|| self.open.remove(&page)).is_some();
        }
        let Some(frames) = self.open.get_mut(&page).or_else(|| self.ending.get_mut(&page)) else {
            return false;
        };
        match message {
            FromPage::Opened { .. } | FromPage::Closed { .. } => false,
            FromPage::FrameOpened { frame, .. } => frames.len() < FRAMES_MAX && frames.insert(*frame),
            FromPage::Posted { frame, .. } | FromPage::FrameLoaded { frame } => frames.contains(frame),
            FromPage::FrameClosed { frame } => frames.remove(frame),
            FromPage::Message { .. } => true,
        }
    }

    /// Checks a message to a page.
    pub(super) fn note(&mut self, page: Page, message: &ToPage) {
        let frames = self.open.get(&page);
        let frames = frames.unwrap_or_else(|| panic!("{page:?} is not there and is told {message:?}"));
        match message {
            ToPage::Post { frame, message, .. }
            | ToPage::Keep { frame, state: message }
            | ToPage::OnClose { frame, message: Some(message), .. } => {
                assert!(frames.contains(frame), "{frame:?} of {page:?} is not there and is told {message:?}");
                let bytes = message.to_string().len();
                assert!(bytes <= MESSAGE_BYTES_MAX, "{bytes} bytes are to go to {frame:?} of {page:?}");
            }
            ToPage::OnClose { frame, message: None, .. } => {
                assert!(frames.contains(frame), "{frame:?} of {page:?} is not there and is told {message:?}");
            }
            ToPage::Message { .. } => {}
            ToPage::Close { .. } => {
                let frames = self.open.remove(&page).unwrap_or_default();
                self.ending.insert(page, frames);
            }
        }
    }
}
