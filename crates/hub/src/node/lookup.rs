//! The lookup thread: finds contacts in the directory, away from the core's thread.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{inbox::CoreRequest, shared::Shared};
use crate::engine::ContactLookup;

/// How many lookups may wait. Our choice: those of one second on a busy floor.
pub(crate) const QUESTIONS_MAX: usize = 4_096;

/// Runs until all senders are gone.
pub(crate) fn run(
    mut lookups: mpsc::Receiver<ContactLookup>,
    core: mpsc::WeakSender<CoreRequest>,
    shared: Arc<Shared>,
) {
    numbers::warm_up(None);
    while let Some(lookup) = lookups.blocking_recv() {
        let input = lookup.run(&*shared.reader);
        let Some(core) = core.upgrade() else { return };
        if core.blocking_send(CoreRequest::Input { input, requester: None }).is_err() {
            return;
        }
    }
}
