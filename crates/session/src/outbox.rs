//! Messages for one peer, sent in order and one at a time.

use std::{collections::VecDeque, time::Duration};

use model::Timestamp;

use crate::Backoff;

/// A queue of messages for one peer. The session sends the first message, reports the result, and only then sends the
/// next one.
#[derive(Debug)]
pub struct Outbox<T> {
    waiting: VecDeque<T>,
    backoff: Backoff,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// The first message was sent and has no result yet.
    Sent,
    /// The first message is sent again at this time.
    Paused(Timestamp),
}

impl<T> Outbox<T> {
    /// Creates an outbox with the pauses before a failed message is sent again.
    pub const fn new(pauses: &'static [Duration]) -> Self {
        Self { waiting: VecDeque::new(), backoff: Backoff::new(pauses), state: State::Idle }
    }

    /// Adds a message.
    pub fn push(&mut self, message: T) {
        self.waiting.push_back(message);
    }

    /// Returns the message to send now and marks it as sent.
    pub fn send(&mut self, now: Timestamp) -> Option<&T> {
        match self.state {
            State::Sent => return None,
            State::Paused(until) if until > now => return None,
            State::Paused(_) | State::Idle => {}
        }
        self.state = if self.waiting.is_empty() { State::Idle } else { State::Sent };
        self.waiting.front()
    }

    /// Removes the first message: it was delivered, or the session gave up on it.
    pub fn finish(&mut self) -> Option<T> {
        self.begin();
        self.waiting.pop_front()
    }

    /// Notes that sending the first message failed. Returns when to send it again, no later than `latest`.
    pub fn fail(&mut self, now: Timestamp, latest: Option<Timestamp>) -> Timestamp {
        let again = now + self.backoff.fail();
        let again = latest.map_or(again, |latest| latest.min(again));
        self.state = State::Paused(again);
        again
    }

    /// Whether the first message was sent again after each pause.
    pub fn is_tried_out(&self) -> bool {
        self.backoff.is_used_up()
    }

    /// The first message, waiting or sent.
    pub fn first(&self) -> Option<&T> {
        self.waiting.front()
    }

    /// Removes the oldest message that is not currently sent.
    pub fn drop_oldest(&mut self) -> Option<T> {
        let oldest = self.on_its_way();
        if oldest == 0 {
            self.begin();
        }
        self.waiting.remove(oldest)
    }

    /// Removes the messages that match and are not currently sent.
    pub fn remove(&mut self, meets: impl Fn(&T) -> bool) -> Vec<T> {
        let sent = self.on_its_way();
        let first_goes = sent == 0 && self.waiting.front().is_some_and(&meets);
        let rest = self.waiting.split_off(sent);
        let (out, stay): (VecDeque<T>, VecDeque<T>) = rest.into_iter().partition(meets);
        self.waiting.extend(stay);
        if first_goes || self.waiting.is_empty() {
            self.begin();
        }
        out.into()
    }

    /// When the pause is over.
    pub fn paused_until(&self) -> Option<Timestamp> {
        match self.state {
            State::Paused(until) => Some(until),
            State::Idle | State::Sent => None,
        }
    }

    /// The number of messages, waiting or sent.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether there are no messages.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    fn begin(&mut self) {
        self.state = State::Idle;
        self.backoff.reset();
    }

    fn on_its_way(&self) -> usize {
        usize::from(self.state == State::Sent).min(self.waiting.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSES: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(20)];

    fn filled() -> Outbox<char> {
        let mut outbox = Outbox::new(&PAUSES);
        ['a', 'b', 'c'].into_iter().for_each(|message| outbox.push(message));
        outbox
    }

    #[test]
    fn one_is_on_its_way_at_a_time() {
        let mut outbox = filled();
        assert_eq!(outbox.send(Timestamp(0)), Some(&'a'));
        assert_eq!(outbox.send(Timestamp(0)), None);
        assert_eq!(outbox.finish(), Some('a'));
        assert_eq!(outbox.send(Timestamp(0)), Some(&'b'));
    }

    #[test]
    fn what_did_not_arrive_is_sent_again_after_a_pause() {
        let mut outbox = filled();
        outbox.send(Timestamp(0));
        assert_eq!(outbox.fail(Timestamp(0), None), Timestamp(10));
        assert_eq!(outbox.paused_until(), Some(Timestamp(10)));
        assert_eq!(outbox.send(Timestamp(9)), None);
        assert_eq!(outbox.send(Timestamp(10)), Some(&'a'));
        assert_eq!(outbox.fail(Timestamp(10), Some(Timestamp(15))), Timestamp(15));
        assert!(outbox.is_tried_out());
        assert_eq!(outbox.finish(), Some('a'));
        assert!(!outbox.is_tried_out(), "the next one begins with the first pause");
    }

    #[test]
    fn what_is_on_its_way_is_not_taken_out() {
        let mut outbox = filled();
        outbox.send(Timestamp(0));
        assert_eq!(outbox.drop_oldest(), Some('b'));
        assert_eq!(outbox.remove(|_| true), ['c']);
        assert_eq!(outbox.finish(), Some('a'));
    }

    #[test]
    fn the_one_that_follows_a_removed_one_waits_for_no_pause() {
        let mut outbox = filled();
        outbox.send(Timestamp(0));
        outbox.fail(Timestamp(0), None);
        assert_eq!(outbox.remove(|message| *message == 'a'), ['a']);
        assert_eq!(outbox.send(Timestamp(0)), Some(&'b'));
    }
}
