//! Asks the directory who is at the other end, away from the core's thread.

use std::sync::Arc;

use cordboard_core::Input;
use model::{InteractionId, Number};
use tokio::sync::mpsc;

use super::{inbox::Ask, shared::Shared};

/// How many questions may wait. Ours: a second of a busy floor.
pub(crate) const QUESTIONS_MAX: usize = 4_096;

/// Whose number it is.
pub(crate) struct Question {
    pub(crate) interaction: InteractionId,
    pub(crate) number: Number,
}

/// Answers questions until nobody asks any more. A directory that fails leaves the interaction without a contact.
pub(crate) fn run(mut questions: mpsc::Receiver<Question>, core: mpsc::WeakSender<Ask>, shared: Arc<Shared>) {
    while let Some(Question { interaction, number }) = questions.blocking_recv() {
        match shared.reader.contact_by_number(&number) {
            Ok(Some(contact)) => {
                let input = Input::Contact { interaction, contact: Box::new(contact) };
                let Some(core) = core.upgrade() else { return };
                if core.blocking_send(Ask::Input { input, asker: None }).is_err() {
                    return;
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "directory lookup failed"),
        }
    }
}
