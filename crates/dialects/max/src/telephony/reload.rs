//! A frame loads another document: the subscription of the previous document is removed.
//!
//! The browser reports a load after the scripts of the new document have run, and gives no earlier sign across origins. A registration from
//! these scripts seems to come from the previous document. So a registration that was refused because another one existed counts as the new
//! document's, and so does one that was accepted very recently. If this guess is wrong, the document registers after its load, and that
//! registration replaces the guessed one.

use session::{Frame, Page};

use super::{TelephonySession, pages::FrameState};
use crate::wire::limits::LOADS_WITHIN;

impl TelephonySession {
    pub(super) fn loaded(&mut self, page: Page, frame: Frame) {
        let now = self.out.now();
        let Some(frame_state) = self.pages.frame_mut(page, frame) else { return };
        (frame_state.kept, frame_state.is_foreign) = (None, false);
        let is_recent = |frame_state: &FrameState| {
            frame_state.registered_at.is_some_and(|at| now.since(at) <= LOADS_WITHIN)
        };
        let refused = frame_state.refused.take();
        if refused.is_some() || !is_recent(frame_state) {
            frame_state.subscription = None;
        }
        self.keep(page, frame);
        if let Some(register) = refused {
            self.register(page, frame, register);
        }
        if let Some(frame_state) = self.pages.frame_mut(page, frame) {
            frame_state.is_guessed = frame_state.subscription.is_some();
        }
    }
}
