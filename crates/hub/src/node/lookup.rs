//! Asks the directory who is at the other end, away from the core's thread.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{inbox::Ask, shared::Shared};
use crate::engine::Question;

/// How many questions may wait. Ours: a second of a busy floor.
pub(crate) const QUESTIONS_MAX: usize = 4_096;

/// Answers questions until nobody asks any more.
pub(crate) fn run(mut questions: mpsc::Receiver<Question>, core: mpsc::WeakSender<Ask>, shared: Arc<Shared>) {
    numbers::warm_up(None);
    while let Some(question) = questions.blocking_recv() {
        let input = question.ask(&*shared.reader);
        let Some(core) = core.upgrade() else { return };
        if core.blocking_send(Ask::Input { input, asker: None }).is_err() {
            return;
        }
    }
}
