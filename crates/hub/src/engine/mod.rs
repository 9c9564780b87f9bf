//! The pure engine of the hub: inputs in, batches and effects out.
//!
//! It has no threads, no clock and no randomness. The node drives it live, the simulator with a virtual clock.
//!
//! ```text
//! submit, snapshot, subscribe ──► Engine ──► take_batch ──► Batch::commit ──► Fanout ──► Mailbox ──► SubscriptionReader
//!                                         (decided)      (durable)          │ (visible)
//!                                                                           └──► effects, lookups
//! ```
//!
//! No decision is visible before [`Batch::commit`] has returned it; the types ensure that. The threads or the simulator that carry out the
//! effects decide nothing: not who sees what, nor when a reader is too slow.

mod batch;
mod fanout;
mod mailbox;
mod reading;
mod recovery;
mod requests;
mod session_loop;
mod visible;

use std::{collections::BTreeMap, sync::Arc};

use cordboard_core::{Core, Ids, Input, Outcome};
use model::{AgentId, Floor, Principal, Role, Seq, Snapshot, SwitchId, Timestamp};
use serde::Serialize;
use store::DirectoryChange;
use utoipa::ToSchema;

pub use batch::{Batch, Checkpoint, CommittedBatch, Effect};
pub use fanout::{ContactLookup, Fanout, FanoutOutcome};
pub use mailbox::{Mailbox, MailboxContents, MailboxLimits, Published, PutOutcome, SharedMailbox};
pub use reading::{Delivery, Step, Subscriber, SubscriptionReader};
pub use recovery::recover;
pub use requests::RequestQueue;
pub use session_loop::{SessionAction, SessionLoop};
pub use visible::{narrow, sees};

/// The types that a driver supplies for replies.
pub trait Ports {
    /// Receives one answer.
    type Requester;
    /// Receives one state.
    type Viewer;
    /// Receives a snapshot or the missed events, and then every event.
    type Subscriber;
}

/// A snapshot with the floor that it belongs to.
#[derive(Debug, Clone)]
pub struct FloorSnapshot {
    /// The snapshot, limited to what the viewer may see.
    pub snapshot: Arc<Snapshot>,
    /// The floor.
    pub floor: Arc<Floor>,
}

/// The start of a subscription.
#[derive(Debug, Clone)]
pub struct Start {
    /// The position: every event after this one follows live.
    pub seq: Seq,
    /// What comes before the live events.
    pub with: StartWith,
}

/// What a subscriber gets before the live events.
#[derive(Debug, Clone)]
pub enum StartWith {
    /// A snapshot of the state at [`Start::seq`].
    Snapshot {
        /// The state.
        current: FloorSnapshot,
        /// Why a subscriber that has seen events before gets a snapshot instead of the missed events.
        resync: Option<Resync>,
    },
    /// The events after this one, up to and including [`Start::seq`], from the journal.
    Journal {
        /// The last event that the subscriber has seen.
        after: Seq,
    },
}

/// Why a subscriber gets a snapshot instead of the events that it missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resync {
    /// The cursor names no journal.
    NoJournal,
    /// The cursor belongs to another journal.
    AnotherJournal,
    /// The cursor names an event that does not exist in this journal.
    Future,
    /// The journal no longer has all missed events, or there are too many.
    TooOld,
    /// The subscriber read too slowly.
    TooSlow,
}

/// Where a subscription starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFrom {
    /// With a snapshot, for a subscriber that has seen nothing.
    Snapshot,
    /// With a snapshot marked `resync`, for a subscriber that has missed events.
    Resync(Resync),
    /// After this event, which the subscriber has seen.
    After(Seq),
}

impl StartFrom {
    /// Starts after `after` if the journal still has every later event and these are at most `missed_max`. Otherwise resyncs. Events up to
    /// `shown` are visible.
    pub fn cursor(
        after: Seq,
        shown: Seq,
        missed_max: u64,
        journal: &dyn store::Reader,
    ) -> store::Result<Self> {
        let near = shown.0.saturating_sub(after.0) <= missed_max;
        let whole = near && journal.first_seq()?.0 <= after.0.saturating_add(1);
        Ok(if whole { Self::After(after) } else { Self::Resync(Resync::TooOld) })
    }
}

/// The most records of one batch while more inputs wait. A single input may add more.
pub const BATCH_RECORDS_MAX: usize = 256;

/// The core with the batch that is being filled.
pub struct Engine<P: Ports> {
    core: Core,
    batch: Batch<P>,
    checkpoint_every: u64,
    checkpoint: Seq,
    /// The number of desks of each agent that has any.
    desks: BTreeMap<AgentId, usize>,
}

impl<P: Ports> Engine<P> {
    /// Continues with a core. A [`Checkpoint`] is added to the batch that passes `checkpoint_every` records since the last one.
    pub fn new(core: Core, checkpoint_every: u64) -> Self {
        let checkpoint = core.seq();
        Self { core, batch: Batch::default(), checkpoint_every, checkpoint, desks: BTreeMap::new() }
    }

