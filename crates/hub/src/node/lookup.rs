//! Asks the directory who is at the other end, away from the core's thread.

use std::sync::Arc;

use cordboard_core::{Input, LookedUp};
use model::{Country, Number};
use tokio::sync::mpsc;

use super::{inbox::Ask, shared::Shared};

/// How many questions may wait. Ours: a second of a busy floor.
pub(crate) const QUESTIONS_MAX: usize = 4_096;

/// Whose number it is.
pub(crate) struct Question {
    pub(crate) of: LookedUp,
    pub(crate) number: Number,
    /// Where the floor is.
    pub(crate) country: Option<Country>,
}

/// Answers questions until nobody asks any more. A directory that fails knows nobody.
///
/// The core is told of unknown callers as well, so that desks do not wait for them; it makes an event of that only where they do.
pub(crate) fn run(mut questions: mpsc::Receiver<Question>, core: mpsc::WeakSender<Ask>, shared: Arc<Shared>) {
    numbers::warm_up(None);
    while let Some(Question { of, number, country }) = questions.blocking_recv() {
        let contacts = shared.reader.contacts_by_number(&number, country).unwrap_or_else(|error| {
            tracing::warn!(%error, "directory lookup failed");
            Vec::new()
        });
        let Some(core) = core.upgrade() else { return };
        let input = Input::Contacts { of, contacts };
        if core.blocking_send(Ask::Input { input, asker: None }).is_err() {
            return;
        }
    }
}
