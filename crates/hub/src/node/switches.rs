//! The way to the sessions that are switches.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use cordboard_core::Asked;
use model::SwitchId;
use tokio::sync::mpsc;

/// How many requests may wait for one switch's session. Ours.
const REQUESTS_MAX: usize = 4_096;

/// Which session is which switch.
#[derive(Default)]
pub(crate) struct Switches(RwLock<HashMap<SwitchId, Line>>);

struct Line {
    requests: mpsc::Sender<Asked>,
    overflow: Arc<AtomicBool>,
}

/// Where a switch's session takes its requests.
pub(crate) struct Requests {
    requests: mpsc::Receiver<Asked>,
    overflow: Arc<AtomicBool>,
}

impl Switches {
    /// Opens the way to a switch; one opened before for the same switch ends.
    pub(crate) fn open(&self, switch: SwitchId) -> Requests {
        let (sender, requests) = mpsc::channel(REQUESTS_MAX);
        let overflow = Arc::new(AtomicBool::new(false));
        let line = Line { requests: sender, overflow: Arc::clone(&overflow) };
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(switch, line);
        Requests { requests, overflow }
    }

    /// Sends a request. What cannot be sent stays unanswered in the core, and is sent again when the session has room or its link is up.
    pub(crate) fn send(&self, asked: Asked) {
        let lines = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(line) = lines.get(&asked.switch) else {
            tracing::debug!(switch = %asked.switch, request = asked.request.0, "no session for the switch");
            return;
        };
        if line.requests.try_send(asked).is_err() {
            line.overflow.store(true, Ordering::Release);
        }
    }
}

impl Requests {
    /// Waits for a request.
    pub(crate) async fn next(&mut self) -> Option<Asked> {
        self.requests.recv().await
    }

    /// Whether requests were left out and there is room again; says so once.
    pub(crate) fn left_out(&self) -> bool {
        self.requests.is_empty() && self.overflow.swap(false, Ordering::AcqRel)
    }
}