    /// Reports the start of the hub: switches are down and agents have no desks until sessions report otherwise.
    pub fn start(&mut self, now: Timestamp, ids: &mut dyn Ids) {
        self.submit(now, ids, Input::Started, None);
    }

    /// Adds or removes a desk of an agent. The core learns only of the first and the last one.
    pub fn desk(&mut self, now: Timestamp, ids: &mut dyn Ids, agent: AgentId, attended: bool) {
        let count = self.desks.entry(agent.clone()).or_default();
        let before = *count;
        *count = if attended { before + 1 } else { before.saturating_sub(1) };
        let after = *count;
        if after == 0 {
            self.desks.remove(&agent);
        }
        if (before == 0) != (after == 0) {
            self.submit(now, ids, Input::Desk { agent, attended }, None);
        }
    }

    /// Decides about an input. `requester` gets the answer when the records are durable.
    pub fn submit(
        &mut self,
        now: Timestamp,
        ids: &mut dyn Ids,
        input: Input,
        requester: Option<P::Requester>,
    ) {
        let outcome = self.core.handle(now, ids, input);
        self.take_in(outcome, requester);
    }

    fn take_in(&mut self, outcome: Outcome, requester: Option<P::Requester>) {
        self.batch.records.extend(outcome.records);
        self.batch.request(outcome.requests);
        if let Some(to) = requester {
            self.batch.effects.push(Effect::Answer { to, result: outcome.reply });
        }
    }

    /// Decides about a new floor. The directory change is written together with the decision, or not at all if the floor is refused.
    pub fn submit_floor(
        &mut self,
        now: Timestamp,
        ids: &mut dyn Ids,
        change: DirectoryChange,
        requester: Option<P::Requester>,
    ) {
        let outcome = self.core.handle(now, ids, Input::Floor(Arc::clone(&change.floor)));
        if outcome.reply.is_ok() {
            self.batch.directory.push(change);
        }
        self.take_in(outcome, requester);
    }

    /// Sends all unanswered requests to a switch again. A switch carries out a repeated request only once.
    pub fn resend(&mut self, switch: &SwitchId) {
        self.batch.request_again(self.core.unanswered(switch));
    }

    /// Returns the current state to `viewer` once.
    pub fn snapshot(&mut self, now: Timestamp, viewer: &Principal, to: P::Viewer) {
        let current = self.current(now, viewer);
        self.batch.effects.push(Effect::Snapshot { to, current });
    }

    /// Subscribes. The start and the position of the first live event are fixed together.
    pub fn subscribe(&mut self, now: Timestamp, viewer: &Principal, from: StartFrom, who: P::Subscriber) {
        let seq = self.core.seq();
        let current = self.current(now, viewer);
        let with = match from {
            StartFrom::After(after) if after <= seq => StartWith::Journal { after },
            StartFrom::After(_) => StartWith::Snapshot { current, resync: Some(Resync::Future) },
            StartFrom::Resync(why) => StartWith::Snapshot { current, resync: Some(why) },
            StartFrom::Snapshot => StartWith::Snapshot { current, resync: None },
        };
        self.batch.subscriptions.push((who, Start { seq, with }));
    }

    /// Runs a tick if the deadline has passed. Returns whether it did.
    pub fn tick_if_due(&mut self, now: Timestamp, ids: &mut dyn Ids) -> bool {
        let is_due = self.deadline().is_some_and(|at| at <= now);
        if is_due {
            self.submit(now, ids, Input::Tick, None);
        }
        is_due
    }

    /// Takes all decisions since the last take; `None` if there are none.
    pub fn take_batch(&mut self) -> Option<Batch<P>> {
        if self.core.seq().0 >= self.checkpoint.0.saturating_add(self.checkpoint_every) {
            self.take_checkpoint();
        }
        let batch = std::mem::take(&mut self.batch);
        (!batch.is_empty()).then_some(batch)
    }

    /// Adds a checkpoint to the next batch.
    pub fn take_checkpoint(&mut self) {
        self.checkpoint = self.core.seq();
        let state = Box::new(self.core.state().clone());
        self.batch.checkpoint = Some(Checkpoint { seq: self.checkpoint, state });
    }

    /// Whether the batch should be taken before the next input.
    pub fn is_full(&self) -> bool {
        self.batch.len() >= BATCH_RECORDS_MAX
    }

    /// When to call [`Engine::tick_if_due`] at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.core.deadline()
    }

    /// The core, for reading.
    pub fn core(&self) -> &Core {
        &self.core
    }

    fn current(&self, now: Timestamp, viewer: &Principal) -> FloorSnapshot {
        let mut snapshot = self.core.snapshot(now, viewer);
        visible::narrow(&mut snapshot, viewer);
        FloorSnapshot { snapshot: Arc::new(snapshot), floor: Arc::clone(self.core.floor()) }
    }
}

/// A principal that sees everything, for sessions and for the hub itself.
pub fn everybody() -> Principal {
    let account =
        model::AccountName::new("hub").unwrap_or_else(|_| unreachable!("three letters are a valid name"));
    Principal { account, role: Role::Integration, agent: None }
}
