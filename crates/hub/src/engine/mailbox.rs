//! The bounded queue between fan-out and one subscriber.

use std::{
    cell::RefCell,
    collections::VecDeque,
    rc::Rc,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use model::Seq;
use store::Entry;

use super::Start;

/// An event for subscribers. All of them share one instance.
#[derive(Debug)]
pub struct Published {
    /// The record and its JSON.
    pub entry: Entry,
    /// The encoded message for one `prev`. Readers with the same `prev` share it.
    pub frame: OnceLock<(Seq, Bytes)>,
}

impl Published {
    /// Creates an event without an encoded message.
    pub(super) fn new(entry: Entry) -> Arc<Self> {
        Arc::new(Self { entry, frame: OnceLock::new() })
    }
}

/// The limits for the events that wait for one subscriber.
#[derive(Debug, Clone, Copy)]
pub struct MailboxLimits {
    /// The most events.
    pub events_max: usize,
    /// The most bytes of JSON.
    pub bytes_max: usize,
}

impl Default for MailboxLimits {
    fn default() -> Self {
        Self { events_max: 4_096, bytes_max: 4 << 20 }
    }
}

/// What a reader takes out of its mailbox.
#[derive(Debug)]
pub enum MailboxContents {
    /// The subscription starts or restarts.
    Start(Box<Start>),
    /// Events, in order.
    Events(VecDeque<Arc<Published>>),
    /// The mailbox is empty.
    Nothing,
    /// The reader was too slow; its events were dropped.
    Overflow,
    /// The mailbox is closed.
    Closed,
}

/// The result of a put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// The events were added.
    Kept,
    /// A limit was reached. The mailbox is empty and accepts nothing until a new start.
    Overflow,
    /// The reader is gone.
    Gone,
}

/// Access to a mailbox that fan-out and reader share.
pub trait SharedMailbox: Clone {
    /// Accesses the mailbox.
    fn with<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T;

    /// Changes the mailbox and wakes the reader.
    fn change<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        self.with(act)
    }
}

/// For a fan-out and a reader on the same thread: the reader polls.
impl SharedMailbox for Rc<RefCell<Mailbox>> {
    fn with<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        act(&mut self.borrow_mut())
    }
}

/// The bounded queue of one subscriber.
#[derive(Debug)]
pub struct Mailbox {
    start: Option<Box<Start>>,
    events: VecDeque<Arc<Published>>,
    bytes: usize,
    state: State,
    turn: u64,
    limits: MailboxLimits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Waits for its start.
    Requested,
    /// Accepts events.
    Open,
    /// Has lost events.
    Overflow,
    /// Accepts nothing more.
    Closed,
}

impl Mailbox {
    /// Creates a mailbox that waits for its start.
    pub fn new(limits: MailboxLimits) -> Self {
        Self { start: None, events: VecDeque::new(), bytes: 0, state: State::Requested, turn: 0, limits }
    }

    /// Starts or restarts the subscription and drops everything that waited before.
    ///
    /// Returns the turn number that each put must name, so that events of an earlier start are refused. `None` if the reader is gone.
    pub fn start(&mut self, start: Start) -> Option<u64> {
        if self.is_closed() {
            return None;
        }
        self.empty(State::Open);
        self.start = Some(Box::new(start));
        self.turn += 1;
        Some(self.turn)
    }

    /// Adds events, in order.
    pub fn put(&mut self, turn: u64, events: &mut Vec<Arc<Published>>) -> PutOutcome {
        if turn != self.turn || self.state != State::Open {
            return PutOutcome::Gone;
        }
        self.bytes += events.iter().map(|event| event.entry.json().len()).sum::<usize>();
        self.events.extend(events.drain(..));
        if self.events.len() > self.limits.events_max || self.bytes > self.limits.bytes_max {
            self.empty(State::Overflow);
            return PutOutcome::Overflow;
        }
        PutOutcome::Kept
    }

    /// Takes everything that waits. Events from before the mailbox was closed are still returned.
    pub fn take(&mut self) -> MailboxContents {
        if let Some(start) = self.start.take() {
            return MailboxContents::Start(start);
        }
        if !self.events.is_empty() {
            self.bytes = 0;
            return MailboxContents::Events(std::mem::take(&mut self.events));
        }
        match self.state {
            State::Requested | State::Open => MailboxContents::Nothing,
            State::Overflow => MailboxContents::Overflow,
            State::Closed => MailboxContents::Closed,
        }
    }

    /// Empties the mailbox until a new start.
    pub fn request_again(&mut self) {
        if !self.is_closed() {
            self.empty(State::Requested);
        }
    }

    /// Marks events as lost, because the reader could not read the journal.
    pub fn lose(&mut self) {
        if self.state == State::Open {
            self.empty(State::Overflow);
        }
    }

    /// Closes the mailbox.
    pub fn close(&mut self) {
        self.state = State::Closed;
    }

    /// Whether the mailbox is closed.
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    fn empty(&mut self, state: State) {
        self.start = None;
        self.events = VecDeque::new();
        self.bytes = 0;
        self.state = state;
    }
}
