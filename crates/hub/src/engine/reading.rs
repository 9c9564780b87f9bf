//! How a subscriber reads: first the missed events from the journal, then its mailbox.

use std::sync::Arc;

use model::{Principal, Seq};
use session::FromHub;
use store::Entry;

use super::{
    FloorSnapshot, Published, Resync, Start, StartWith,
    mailbox::{Mailbox, MailboxContents, SharedMailbox},
    sees,
};

/// How many journal entries are read at a time for a subscriber that reconnects. Our choice.
const CHUNK: usize = 512;

/// An item for a subscriber.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// The current state. Every later event follows.
    Snapshot {
        /// The state.
        current: FloorSnapshot,
        /// Why it replaces missed events, if there are any.
        resync: Option<Resync>,
    },
    /// The subscription continues after this event.
    Resumed(Seq),
    /// An event.
    Event {
        /// The sequence number of the previous delivery.
        prev: Seq,
        /// The event.
        published: Arc<Published>,
    },
}

impl Delivery {
    /// The delivery as an input for a session. Sessions have no cursor, so they never resume.
    pub fn into_input(self) -> Option<FromHub> {
        match self {
            Self::Snapshot { current: FloorSnapshot { snapshot, floor }, resync } => {
                Some(FromHub::Snapshot { snapshot, floor, resync: resync.is_some() })
            }
            Self::Event { published, .. } => Some(FromHub::Event(Arc::clone(published.entry.record()))),
            Self::Resumed(_) => None,
        }
    }
}

/// A subscriber's mailbox and identity.
#[derive(Debug, Clone)]
pub struct Subscriber<M> {
    /// The mailbox that it reads.
    pub mailbox: M,
    /// The principal that reads.
    pub viewer: Principal,
}

/// What a reader has to do next.
#[derive(Debug)]
pub enum Step {
    /// Deliver these items, in order. There is at least one.
    Deliver(Vec<Delivery>),
    /// Read the journal and pass the entries to [`SubscriptionReader::caught_up`].
    Journal {
        /// Read after this entry.
        after: Seq,
        /// Read at most this many entries.
        limit: usize,
    },
    /// Subscribe again with [`SubscriptionReader::again`], from [`Resync::TooSlow`].
    Again,
    /// Wait for a change of the mailbox.
    Wait,
    /// The subscription has ended.
    Ended,
}

/// The reading side of a subscription. Dropping it closes its mailbox.
#[derive(Debug)]
pub struct SubscriptionReader<M: SharedMailbox> {
    who: Subscriber<M>,
    prev: Seq,
    /// The part of the journal that must still be read before the live events.
    missed: Option<MissedRange>,
}

#[derive(Debug, Clone, Copy)]
struct MissedRange {
    read: Seq,
    until: Seq,
}

impl<M: SharedMailbox> SubscriptionReader<M> {
    /// Creates a reader that waits for its start.
    pub fn new(who: Subscriber<M>) -> Self {
        Self { who, prev: Seq(0), missed: None }
    }

    /// The subscriber.
    pub fn who(&self) -> &Subscriber<M> {
        &self.who
    }

    /// The next step. A step that was not carried out is returned again.
    pub fn step(&mut self) -> Step {
        if let Some(MissedRange { read, until }) = self.missed.filter(|missed| missed.read < missed.until) {
            let limit = usize::try_from(until.0 - read.0).unwrap_or(CHUNK).min(CHUNK);
            return Step::Journal { after: read, limit };
        }
        self.missed = None;
        match self.who.mailbox.with(Mailbox::take) {
            MailboxContents::Start(start) => Step::Deliver(vec![self.start(*start)]),
            MailboxContents::Events(events) => Step::Deliver(deliver(&mut self.prev, events)),
            MailboxContents::Nothing => Step::Wait,
            MailboxContents::Overflow => Step::Again,
            MailboxContents::Closed => Step::Ended,
        }
    }

    /// Takes entries of the journal and returns those that the reader may see. If events are missing, the reader needs a new start, as after
    /// an overflow.
    pub fn caught_up(&mut self, entries: Vec<Entry>) -> Vec<Delivery> {
        let Some(missed) = &mut self.missed else { return Vec::new() };
        let whole = entries.first().is_some_and(|entry| entry.seq() == missed.read.next());
        let Some(last) = entries.last().filter(|_| whole) else {
            self.missed = None;
            self.who.mailbox.with(Mailbox::lose);
            return Vec::new();
        };
        missed.read = last.seq();
        let own = entries.into_iter().filter(|entry| sees(&self.who.viewer, &entry.record().event));
        deliver(&mut self.prev, own.map(Published::new))
    }

    /// Empties the mailbox and returns the subscriber for a new start.
    pub fn again(&self) -> Subscriber<M> {
        self.who.mailbox.with(Mailbox::request_again);
        self.who.clone()
    }

    fn start(&mut self, start: Start) -> Delivery {
        match start.with {
            StartWith::Snapshot { current, resync } => {
                self.prev = start.seq;
                Delivery::Snapshot { current, resync }
            }
            StartWith::Journal { after } => {
                self.prev = after;
                self.missed = Some(MissedRange { read: after, until: start.seq });
                Delivery::Resumed(after)
            }
        }
    }
}

impl<M: SharedMailbox> Drop for SubscriptionReader<M> {
    fn drop(&mut self) {
        self.who.mailbox.with(Mailbox::close);
    }
}

/// Adds to each event the sequence number of the previous delivery.
fn deliver(prev: &mut Seq, events: impl IntoIterator<Item = Arc<Published>>) -> Vec<Delivery> {
    let stamp = |published: Arc<Published>| {
        let prev = std::mem::replace(prev, published.entry.seq());
        Delivery::Event { prev, published }
    };
    events.into_iter().map(stamp).collect()
}
