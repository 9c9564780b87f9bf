//! The bounded queue between fan-out and the session of one switch.

use std::collections::VecDeque;

use cordboard_core::OutgoingRequest;

/// The requests that wait for the session of one switch.
#[derive(Debug)]
pub struct RequestQueue {
    waiting: VecDeque<OutgoingRequest>,
    waiting_max: usize,
    left_out: bool,
    closed: bool,
}

impl RequestQueue {
    /// Creates an empty queue for at most `waiting_max` requests.
    pub fn new(waiting_max: usize) -> Self {
        Self { waiting: VecDeque::new(), waiting_max, left_out: false, closed: false }
    }

    /// Adds a request. If there is no room, it stays unanswered in the core and is sent again later: when there is room or the link comes up.
    pub fn put(&mut self, request: OutgoingRequest) {
        if self.waiting.len() >= self.waiting_max {
            self.left_out = true;
        } else if !self.closed {
            self.waiting.push_back(request);
        }
    }

    /// Takes the oldest request.
    pub fn take(&mut self) -> Option<OutgoingRequest> {
        self.waiting.pop_front()
    }

    /// Whether requests were left out and there is room again, so they should be sent again. Resets the mark.
    pub fn left_out(&mut self) -> bool {
        self.waiting.is_empty() && std::mem::take(&mut self.left_out)
    }

    /// Closes the queue.
    pub fn close(&mut self) {
        self.closed = true;
        self.waiting = VecDeque::new();
    }

    /// Whether the queue is closed.
    pub fn is_closed(&self) -> bool {
        self.closed
    }
}
