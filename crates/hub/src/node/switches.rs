//! Routes requests to the sessions that are switches.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use cordboard_core::OutgoingRequest;
use model::SwitchId;

use super::shared_queue::SharedQueue;
use crate::engine::RequestQueue;

/// How many requests may wait for the session of one switch. Our choice.
const REQUESTS_MAX: usize = 4_096;

/// The request queue of each switch.
#[derive(Default)]
pub(crate) struct Switches(RwLock<HashMap<SwitchId, Arc<SharedQueue<RequestQueue>>>>);

/// The receiving side of a switch's request queue.
pub(crate) struct Requests(Arc<SharedQueue<RequestQueue>>);

impl Switches {
    /// Opens the queue of a switch. Closes an earlier one for the same switch.
    pub(crate) fn open(&self, switch: SwitchId) -> Requests {
        let queue = SharedQueue::new(RequestQueue::new(REQUESTS_MAX));
        let mut queues = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = queues.insert(switch, Arc::clone(&queue)) {
            before.change(RequestQueue::close);
        }
        Requests(queue)
    }

    /// Adds a request to the queue of its switch.
    pub(crate) fn send(&self, request: OutgoingRequest) {
        let queues = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match queues.get(&request.switch) {
            Some(queue) => queue.change(|queue| queue.put(request)),
            None => {
                tracing::debug!(switch = %request.switch, request = request.request.0, "request not sent: the switch has no session");
            }
        }
    }
}

impl Requests {
    /// Waits for a request. `None` if the queue is closed.
    pub(crate) async fn next(&mut self) -> Option<OutgoingRequest> {
        loop {
            let (request, ended) = self.0.with(|queue| (queue.take(), queue.is_closed()));
            if request.is_some() || ended {
                return request;
            }
            self.0.changed().await;
        }
    }

    /// Whether requests were left out and there is room again. Resets the mark.
    pub(crate) fn left_out(&self) -> bool {
        self.0.with(RequestQueue::left_out)
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        self.0.with(RequestQueue::close);
    }
}
