//! A subscriber that reads events like a client of the API, and checks them: one snapshot, then every event after it.

use hub::engine::sees;
use model::{Principal, Record, Seq};

use super::{Broken, journal_copy::JournalCopy};
use crate::node::{Delivery, ReaderId};

/// A subscriber that reads events.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) viewer: Principal,
    /// Its subscription. `None` while it is disconnected.
    pub(super) reader: Option<ReaderId>,
    /// The last event that it has read, or the place of the snapshot. It can resume here after a disconnection.
    pub(super) cursor: Option<Seq>,
    /// The cursor that it sent when it subscribed, until it gets the first answer.
    named: Option<Option<Seq>>,
}

impl Subscriber {
    pub(super) fn new(viewer: Principal) -> Self {
        Self { viewer, reader: None, cursor: None, named: None }
    }

    /// Starts a subscription. It resumes after `cursor` if there is one.
    pub(super) fn connected(&mut self, reader: ReaderId, cursor: Option<Seq>) {
        (self.reader, self.cursor, self.named) = (Some(reader), cursor, Some(cursor));
    }

    /// Ends the connection. What was not read is lost.
    pub(super) fn cut(&mut self) {
        self.reader = None;
    }

    /// Reads one delivery and checks it.
    pub(super) fn read(&mut self, delivery: &Delivery, journal: &mut JournalCopy) -> Result<(), Broken> {
        let named = self.named.take();
        match delivery {
            Delivery::Snapshot { current, resync } => {
                if named != Some(None) && resync.is_none() {
                    return self.wrong("a snapshot in place of what was missed is not marked resync");
                }
                self.cursor = Some(current.snapshot.seq);
                journal.shown(&self.viewer, &current.snapshot)
            }
            Delivery::Resumed(seq) => match named == Some(Some(*seq)) {
                true => Ok(()),
                false => self.wrong(&format!("resumed after {seq:?}, requested was {named:?}")),
            },
            Delivery::Event { .. } if named.is_some() => self.wrong("an event came before any answer"),
            Delivery::Event { prev, published } => self.event(*prev, published.entry.record(), journal),
        }
    }

    fn event(&mut self, prev: Seq, record: &Record, journal: &JournalCopy) -> Result<(), Broken> {
        if self.cursor != Some(prev) || record.seq <= prev {
            return self.wrong(&format!("{:?} has prev {prev:?}", record.seq));
        }
        if record.seq > journal.last() {
            return self.wrong(&format!(
                "{:?} was delivered before it was durable (last durable: {:?})",
                record.seq,
                journal.last()
            ));
        }
        let own = |missed: &&std::sync::Arc<Record>| sees(&self.viewer, &missed.event);
        if let Some(missed) = journal.between(prev, record.seq).iter().find(own) {
            return self.wrong(&format!("{:?} is missing before {:?}", missed.seq, record.seq));
        }
        self.cursor = Some(record.seq);
        Ok(())
    }

    fn wrong(&self, what: &str) -> Result<(), Broken> {
        Err(format!("subscriber {} at {:?}: {what}", self.viewer.account, self.cursor))
    }
}
