//! The bounded queue between fan-out and the session of one switch.

use std::collections::VecDeque;

use cordboard_core::OutgoingRequest;

/// Requests that wait for the session of one switch.
#[derive(Debug)]
pub struct RequestQueue {
    waiting: VecDeque<OutgoingRequest>,
    waiting_max: usize,
    left_out: bool,
    closed: bool,
}

impl RequestQueue {
    /// An empty one, in which so many may wait.
    pub fn new(waiting_max: usize) -> Self {
        Self { waiting: VecDeque::new(), waiting_max, left_out: false, closed: false }
    }

    /// Puts a request in. What finds no room stays unanswered in the core, and is sent again when there is room, or when the link is up.
    pub fn put(&mut self, asked: OutgoingRequest) {
        if self.waiting.len() >= self.waiting_max {
            self.left_out = true;
        } else if !self.closed {
            self.waiting.push_back(asked);
        }
    }

    /// Takes the first request.
    pub fn take(&mut self) -> Option<OutgoingRequest> {
        self.waiting.pop_front()
    }

    /// Whether requests were left out and there is room again: then they are to be sent again. Says so once.
    pub fn left_out(&mut self) -> bool {
        self.waiting.is_empty() && std::mem::take(&mut self.left_out)
    }

    /// Nobody takes any more.
    pub fn close(&mut self) {
        self.closed = true;
        self.waiting = VecDeque::new();
    }

    /// Whether nobody takes any more.
    pub fn is_closed(&self) -> bool {
        self.closed
    }
}
