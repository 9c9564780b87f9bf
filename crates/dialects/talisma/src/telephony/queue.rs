//! Notifications for one user: in order, one on its way at a time.

use std::{collections::VecDeque, sync::Arc};

use model::{InteractionId, Timestamp};

use crate::wire::{
    Notification,
    limits::{RETRIES, WAIT_MAX},
};

/// A notification that is to be posted.
#[derive(Debug, Clone)]
pub(super) struct Post {
    /// Of which call.
    pub(super) call: InteractionId,
    pub(super) since: Timestamp,
    pub(super) notification: Arc<Notification>,
}

/// Notifications for one user.
#[derive(Debug, Default)]
pub(super) struct Queue {
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

/// What comes of a notification that did not arrive.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Setback {
    /// It is posted again later.
    Again,
    /// Tried often enough.
    Final,
}

impl Queue {
    /// Adds one. Says which call's was dropped for it: the oldest that is not on its way.
    pub(super) fn push(&mut self, post: Post, waiting_max: usize) -> Option<InteractionId> {
        let full = self.waiting.len() >= waiting_max.max(2);
        let oldest = usize::from(self.state == State::Flying);
        let dropped = if full { self.waiting.remove(oldest) } else { None };
        if dropped.is_some() && oldest == 0 {
            (self.state, self.tries) = (State::Idle, 0);
        }
        self.waiting.push_back(post);
        dropped.map(|post| post.call)
    }

    /// The notification to be posted now, when it is time for one. What has waited for too long is dropped.
    pub(super) fn fly(&mut self, now: Timestamp) -> Option<Arc<Notification>> {
        match self.state {
            State::Flying => return None,
            State::Resting(until) if until > now => return None,
            State::Resting(_) | State::Idle => {}
        }
        while self.waiting.front().is_some_and(|post| now.since(post.since) > WAIT_MAX) {
            self.landed();
        }
        let notification = self.waiting.front().map(|post| Arc::clone(&post.notification));
        self.state = if notification.is_some() { State::Flying } else { State::Idle };
        notification
    }

    /// It arrived, or is given up.
    pub(super) fn landed(&mut self) {
        self.waiting.pop_front();
        (self.state, self.tries) = (State::Idle, 0);
    }

    /// It did not arrive.
    pub(super) fn not_arrived(&mut self, now: Timestamp) -> Setback {
        match RETRIES.get(self.tries) {
            Some(pause) => {
                self.tries += 1;
                self.state = State::Resting(now + *pause);
                Setback::Again
            }
            None => {
                self.landed();
                Setback::Final
            }
        }
    }

    /// The call is over: what was not posted yet need not be.
    pub(super) fn forget(&mut self, call: InteractionId) {
        let first_flies = self.state == State::Flying;
        let mut index = 0;
        self.waiting.retain(|post| {
            let keep = post.call != call || (index == 0 && first_flies);
            index += 1;
            keep
        });
        if self.waiting.is_empty() {
            (self.state, self.tries) = (State::Idle, 0);
        }
    }

    /// When the pause will be over.
    pub(super) fn resting_until(&self) -> Option<Timestamp> {
        match self.state {
            State::Resting(until) => Some(until),
            State::Idle | State::Flying => None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}
