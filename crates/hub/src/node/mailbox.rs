//! The bounded queue between fan-out and one subscriber.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use bytes::Bytes;
use store::Entry;
use tokio::sync::Notify;

use crate::engine::Start;

/// An event as it is handed to subscribers: one for all of them.
#[derive(Debug)]
pub struct Published {
    /// The record and its JSON.
    pub entry: Entry,
    /// Bytes that a reader made of it for one `prev` and that others with the same `prev` may use too.
    pub frame: OnceLock<(model::Seq, Bytes)>,
}

/// How much may wait for one subscriber.
#[derive(Debug, Clone, Copy)]
pub struct MailboxLimits {
    /// Events.
    pub events_max: usize,
    /// Their JSON together. Bytes.
    pub bytes_max: usize,
}

impl Default for MailboxLimits {
    fn default() -> Self {
        Self { events_max: 4_096, bytes_max: 4 << 20 }
    }
}

/// What a reader finds.
#[derive(Debug)]
pub(crate) enum Found {
    /// The subscription begins, or begins again.
    Start(Box<Start>),
    /// Events, in order.
    Events(VecDeque<Arc<Published>>),
    /// Nothing at the moment.
    Nothing,
    /// Too much was waiting; all of it is gone.
    Overflow,
    /// Nothing will come any more.
    Closed,
}

/// What became of events that were put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    /// They wait.
    Kept,
    /// They were too much: the mailbox is empty and takes no more until a new start.
    Overflow,
    /// Nobody reads any more.
    Gone,
}

/// The queue itself, shared by fan-out and reader.
#[derive(Debug)]
pub(crate) struct Mailbox {
    inner: Mutex<Inner>,
    wake: Notify,
    limits: MailboxLimits,
}

#[derive(Debug)]
struct Inner {
    start: Option<Box<Start>>,
    events: VecDeque<Arc<Published>>,
    bytes: usize,
    state: State,
    turn: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Waits for its start.
    Asked,
    /// Takes events.
    Open,
    /// Lost events.
    Overflow,
    /// Nothing goes in any more.
    Closed,
}

impl Mailbox {
    pub(crate) fn new(limits: MailboxLimits) -> Self {
        let inner = Inner { start: None, events: VecDeque::new(), bytes: 0, state: State::Asked, turn: 0 };
        Self { inner: Mutex::new(inner), wake: Notify::new(), limits }
    }

    /// Begins, or begins again: what waited before is of no use any more.
    ///
    /// Gives the turn that has to be named with each put, so that what belongs to the start before cannot come in between; `None`
    /// when nobody reads any more.
    pub(crate) fn start(&self, start: Start) -> Option<u64> {
        let mut inner = self.lock();
        if inner.state == State::Closed {
            return None;
        }
        inner.empty();
        inner.start = Some(Box::new(start));
        inner.state = State::Open;
        inner.turn += 1;
        let turn = inner.turn;
        drop(inner);
        self.wake.notify_one();
        Some(turn)
    }

    /// Puts events in, in order.
    pub(crate) fn put(&self, turn: u64, events: &mut Vec<Arc<Published>>) -> Put {
        let mut inner = self.lock();
        if turn != inner.turn {
            return Put::Gone;
        }
        let put = inner.put(events, self.limits);
        drop(inner);
        self.wake.notify_one();
        put
    }

    /// Takes what is there.
    pub(crate) fn take(&self) -> Found {
        self.lock().take()
    }

    /// Waits until there may be something to take.
    pub(crate) async fn changed(&self) {
        self.wake.notified().await;
    }

    /// The reader asks for a new start.
    pub(crate) fn ask_again(&self) {
        let mut inner = self.lock();
        if inner.state != State::Closed {
            inner.empty();
            inner.state = State::Asked;
        }
    }

    /// The reader could not read what came before the live events: as bad as an overflow.
    pub(crate) fn lose(&self) {
        let mut inner = self.lock();
        if inner.state == State::Open {
            inner.empty();
            inner.state = State::Overflow;
        }
    }

    /// Nobody reads or writes any more.
    pub(crate) fn close(&self) {
        self.lock().state = State::Closed;
        self.wake.notify_one();
    }

    /// Whether nobody reads or writes any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().state == State::Closed
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn put(&mut self, events: &mut Vec<Arc<Published>>, limits: MailboxLimits) -> Put {
        match self.state {
            State::Closed => return Put::Gone,
            State::Asked | State::Overflow => return Put::Gone,
            State::Open => {}
        }
        self.bytes += events.iter().map(|event| event.entry.json().len()).sum::<usize>();
        self.events.extend(events.drain(..));
        if self.events.len() > limits.events_max || self.bytes > limits.bytes_max {
            self.empty();
            self.state = State::Overflow;
            return Put::Overflow;
        }
        Put::Kept
    }

    /// What was put in before the mailbox was closed is still given out.
    fn take(&mut self) -> Found {
        if let Some(start) = self.start.take() {
            return Found::Start(start);
        }
        if !self.events.is_empty() {
            self.bytes = 0;
            return Found::Events(std::mem::take(&mut self.events));
        }
        match self.state {
            State::Asked | State::Open => Found::Nothing,
            State::Overflow => Found::Overflow,
            State::Closed => Found::Closed,
        }
    }

    fn empty(&mut self) {
        self.start = None;
        self.events = VecDeque::new();
        self.bytes = 0;
    }
}
