//! Who reads events: the same promises as the node's own fan-out makes, on virtual time.

use std::{collections::VecDeque, sync::Arc};

use hub::engine::{Picture, sees};
use model::{Principal, Record, Seq};

/// Names a subscription within one life of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId(pub(super) usize);

/// Something for a subscriber.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// The state of things; every event after it follows.
    Snapshot {
        /// The state.
        picture: Picture,
        /// Events were left out before it.
        resync: bool,
    },
    /// Every event after this one follows.
    Resumed(Seq),
    /// Something happened.
    Event {
        /// The event that was delivered before this one, or the start.
        prev: Seq,
        /// The event.
        record: Arc<Record>,
    },
}

/// One who reads.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) viewer: Principal,
    /// The session that reads, if it is one; others fetch what waits for them.
    pub(super) line: Option<usize>,
    /// Events after this one are to be shown; none before the start.
    position: Option<Seq>,
    prev: Seq,
    waiting: VecDeque<Delivery>,
    waiting_max: usize,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It waits, or is not for this reader.
    Kept,
    /// Too much waits: all of it is gone.
    Overflow,
}

impl Reader {
    pub(super) fn new(viewer: Principal, line: Option<usize>, waiting_max: usize) -> Self {
        let waiting = VecDeque::new();
        Self { viewer, line, position: None, prev: Seq(0), waiting, waiting_max }
    }

    /// Begins, or begins again, with a picture of the state right after `seq`.
    pub(super) fn begin(&mut self, seq: Seq, picture: Picture, resync: bool) {
        self.open(seq, seq, Delivery::Snapshot { picture, resync });
    }

    /// Goes on after `after` with what was missed up to `seq`.
    pub(super) fn resume(&mut self, after: Seq, seq: Seq, missed: &[Arc<Record>]) {
        self.open(seq, after, Delivery::Resumed(after));
        missed.iter().for_each(|record| self.leave(record));
    }

    fn open(&mut self, position: Seq, prev: Seq, first: Delivery) {
        (self.position, self.prev) = (Some(position), prev);
        self.waiting = VecDeque::from([first]);
    }

    /// Leaves an event for the reader.
    pub(super) fn put(&mut self, record: &Arc<Record>) -> Put {
        if self.position.is_none_or(|position| record.seq <= position) {
            return Put::Kept;
        }
        self.leave(record);
        if self.waiting.len() <= self.waiting_max {
            return Put::Kept;
        }
        self.position = None;
        self.waiting.clear();
        Put::Overflow
    }

    /// Takes what waits.
    pub(super) fn take(&mut self) -> Vec<Delivery> {
        self.waiting.drain(..).collect()
    }

    fn leave(&mut self, record: &Arc<Record>) {
        if sees(&self.viewer, &record.event) {
            let prev = std::mem::replace(&mut self.prev, record.seq);
            self.waiting.push_back(Delivery::Event { prev, record: Arc::clone(record) });
        }
    }
}
