//! One who reads events, as a client of the API does, and checks what it is promised: exactly a snapshot and everything after it.

use hub::engine::sees;
use model::{Principal, Record, Seq};

use super::{Broken, chronicle::Chronicle};
use crate::node::{Delivery, ReaderId};

/// One who reads events.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) viewer: Principal,
    /// Its subscription, while it has one.
    pub(super) reader: Option<ReaderId>,
    /// The last event that it has read, or the place of the snapshot: where it can go on after a cut.
    pub(super) cursor: Option<Seq>,
    /// The cursor that it named when it subscribed; until the first answer.
    named: Option<Option<Seq>>,
}

impl Subscriber {
    pub(super) fn new(viewer: Principal) -> Self {
        Self { viewer, reader: None, cursor: None, named: None }
    }

    /// Subscribes, from where it was when `resume` says so.
    pub(super) fn connected(&mut self, reader: ReaderId, cursor: Option<Seq>) {
        (self.reader, self.cursor, self.named) = (Some(reader), cursor, Some(cursor));
    }

    /// The connection is gone; what was not read is lost.
    pub(super) fn cut(&mut self) {
        self.reader = None;
    }

    /// Reads one delivery.
    pub(super) fn read(&mut self, delivery: &Delivery, chronicle: &mut Chronicle) -> Result<(), Broken> {
        let named = self.named.take();
        match delivery {
            Delivery::Snapshot { picture, resync } => {
                if named != Some(None) && resync.is_none() {
                    return self.wrong("a snapshot in place of what was missed is not marked resync");
                }
                self.cursor = Some(picture.snapshot.seq);
                chronicle.shown(&self.viewer, &picture.snapshot)
            }
            Delivery::Resumed(seq) => match named == Some(Some(*seq)) {
                true => Ok(()),
                false => self.wrong(&format!("resumed after {seq:?}, it had named {named:?}")),
            },
            Delivery::Event { .. } if named.is_some() => self.wrong("an event came before any answer"),
            Delivery::Event { prev, published } => self.event(*prev, published.entry.record(), chronicle),
        }
    }

    fn event(&mut self, prev: Seq, record: &Record, chronicle: &Chronicle) -> Result<(), Broken> {
        if self.cursor != Some(prev) || record.seq <= prev {
            return self.wrong(&format!("{:?} names {prev:?} before it", record.seq));
        }
        if record.seq > chronicle.last() {
            return self.wrong(&format!("{:?} was seen, durable is {:?}", record.seq, chronicle.last()));
        }
        let own = |missed: &&std::sync::Arc<Record>| sees(&self.viewer, &missed.event);
        if let Some(missed) = chronicle.between(prev, record.seq).iter().find(own) {
            return self.wrong(&format!("{:?} is missing before {:?}", missed.seq, record.seq));
        }
        self.cursor = Some(record.seq);
        Ok(())
    }

    fn wrong(&self, what: &str) -> Result<(), Broken> {
        Err(format!("subscriber {} at {:?}: {what}", self.viewer.account, self.cursor))
    }
}
