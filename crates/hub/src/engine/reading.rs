//! How a subscriber reads: first what it missed, out of the journal, then what waits in its mailbox.

use std::sync::Arc;

use model::{Principal, Seq};
use session::FromHub;
use store::Entry;

use super::{
    Picture, Published, Resync, Start, StartWith,
    mailbox::{Found, Mailbox, SharedMailbox},
    sees,
};

/// How many entries of the journal are read in one go for a subscriber that comes back. Ours.
const CHUNK: usize = 512;

/// Something for a subscriber.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// The state of things; every event after it follows.
    Snapshot {
        /// The state.
        picture: Picture,
        /// Why it comes in place of the events that were missed, where there are any.
        resync: Option<Resync>,
    },
    /// Every event after this one follows.
    Resumed(Seq),
    /// Something happened.
    Event {
        /// The event that was delivered before this one, or the start.
        prev: Seq,
        /// The event.
        published: Arc<Published>,
    },
}

impl Delivery {
    /// As a session hears it. Sessions have no cursor, so nothing of theirs is resumed.
    pub fn heard(self) -> Option<FromHub> {
        match self {
            Self::Snapshot { picture: Picture { snapshot, floor }, resync } => {
                Some(FromHub::Snapshot { snapshot, floor, resync: resync.is_some() })
            }
            Self::Event { published, .. } => Some(FromHub::Event(Arc::clone(published.entry.record()))),
            Self::Resumed(_) => None,
        }
    }
}

/// Who subscribes.
#[derive(Debug, Clone)]
pub struct Subscriber<M> {
    /// Where it reads.
    pub mailbox: M,
    /// Who reads.
    pub viewer: Principal,
}

/// What a reader has to do next.
#[derive(Debug)]
pub enum Step {
    /// Hand these out, in order; there is at least one.
    Deliver(Vec<Delivery>),
    /// Read the journal, and give what is there to [`Reading::caught_up`].
    Journal {
        /// After this entry.
        after: Seq,
        /// At most so many.
        limit: usize,
    },
    /// Subscribe again with [`Reading::again`], from [`Resync::TooSlow`].
    Again,
    /// Wait until something comes into the mailbox.
    Wait,
    /// Nothing comes any more.
    Ended,
}

/// One who reads. Dropping it closes its mailbox.
#[derive(Debug)]
pub struct Reading<M: SharedMailbox> {
    who: Subscriber<M>,
    prev: Seq,
    /// What is still to come out of the journal before the live events.
    missed: Option<Missed>,
}

#[derive(Debug, Clone, Copy)]
struct Missed {
    read: Seq,
    until: Seq,
}

impl<M: SharedMailbox> Reading<M> {
    /// One who has asked for a start and read nothing.
    pub fn new(who: Subscriber<M>) -> Self {
        Self { who, prev: Seq(0), missed: None }
    }

    /// Who reads, and where.
    pub fn who(&self) -> &Subscriber<M> {
        &self.who
    }

    /// What is to be done next. What was not done, as by somebody who waits no more, comes again.
    pub fn step(&mut self) -> Step {
        if let Some(Missed { read, until }) = self.missed.filter(|missed| missed.read < missed.until) {
            let limit = usize::try_from(until.0 - read.0).unwrap_or(CHUNK).min(CHUNK);
            return Step::Journal { after: read, limit };
        }
        self.missed = None;
        match self.who.mailbox.with(Mailbox::take) {
            Found::Start(start) => Step::Deliver(vec![self.start(*start)]),
            Found::Events(events) => Step::Deliver(deliver(&mut self.prev, events)),
            Found::Nothing => Step::Wait,
            Found::Overflow => Step::Again,
            Found::Closed => Step::Ended,
        }
    }

    /// Takes one piece of the journal; gives what of it is for the reader. Events that are no longer there ask for a new start, as
    /// after an overflow.
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

    /// Empties the mailbox, and says who subscribes again.
    pub fn again(&self) -> Subscriber<M> {
        self.who.mailbox.with(Mailbox::ask_again);
        self.who.clone()
    }

    fn start(&mut self, start: Start) -> Delivery {
        match start.with {
            StartWith::Snapshot { picture, resync } => {
                self.prev = start.seq;
                Delivery::Snapshot { picture, resync }
            }
            StartWith::Journal { after } => {
                self.prev = after;
                self.missed = Some(Missed { read: after, until: start.seq });
                Delivery::Resumed(after)
            }
        }
    }
}

impl<M: SharedMailbox> Drop for Reading<M> {
    fn drop(&mut self) {
        self.who.mailbox.with(Mailbox::close);
    }
}

/// Names with each event the one that was delivered before it.
fn deliver(prev: &mut Seq, events: impl IntoIterator<Item = Arc<Published>>) -> Vec<Delivery> {
    let stamp = |published: Arc<Published>| {
        let prev = std::mem::replace(prev, published.entry.seq());
        Delivery::Event { prev, published }
    };
    events.into_iter().map(stamp).collect()
}
