//! The core with everything around it that is pure: inputs in, batches and effects out.
//!
//! No thread, no clock, no randomness: the node drives it live, the simulator on a virtual clock.
//!
//! ```text
//! submit, look, subscribe ──► Engine ──► take_batch ──► Batch::commit ──► Released ──► Fanout ──► Mailbox ──► Reading
//!                                           (decided)      (durable)        (to be seen)        └──► effects, questions
//! ```
//!
//! Nothing that was decided can be reached before [`Batch::commit`] returned it: durable before visible holds by type.
//! What carries things out (threads, or a loop on a virtual clock) decides nothing: not who sees what, nor when a reader is too slow.

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

pub use batch::{Batch, Checkpoint, Effect, Released};
pub use fanout::{Fanout, Question, Shown};
pub use mailbox::{Found, Mailbox, MailboxLimits, Published, Put, SharedMailbox};
pub use reading::{Delivery, Reading, Step, Subscriber};
pub use recovery::recover;
pub use requests::RequestQueue;
pub use session_loop::{SessionLoop, Wish};
pub use visible::{narrow, sees};

/// Who stands behind what is asked: the types by which whoever runs the engine knows its askers.
pub trait Ports {
    /// Is answered once.
    type Asker;
    /// Is shown one picture.
    type Looker;
    /// Is shown a picture, or what it missed, and then every event.
    type Subscriber;
}

/// The state of things with the floor that it is about.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What the viewer may see.
    pub snapshot: Arc<Snapshot>,
    /// The floor.
    pub floor: Arc<Floor>,
}

/// With what a subscription begins.
#[derive(Debug, Clone)]
pub struct Start {
    /// Every event after this one follows live.
    pub seq: Seq,
    /// What comes before the live events.
    pub with: StartWith,
}

/// What comes before the live events of a subscription.
#[derive(Debug, Clone)]
pub enum StartWith {
    /// The state as it was right after [`Start::seq`].
    Snapshot {
        /// The state.
        picture: Picture,
        /// Why it comes in place of the events that the subscriber misses, where it has seen some before.
        resync: Option<Resync>,
    },
    /// The events after this one, up to and including [`Start::seq`], from the journal.
    Journal {
        /// The last event that the subscriber has seen.
        after: Seq,
    },
}

/// Why a subscriber that has seen events gets a snapshot in place of those that it misses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resync {
    /// Its cursor names no journal.
    NoJournal,
    /// Its cursor is of another journal.
    AnotherJournal,
    /// Its cursor names an event that has not happened in this journal.
    Future,
    /// The journal no longer has what it misses, or that is too much.
    TooOld,
    /// It read too slowly.
    TooSlow,
}

/// Where a subscriber wants to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFrom {
    /// With a snapshot; it has seen nothing before.
    Snapshot,
    /// With a snapshot marked `resync`; it has seen events before and misses some.
    Resync(Resync),
    /// After this event, which it has seen.
    After(Seq),
}

impl StartFrom {
    /// After `after` where the journal, of which events up to `shown` were shown, still has every event after it and these are at most
    /// `missed_max`.
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

/// How many records one batch has at most when more inputs are waiting. A single input may give more.
pub const BATCH_RECORDS_MAX: usize = 256;

/// The core and the batch that is being filled.
pub struct Engine<P: Ports> {
    core: Core,
    batch: Batch<P>,
    checkpoint_every: u64,
    checkpoint: Seq,
    /// How many desks each agent has who has any.
    desks: BTreeMap<AgentId, usize>,
}

impl<P: Ports> Engine<P> {
    /// Goes on with a core. A [`Checkpoint`] comes with the batch that passes `checkpoint_every` records since the last.
    pub fn new(core: Core, checkpoint_every: u64) -> Self {
        let checkpoint = core.seq();
        Self { core, batch: Batch::default(), checkpoint_every, checkpoint, desks: BTreeMap::new() }
    }

    /// Says that the hub was started: no switch can be reached and no desk is there until somebody reports otherwise.
    pub fn start(&mut self, now: Timestamp, ids: &mut dyn Ids) {
        self.submit(now, ids, Input::Started, None);
    }

    /// Counts one more desk of an agent, or one less. The core is told of the first and of the last.
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

