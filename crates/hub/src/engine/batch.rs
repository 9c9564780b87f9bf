//! A batch of decisions, and what becomes visible once it is durable.

use std::sync::Arc;

use cordboard_core::{OutgoingRequest, State};
use model::{Accepted, Record, Rejection, Seq};
use store::{DirectoryChange, Entry, Writer};

use super::{FloorSnapshot, Ports, Start};

/// A copy of the core's state from which recovery can start.
#[derive(Debug)]
pub struct Checkpoint {
    /// The last event that the state contains.
    pub seq: Seq,
    /// The core's state.
    pub state: Box<State>,
}

impl Checkpoint {
    /// Encodes the state for the store.
    pub fn encode(&self) -> store::Result<Vec<u8>> {
        serde_json::to_vec(&self.state).map_err(|error| store::Error::Encode(error.to_string()))
    }
}

/// An effect that is carried out when everything before it is durable.
pub enum Effect<P: Ports> {
    /// Answers a command.
    Answer {
        /// The receiver of the answer.
        to: P::Requester,
        /// The answer.
        result: Result<Accepted, Rejection>,
    },
    /// Sends a request to a switch.
    Request(OutgoingRequest),
    /// Returns the current state once.
    Snapshot {
        /// The receiver of the state.
        to: P::Viewer,
        /// The state.
        current: FloorSnapshot,
    },
}

/// Decisions that are written together. Nothing in it is visible before [`Batch::commit`].
pub struct Batch<P: Ports> {
    pub(super) records: Vec<Arc<Record>>,
    pub(super) directory: Vec<DirectoryChange>,
    pub(super) subscriptions: Vec<(P::Subscriber, Start)>,
    pub(super) effects: Vec<Effect<P>>,
    pub(super) checkpoint: Option<Checkpoint>,
}

/// A durable batch, ready to become visible.
pub struct CommittedBatch<P: Ports> {
    /// New subscriptions, each with its position.
    pub subscriptions: Vec<(P::Subscriber, Start)>,
    /// The events, in order.
    pub entries: Vec<Entry>,
    /// The other effects, in order.
    pub effects: Vec<Effect<P>>,
    /// The checkpoint to store, when one is due.
    pub checkpoint: Option<Checkpoint>,
}

impl<P: Ports> Default for Batch<P> {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            directory: Vec::new(),
            subscriptions: Vec::new(),
            effects: Vec::new(),
            checkpoint: None,
        }
    }
}

impl<P: Ports> Batch<P> {
    /// The number of records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is nothing to write and nothing to do.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
            && self.directory.is_empty()
            && self.subscriptions.is_empty()
            && self.effects.is_empty()
            && self.checkpoint.is_none()
    }

    /// Appends the next batch, so that both are written together.
    pub fn absorb(&mut self, later: Batch<P>) {
        self.records.extend(later.records);
        self.directory.extend(later.directory);
        self.subscriptions.extend(later.subscriptions);
        self.effects.extend(later.effects);
        self.checkpoint = later.checkpoint.or(self.checkpoint.take());
    }

    /// Writes the records. The returned batch is durable. After an error nothing may be retried.
    pub fn commit(self, writer: &mut dyn Writer) -> store::Result<CommittedBatch<P>> {
        let entries = self.records.into_iter().map(Entry::new).collect::<store::Result<Vec<_>>>()?;
        if !entries.is_empty() || !self.directory.is_empty() {
            writer.append_with(&entries, &self.directory)?;
        }
        let Self { subscriptions, effects, checkpoint, .. } = self;
        Ok(CommittedBatch { subscriptions, entries, effects, checkpoint })
    }

    /// Adds new requests to switches.
    pub(super) fn request(&mut self, requests: Vec<OutgoingRequest>) {
        self.effects.extend(requests.into_iter().map(Effect::Request));
    }

    /// Adds the requests that are not in the batch yet.
    pub(super) fn request_again(&mut self, mut requests: Vec<OutgoingRequest>) {
        requests.retain(|wanted| {
            !self.effects.iter().any(|effect| matches!(effect, Effect::Request(request) if request == wanted))
        });
        self.request(requests);
    }
}
