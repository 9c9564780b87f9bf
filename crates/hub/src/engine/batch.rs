//! What was decided together, and what of it may be seen once it is durable.

use std::sync::Arc;

use cordboard_core::{OutgoingRequest, State};
use model::{Accepted, Record, Rejection, Seq};
use store::{DirectoryChange, Entry, Writer};

use super::{Picture, Ports, Start};

/// The core's state, to be kept so that recovery begins there.
#[derive(Debug)]
pub struct Checkpoint {
    /// The last event that is in it.
    pub seq: Seq,
    /// The state.
    pub state: Box<State>,
}

impl Checkpoint {
    /// The state as it is kept.
    pub fn encode(&self) -> store::Result<Vec<u8>> {
        serde_json::to_vec(&self.state).map_err(|error| store::Error::Encode(error.to_string()))
    }
}

/// Something that is to be done once everything before it is durable.
pub enum Effect<P: Ports> {
    /// Answers whoever asked.
    Answer {
        /// Who.
        to: P::Asker,
        /// What.
        result: Result<Accepted, Rejection>,
    },
    /// Asks a switch.
    Request(OutgoingRequest),
    /// Shows the state of things once.
    Look {
        /// To whom.
        to: P::Looker,
        /// The state.
        picture: Picture,
    },
}

/// What was decided together. What is in it shows itself to nobody before [`Batch::commit`].
pub struct Batch<P: Ports> {
    pub(super) records: Vec<Arc<Record>>,
    pub(super) directory: Vec<DirectoryChange>,
    pub(super) subscriptions: Vec<(P::Subscriber, Start)>,
    pub(super) effects: Vec<Effect<P>>,
    pub(super) checkpoint: Option<Checkpoint>,
}

/// What is durable and may be seen.
pub struct Released<P: Ports> {
    /// Subscriptions that begin, each at its own position.
    pub subscriptions: Vec<(P::Subscriber, Start)>,
    /// Events, in order.
    pub entries: Vec<Entry>,
    /// What else is to be done, in order.
    pub effects: Vec<Effect<P>>,
    /// The state to be kept, when it is time.
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
    /// How many records there are.
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

    /// Takes in the batch that was decided right after this one, to be written in one go.
    pub fn absorb(&mut self, later: Batch<P>) {
        self.records.extend(later.records);
        self.directory.extend(later.directory);
        self.subscriptions.extend(later.subscriptions);
        self.effects.extend(later.effects);
        self.checkpoint = later.checkpoint.or(self.checkpoint.take());
    }

    /// Writes the records; what comes back is durable. After an error nothing may be tried again.
    pub fn commit(self, writer: &mut dyn Writer) -> store::Result<Released<P>> {
        let entries = self.records.into_iter().map(Entry::new).collect::<store::Result<Vec<_>>>()?;
        if !entries.is_empty() || !self.directory.is_empty() {
            writer.append_with(&entries, &self.directory)?;
        }
        let Self { subscriptions, effects, checkpoint, .. } = self;
        Ok(Released { subscriptions, entries, effects, checkpoint })
    }

    /// Sends requests; one that is in it already is sent once.
    pub(super) fn ask(&mut self, requests: Vec<OutgoingRequest>) {
        for wanted in requests {
            let is_in = |effect: &Effect<P>| matches!(effect, Effect::Request(asked) if *asked == wanted);
            if !self.effects.iter().any(is_in) {
                self.effects.push(Effect::Request(wanted));
            }
        }
    }
}
