//! Notifications for one user: in order, one on its way at a time.

use std::{collections::VecDeque, sync::Arc};

use model::{AgentId, InteractionId, Timestamp};

use crate::wire::{
    Notification,
    limits::{RETRIES, WAIT_MAX},
};

/// A notification that is to be posted.
#[derive(Debug, Clone)]
pub(super) struct Post {
    /// Of which call.
    pub(super) call: InteractionId,
    /// Whose.
    pub(super) agent: AgentId,
    /// When there was a reason to post it.
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

impl Queue {
    /// Adds one. Returns the one that was dropped for it: the oldest that is not on its way.
    pub(super) fn push(&mut self, post: Post, waiting_max: usize) -> Option<Post> {
        let full = self.waiting.len() >= waiting_max.max(2);
        let oldest = usize::from(self.state == State::Flying);
        let dropped = if full { self.waiting.remove(oldest) } else { None };
        if dropped.is_some() && oldest == 0 {
            (self.state, self.tries) = (State::Idle, 0);
        }
        self.waiting.push_back(post);
        dropped
    }

    /// Takes out what has waited for too long: more than a minute, and its call does not ring any more. What is on its way stays.
    pub(super) fn expire(&mut self, now: Timestamp, rings: impl Fn(InteractionId) -> bool) -> Vec<Post> {
        let is_over = |post: &Post| now.since(post.since) > WAIT_MAX && !rings(post.call);
        self.take_out(is_over)
    }

    /// The notification to be posted now, when it is time for one.
    pub(super) fn fly(&mut self, now: Timestamp) -> Option<Arc<Notification>> {
        match self.state {
            State::Flying => return None,
            State::Resting(until) if until > now => return None,
            State::Resting(_) | State::Idle => {}
        }
        let notification = self.waiting.front().map(|post| Arc::clone(&post.notification));
        self.state = if notification.is_some() { State::Flying } else { State::Idle };
        notification
    }

    /// It arrived, or nothing more is done about it.
    pub(super) fn landed(&mut self) -> Option<Post> {
        (self.state, self.tries) = (State::Idle, 0);
        self.waiting.pop_front()
    }

    /// It did not arrive: it is tried again until it has waited for too long, the last time when the minute is over.
    pub(super) fn not_arrived(&mut self, now: Timestamp) {
        let pause = RETRIES.get(self.tries).or(RETRIES.last()).copied().unwrap_or_default();
        self.tries += 1;
        let last = self.waiting.front().map(|post| post.since + WAIT_MAX).filter(|last| *last > now);
        self.state = State::Resting(last.map_or(now + pause, |last| last.min(now + pause)));
    }

    /// The call is over: what was not posted yet need not be.
    pub(super) fn forget(&mut self, call: InteractionId) {
        self.take_out(|post| post.call == call);
    }

    /// Takes all out that is not on its way.
    pub(super) fn clear(&mut self) -> Vec<Post> {
        self.take_out(|_| true)
    }

    /// Takes out what is not on its way and meets a condition.
    fn take_out(&mut self, meets: impl Fn(&Post) -> bool) -> Vec<Post> {
        let flying = usize::from(self.state == State::Flying).min(self.waiting.len());
        let first_goes = flying == 0 && self.waiting.front().is_some_and(&meets);
        let rest = self.waiting.split_off(flying);
        let (out, stay): (VecDeque<Post>, VecDeque<Post>) = rest.into_iter().partition(meets);
        self.waiting.extend(stay);
        if first_goes || self.waiting.is_empty() {
            (self.state, self.tries) = (State::Idle, 0);
        }
        out.into()
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
