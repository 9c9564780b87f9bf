//! A frame loads a document again: what the document before subscribed to is forgotten.
//!
//! The browser reports the load after the document's own scripts have run, and no earlier sign of it crosses origins. A registration
//! that came until then looks as if the document before had sent it. So a registration that was refused because there was one is taken to
//! be the new document's, and so is one that was accepted a moment before. Where that guess is wrong, the document registers later than
//! its load, and its registration replaces what was guessed.

use session::{Frame, Page};

use super::{Telephony, desks::Seat};
use crate::wire::limits::LOADS_WITHIN;

impl Telephony {
    pub(super) fn loaded(&mut self, page: Page, frame: Frame) {
        let now = self.out.now();
        let Some(seat) = self.desks.seat(page, frame) else { return };
        (seat.kept, seat.is_foreign) = (None, false);
        let is_recent = |seat: &Seat| seat.registered_at.is_some_and(|at| now.since(at) <= LOADS_WITHIN);
        let refused = seat.refused.take();
        if refused.is_some() || !is_recent(seat) {
            seat.subscription = None;
        }
        self.keep(page, frame);
        if let Some(register) = refused {
            self.register(page, frame, register);
        }
        if let Some(seat) = self.desks.seat(page, frame) {
            seat.is_assumed = seat.subscription.is_some();
        }
    }
}
