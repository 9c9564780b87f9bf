//! The events for one listener: in order, one on its way at a time (uwq.md §5.6).

use std::collections::VecDeque;

use bytes::Bytes;
use model::{ConversationId, Timestamp};

use crate::wire::limits::{EVENT_RETRIES, EVENTS_WAITING_MAX};

/// An event that is to be posted.
#[derive(Debug, Clone)]
pub(super) struct Post {
    /// Of which call.
    pub(super) call: ConversationId,
    pub(super) body: Bytes,
}

/// The events for one listener.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Post>,
    /// How often the first one was tried.
    tries: usize,
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Idle,
    /// The first one is on its way.
    Flying,
    /// The first one is tried again at that time.
    Resting(Timestamp),
}

/// What comes of a listener that was not reached.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Setback {
    /// Try again then.
    Again(Timestamp),
    /// Tried often enough.
    Final,
}

impl Outbox {
    /// Whether another call may be announced. The events of calls that were are always taken, so three times this many is the most.
    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < EVENTS_WAITING_MAX
    }

    pub(super) fn push(&mut self, post: Post) {
        self.waiting.push_back(post);
    }

    /// The event to be posted, when it is time for one.
    pub(super) fn fly(&mut self) -> Option<Bytes> {
        if self.state != State::Idle {
            return None;
        }
        let body = self.waiting.front()?.body.clone();
        self.state = State::Flying;
        Some(body)
    }

    /// The event arrived.
    pub(super) fn landed(&mut self) {
        self.waiting.pop_front();
        (self.state, self.tries) = (State::Idle, 0);
    }

    /// The listener was not reached.
    pub(super) fn not_reached(&mut self, now: Timestamp) -> Setback {
        match EVENT_RETRIES.get(self.tries) {
            Some(pause) => {
                self.tries += 1;
                self.state = State::Resting(now + *pause);
                Setback::Again(now + *pause)
            }
            None => Setback::Final,
        }
    }

    /// The pause is over.
    pub(super) fn rested(&mut self) {
        if let State::Resting(_) = self.state {
            self.state = State::Idle;
        }
    }

    /// When the pause will be over.
    pub(super) fn resting_until(&self) -> Option<Timestamp> {
        match self.state {
            State::Resting(until) => Some(until),
            State::Idle | State::Flying => None,
        }
    }

    /// Drops the event that failed and all others of its call; says which call it is.
    pub(super) fn give_up(&mut self) -> Option<ConversationId> {
        let call = self.waiting.front()?.call;
        self.waiting.retain(|post| post.call != call);
        (self.state, self.tries) = (State::Idle, 0);
        Some(call)
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}
