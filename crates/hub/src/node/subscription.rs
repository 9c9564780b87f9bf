//! What a subscriber reads.

use std::{collections::VecDeque, sync::Arc};

use model::{Principal, Seq};

use super::{
    handle::Handle,
    mailbox::{Found, Mailbox, Published},
};
use crate::engine::{Picture, Resync, Start, StartWith, sees};

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

/// A subscription. Dropping it ends it.
pub struct Subscription {
    handle: Handle,
    mailbox: Arc<Mailbox>,
    viewer: Principal,
    prev: Seq,
    /// What is still to come out of the journal before the live events.
    missed: Option<Missed>,
}

#[derive(Clone, Copy)]
struct Missed {
    read: Seq,
    until: Seq,
}

impl Subscription {
    pub(super) fn new(handle: Handle, mailbox: Arc<Mailbox>, viewer: Principal) -> Self {
        Self { handle, mailbox, viewer, prev: Seq(0), missed: None }
    }

    /// Waits for the next things, in order; `None` when the node has ended. May be dropped while it waits.
    pub async fn next(&mut self) -> Option<Vec<Delivery>> {
        loop {
            let deliveries = match self.missed {
                Some(missed) => self.read_missed(missed).await?,
                None => self.read_live().await?,
            };
            if !deliveries.is_empty() {
                return Some(deliveries);
            }
        }
    }

    /// Who reads.
    pub fn viewer(&self) -> &Principal {
        &self.viewer
    }

    async fn read_live(&mut self) -> Option<Vec<Delivery>> {
        match self.mailbox.take() {
            Found::Start(start) => Some(self.start(*start)),
            Found::Events(events) => Some(self.deliver(events)),
            Found::Nothing => {
                self.mailbox.changed().await;
                Some(Vec::new())
            }
            Found::Overflow => {
                self.handle.subscribe_again(&self.mailbox, &self.viewer).await.ok()?;
                Some(Vec::new())
            }
            Found::Closed => None,
        }
    }

    fn start(&mut self, start: Start) -> Vec<Delivery> {
        match start.with {
            StartWith::Snapshot { picture, resync } => {
                self.prev = start.seq;
                vec![Delivery::Snapshot { picture, resync }]
            }
            StartWith::Journal { after } => {
                self.prev = after;
                self.missed = Some(Missed { read: after, until: start.seq });
                vec![Delivery::Resumed(after)]
            }
        }
    }

    fn deliver(&mut self, events: VecDeque<Arc<Published>>) -> Vec<Delivery> {
        let stamp = |published: Arc<Published>| {
            let prev = std::mem::replace(&mut self.prev, published.entry.record().seq);
            Delivery::Event { prev, published }
        };
        events.into_iter().map(stamp).collect()
    }

    /// One piece of the journal. Events that are no longer there, as after an overflow, ask for a new start.
    async fn read_missed(&mut self, missed: Missed) -> Option<Vec<Delivery>> {
        if missed.read >= missed.until {
            self.missed = None;
            return Some(Vec::new());
        }
        let limit = usize::try_from(missed.until.0 - missed.read.0).unwrap_or(CHUNK).min(CHUNK);
        let entries =
            self.handle.read(move |reader| reader.read(missed.read, limit)).await.unwrap_or_default();
        let whole = entries.first().is_some_and(|entry| entry.record().seq == missed.read.next());
        let Some(last) = entries.last().map(|entry| entry.record().seq).filter(|_| whole) else {
            self.missed = None;
            self.mailbox.lose();
            return Some(Vec::new());
        };
        self.missed = Some(Missed { read: last, ..missed });
        let own = entries.into_iter().filter(|entry| sees(&self.viewer, &entry.record().event));
        let published = own.map(|entry| Arc::new(Published { entry, frame: Default::default() })).collect();
        Some(self.deliver(published))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.mailbox.close();
    }
}