    /// Decides about one input; `asker` is answered when its records are durable.
    pub fn submit(&mut self, now: Timestamp, ids: &mut dyn Ids, input: Input, asker: Option<P::Asker>) {
        let outcome = self.core.handle(now, ids, input);
        self.take_in(outcome, asker);
    }

    fn take_in(&mut self, outcome: Outcome, asker: Option<P::Asker>) {
        self.batch.records.extend(outcome.records);
        self.batch.ask(outcome.requests);
        if let Some(to) = asker {
            self.batch.effects.push(Effect::Answer { to, result: outcome.reply });
        }
    }

    /// Decides about another floor; what belongs to it is written in one step with the decision, or not at all when it is refused.
    pub fn submit_floor(
        &mut self,
        now: Timestamp,
        ids: &mut dyn Ids,
        change: DirectoryChange,
        asker: Option<P::Asker>,
    ) {
        let outcome = self.core.handle(now, ids, Input::Floor(Arc::clone(&change.floor)));
        if outcome.reply.is_ok() {
            self.batch.directory.push(change);
        }
        self.take_in(outcome, asker);
    }

    /// Sends again what a switch has not answered. What it sees twice it does once.
    pub fn resend(&mut self, switch: &SwitchId) {
        self.batch.ask(self.core.unanswered(switch));
    }

    /// Shows `viewer` the state of things once.
    pub fn look(&mut self, now: Timestamp, viewer: &Principal, to: P::Looker) {
        let picture = self.picture(now, viewer);
        self.batch.effects.push(Effect::Look { to, picture });
    }

    /// Subscribes: what comes first and what follows are fixed in one act.
    pub fn subscribe(&mut self, now: Timestamp, viewer: &Principal, from: StartFrom, who: P::Subscriber) {
        let seq = self.core.seq();
        let picture = self.picture(now, viewer);
        let with = match from {
            StartFrom::After(after) if after <= seq => StartWith::Journal { after },
            StartFrom::After(_) => StartWith::Snapshot { picture, resync: Some(Resync::Future) },
            StartFrom::Resync(why) => StartWith::Snapshot { picture, resync: Some(why) },
            StartFrom::Snapshot => StartWith::Snapshot { picture, resync: None },
        };
        self.batch.subscriptions.push((who, Start { seq, with }));
    }

    /// Does what is due; says whether anything was.
    pub fn be_on_time(&mut self, now: Timestamp, ids: &mut dyn Ids) -> bool {
        let is_due = self.deadline().is_some_and(|at| at <= now);
        if is_due {
            self.submit(now, ids, Input::Tick, None);
        }
        is_due
    }

    /// Everything decided since the last take; `None` when nothing was.
    pub fn take_batch(&mut self) -> Option<Batch<P>> {
        if self.core.seq().0 >= self.checkpoint.0.saturating_add(self.checkpoint_every) {
            self.take_checkpoint();
        }
        let batch = std::mem::take(&mut self.batch);
        (!batch.is_empty()).then_some(batch)
    }

    /// Has the state kept with the next batch.
    pub fn take_checkpoint(&mut self) {
        self.checkpoint = self.core.seq();
        let state = Box::new(self.core.state().clone());
        self.batch.checkpoint = Some(Checkpoint { seq: self.checkpoint, state });
    }

    /// Whether the batch should be taken before the next input.
    pub fn is_full(&self) -> bool {
        self.batch.len() >= BATCH_RECORDS_MAX
    }

    /// When to call [`Engine::be_on_time`] at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.core.deadline()
    }

    /// The core, to look at.
    pub fn core(&self) -> &Core {
        &self.core
    }

    fn picture(&self, now: Timestamp, viewer: &Principal) -> Picture {
        let mut snapshot = self.core.snapshot(now, viewer);
        visible::narrow(&mut snapshot, viewer);
        Picture { snapshot: Arc::new(snapshot), floor: Arc::clone(self.core.floor()) }
    }
}

/// Somebody who sees everything: the sessions, and the hub itself.
pub fn everybody() -> Principal {
    let account = model::AccountName::new("hub").unwrap_or_else(|_| unreachable!("three letters are a name"));
    Principal { account, role: Role::Integration, agent: None }
}
