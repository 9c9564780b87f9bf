//! Makes durable batches visible: delivers events to readers and returns the other effects.

use std::{collections::HashMap, sync::Arc};

use cordboard_core::{DirectoryLookup, Input};
use model::{AgentId, Country, Event, FloorEvent, Number, Principal, Seq};
use store::Entry;

use super::{
    CommittedBatch, Effect, Ports, Published, Start, Subscriber,
    mailbox::{Mailbox, PutOutcome, SharedMailbox},
    visible::{Audience, audience, sees},
};

/// A directory lookup of a caller's number.
#[derive(Debug)]
pub struct ContactLookup {
    of: DirectoryLookup,
    number: Number,
    country: Option<Country>,
}

impl ContactLookup {
    /// Looks up the number. A failed lookup finds nobody.
    ///
    /// The core also gets the result for unknown callers, so that desks do not wait for them. It records an event only where desks wait.
    pub fn run(self, directory: &dyn store::Reader) -> Input {
        let contacts = directory.contacts_by_number(&self.number, self.country).unwrap_or_else(|error| {
            tracing::warn!(%error, "directory lookup failed; the caller is shown without a contact");
            Vec::new()
        });
        Input::Contacts { of: self.of, contacts }
    }
}

/// What remains to be done after a batch became visible.
pub struct FanoutOutcome<P: Ports> {
    /// Answers, requests to switches and returned states, in order.
    pub effects: Vec<Effect<P>>,
    /// Directory lookups. If too many wait, some are skipped, and desks continue without a contact after a time limit.
    pub lookups: Vec<ContactLookup>,
    /// How many readers were too slow and lost their waiting events.
    pub overflows: u64,
}

/// The readers of events and what each may see.
pub struct Fanout<M> {
    /// The country of the floor, for the comparison of numbers.
    country: Option<Country>,
    slots: Vec<Option<Reader<M>>>,
    free: Vec<usize>,
    /// The slots of readers that see all work.
    all: Vec<usize>,
    by_agent: HashMap<AgentId, Vec<usize>>,
    found: Vec<usize>,
    touched: Vec<usize>,
    sweep_at: usize,
}

struct Reader<M> {
    mailbox: M,
    turn: u64,
    viewer: Principal,
    position: Seq,
    waiting: Vec<Arc<Published>>,
}

/// The number of readers from which closed ones are searched for. Our choice.
const SWEEP_MIN: usize = 256;

impl<M: SharedMailbox> Fanout<M> {
    /// Creates a fan-out without readers.
    pub fn new(country: Option<Country>) -> Self {
        Self {
            country,
            slots: Vec::new(),
            free: Vec::new(),
            all: Vec::new(),
            by_agent: HashMap::new(),
            found: Vec::new(),
            touched: Vec::new(),
            sweep_at: 0,
        }
    }

    /// Starts subscriptions, each at its position, and delivers events to all readers after that. The caller carries out the returned effects
    /// afterwards.
    pub fn show<P: Ports<Subscriber = Subscriber<M>>>(
        &mut self,
        batch: CommittedBatch<P>,
    ) -> FanoutOutcome<P> {
        for (who, start) in batch.subscriptions {
            self.add(who, start);
        }
        let mut lookups = Vec::new();
        for entry in batch.entries {
            lookups.extend(self.lookup(&entry.record().event));
            self.publish(entry);
        }
        FanoutOutcome { effects: batch.effects, lookups, overflows: self.flush() }
    }

    /// The number of readers, including closed ones that were not removed yet.
    pub fn count(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Closes all mailboxes.
    pub fn close(&mut self) {
        self.slots.iter().flatten().for_each(|reader| reader.mailbox.change(Mailbox::close));
    }

    /// The lookup that an event requires.
    fn lookup(&mut self, event: &Event) -> Option<ContactLookup> {
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.country = floor.country;
        }
        let (of, number) = DirectoryLookup::for_event(event)?;
        Some(ContactLookup { of, number, country: self.country })
    }

    fn add(&mut self, who: Subscriber<M>, start: Start) {
        let Subscriber { mailbox, viewer } = who;
        let position = start.seq;
        let Some(turn) = mailbox.change(|mailbox| mailbox.start(start)) else { return };
        self.sweep();
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.index(&viewer).push(slot);
        self.slots[slot] = Some(Reader { mailbox, turn, viewer, position, waiting: Vec::new() });
    }

    /// The slots of the readers with the same view.
    fn index(&mut self, viewer: &Principal) -> &mut Vec<usize> {
        match &viewer.agent {
            Some(agent) if !viewer.role.sees_all() => self.by_agent.entry(agent.clone()).or_default(),
            Some(_) | None => &mut self.all,
        }
    }

    /// Adds an event to the waiting events of each reader that may see it and has not seen it yet.
    fn publish(&mut self, entry: Entry) {
        let event = Published::new(entry);
        let mut found = std::mem::take(&mut self.found);
        match audience(&event.entry.record().event) {
            Audience::Agent(agent) => {
                found.extend(&self.all);
                found.extend(self.by_agent.get(agent).into_iter().flatten());
            }
            Audience::All => found.extend(0..self.slots.len()),
            Audience::None => found.extend(&self.all),
        }
        found.drain(..).for_each(|slot| self.leave(slot, &event));
        self.found = found;
    }

    fn leave(&mut self, slot: usize, event: &Arc<Published>) {
        let Some(reader) = &mut self.slots[slot] else { return };
        let record = event.entry.record();
        if record.seq <= reader.position || !sees(&reader.viewer, &record.event) {
            return;
        }
        if reader.waiting.is_empty() {
            self.touched.push(slot);
        }
        reader.waiting.push(Arc::clone(event));
    }

    /// Moves the waiting events to the mailboxes. Returns how many readers were too slow.
    fn flush(&mut self) -> u64 {
        let mut overflows = 0;
        for slot in std::mem::take(&mut self.touched) {
            let Some(Reader { mailbox, turn, waiting, .. }) = &mut self.slots[slot] else { continue };
            match mailbox.change(|mailbox| mailbox.put(*turn, waiting)) {
                PutOutcome::Kept => continue,
                PutOutcome::Overflow => overflows += 1,
                PutOutcome::Gone => {}
            }
            self.remove(slot);
        }
        overflows
    }

    fn remove(&mut self, slot: usize) {
        let Some(Reader { viewer, .. }) = self.slots[slot].take() else { return };
        self.index(&viewer).retain(|other| *other != slot);
        if let Some(agent) = &viewer.agent
            && self.by_agent.get(agent).is_some_and(Vec::is_empty)
        {
            self.by_agent.remove(agent);
        }
        self.free.push(slot);
    }

    /// Removes closed readers.
    fn sweep(&mut self) {
        if self.count() < self.sweep_at.max(SWEEP_MIN) {
            return;
        }
        let closed = |reader: &Reader<M>| reader.mailbox.with(|mailbox| mailbox.is_closed());
        let gone: Vec<usize> =
            (0..self.slots.len()).filter(|slot| self.slots[*slot].as_ref().is_some_and(closed)).collect();
        gone.into_iter().for_each(|slot| self.remove(slot));
        self.sweep_at = self.count() * 2;
    }
}
