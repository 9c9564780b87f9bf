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

/// An event as it is handed to subscribers: one for all of them.
#[derive(Debug)]
pub struct Published {
    /// The record and its JSON.
    pub entry: Entry,
    /// Bytes that a reader made of it for one `prev` and that others with the same `prev` may use too.
    pub frame: OnceLock<(Seq, Bytes)>,
}

impl Published {
    /// An event that nobody has made bytes of.
    pub(super) fn new(entry: Entry) -> Arc<Self> {
        Arc::new(Self { entry, frame: OnceLock::new() })
    }
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
pub enum Found {
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
pub enum Put {
    /// They wait.
    Kept,
    /// They were too much: the mailbox is empty and takes no more until a new start.
    Overflow,
    /// Nobody reads any more.
    Gone,
}

/// How fan-out and reader reach the mailbox that they share.
pub trait SharedMailbox: Clone {
    /// Looks into the mailbox, or changes it.
    fn with<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T;

    /// Changes the mailbox, and wakes the reader where it waits.
    fn tell<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        self.with(act)
    }
}

/// Where fan-out and reader run on one thread, and the reader comes by itself.
impl SharedMailbox for Rc<RefCell<Mailbox>> {
    fn with<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        act(&mut self.borrow_mut())
    }
}

/// The queue itself.
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
    Asked,
    /// Takes events.
    Open,
    /// Lost events.
    Overflow,
    /// Nothing goes in any more.
    Closed,
}

impl Mailbox {
    /// One that waits for its start.
    pub fn new(limits: MailboxLimits) -> Self {
        Self { start: None, events: VecDeque::new(), bytes: 0, state: State::Asked, turn: 0, limits }
    }

    /// Begins, or begins again: what waited before is of no use any more.
    ///
    /// Gives the turn that has to be named with each put, so that what belongs to the start before cannot come in between; `None`
    /// when nobody reads any more.
    pub fn start(&mut self, start: Start) -> Option<u64> {
        if self.is_closed() {
            return None;
        }
        self.empty(State::Open);
        self.start = Some(Box::new(start));
        self.turn += 1;
        Some(self.turn)
    }

    /// Puts events in, in order.
    pub fn put(&mut self, turn: u64, events: &mut Vec<Arc<Published>>) -> Put {
        if turn != self.turn || self.state != State::Open {
            return Put::Gone;
        }
        self.bytes += events.iter().map(|event| event.entry.json().len()).sum::<usize>();
        self.events.extend(events.drain(..));
        if self.events.len() > self.limits.events_max || self.bytes > self.limits.bytes_max {
            self.empty(State::Overflow);
            return Put::Overflow;
        }
        Put::Kept
    }

    /// Takes what is there. What was put in before the mailbox was closed is still given out.
    pub fn take(&mut self) -> Found {
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

    /// The reader asks for a new start.
    pub fn ask_again(&mut self) {
        if !self.is_closed() {
            self.empty(State::Asked);
        }
    }

    /// The reader could not read what came before the live events: as bad as an overflow.
    pub fn lose(&mut self) {
        if self.state == State::Open {
            self.empty(State::Overflow);
        }
    }

    /// Nobody reads or writes any more.
    pub fn close(&mut self) {
        self.state = State::Closed;
    }

    /// Whether nobody reads or writes any more.
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
