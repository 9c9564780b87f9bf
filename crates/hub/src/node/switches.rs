//! The way to the sessions that are switches.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use cordboard_core::OutgoingRequest;
use model::SwitchId;

use super::waking::Waking;
use crate::engine::RequestQueue;

/// How many requests may wait for one switch's session. Ours.
const REQUESTS_MAX: usize = 4_096;

/// Which session is which switch.
#[derive(Default)]
pub(crate) struct Switches(RwLock<HashMap<SwitchId, Arc<Waking<RequestQueue>>>>);

/// Where a switch's session takes its requests.
pub(crate) struct Requests(Arc<Waking<RequestQueue>>);

impl Switches {
    /// Opens the way to a switch; one opened before for the same switch ends.
    pub(crate) fn open(&self, switch: SwitchId) -> Requests {
        let queue = Waking::new(RequestQueue::new(REQUESTS_MAX));
        let mut queues = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = queues.insert(switch, Arc::clone(&queue)) {
            before.tell(RequestQueue::close);
        }
        Requests(queue)
    }

    /// Sends a request.
    pub(crate) fn send(&self, asked: OutgoingRequest) {
        let queues = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match queues.get(&asked.switch) {
            Some(queue) => queue.tell(|queue| queue.put(asked)),
            None => {
                tracing::debug!(switch = %asked.switch, request = asked.request.0, "no session for the switch");
            }
        }
    }
}

impl Requests {
    /// Waits for a request; `None` when the way has ended.
    pub(crate) async fn next(&mut self) -> Option<OutgoingRequest> {
        loop {
            let (asked, ended) = self.0.with(|queue| (queue.take(), queue.is_closed()));
            if asked.is_some() || ended {
                return asked;
            }
            self.0.changed().await;
        }
    }

    /// Whether requests were left out and there is room again; says so once.
    pub(crate) fn left_out(&self) -> bool {
        self.0.with(RequestQueue::left_out)
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        self.0.with(RequestQueue::close);
    }
}
