//! Shows what is durable: to each reader what it may see, and what else is to be done behind that.

use std::{collections::HashMap, sync::Arc};

use cordboard_core::{DirectoryLookup, Input};
use model::{AgentId, Country, Event, FloorEvent, Number, Principal, Seq};
use store::Entry;

use super::{
    Effect, Ports, Published, Released, Start, Subscriber,
    mailbox::{Mailbox, Put, SharedMailbox},
    visible::{Audience, audience, sees},
};

/// Whose number it is: a question to the directory.
#[derive(Debug)]
pub struct Question {
    of: DirectoryLookup,
    number: Number,
    country: Option<Country>,
}

impl Question {
    /// Asks the directory; one that fails knows nobody.
    ///
    /// The core is told of unknown callers as well, so that desks do not wait for them; it makes an event of that only where they do.
    pub fn ask(self, directory: &dyn store::Reader) -> Input {
        let contacts = directory.contacts_by_number(&self.number, self.country).unwrap_or_else(|error| {
            tracing::warn!(%error, "directory lookup failed");
            Vec::new()
        });
        Input::Contacts { of: self.of, contacts }
    }
}

/// What is to be done once a batch was shown.
pub struct Shown<P: Ports> {
    /// Answers, requests and looks, in order.
    pub effects: Vec<Effect<P>>,
    /// Who is at the other end? Where too many ask, desks go on without once they have waited for long enough.
    pub questions: Vec<Question>,
    /// How many readers lost what waited for them.
    pub overflows: u64,
}

/// Who reads, and what they may see.
pub struct Fanout<M> {
    /// Where the floor is.
    country: Option<Country>,
    slots: Vec<Option<Reader<M>>>,
    free: Vec<usize>,
    /// The slots of those who see all work.
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

/// The fewest readers at which closed ones are looked for. Ours.
const SWEEP_MIN: usize = 256;

impl<M: SharedMailbox> Fanout<M> {
    /// Nobody reads yet.
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

    /// Begins subscriptions, each at its own position, and leaves events for everybody behind theirs. What else is to be done comes back,
    /// and is done after that.
    pub fn show<P: Ports<Subscriber = Subscriber<M>>>(&mut self, batch: Released<P>) -> Shown<P> {
        for (who, start) in batch.subscriptions {
            self.add(who, start);
        }
        let mut questions = Vec::new();
        for entry in batch.entries {
            questions.extend(self.question(&entry.record().event));
            self.publish(entry);
        }
        Shown { effects: batch.effects, questions, overflows: self.flush() }
    }

    /// How many read, with those that left and were not missed yet.
    pub fn count(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Nothing comes any more.
    pub fn close(&mut self) {
        self.slots.iter().flatten().for_each(|reader| reader.mailbox.tell(Mailbox::close));
    }

    /// What the directory is to be asked after an event.
    fn question(&mut self, event: &Event) -> Option<Question> {
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.country = floor.country;
        }
        let (of, number) = DirectoryLookup::for_event(event)?;
        Some(Question { of, number, country: self.country })
    }

    fn add(&mut self, who: Subscriber<M>, start: Start) {
        let Subscriber { mailbox, viewer } = who;
        let position = start.seq;
        let Some(turn) = mailbox.tell(|mailbox| mailbox.start(start)) else { return };
        self.sweep();
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.index(&viewer).push(slot);
        self.slots[slot] = Some(Reader { mailbox, turn, viewer, position, waiting: Vec::new() });
    }

    /// Where the slots of those stand who may see the same.
    fn index(&mut self, viewer: &Principal) -> &mut Vec<usize> {
        match &viewer.agent {
            Some(agent) if !viewer.role.sees_all() => self.by_agent.entry(agent.clone()).or_default(),
            Some(_) | None => &mut self.all,
        }
    }

    /// Leaves an event for everybody who may see it and has not seen it yet.
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

    /// Hands each reader what was left for it, in one go; says how many could not take it.
    fn flush(&mut self) -> u64 {
        let mut overflows = 0;
        for slot in std::mem::take(&mut self.touched) {
            let Some(Reader { mailbox, turn, waiting, .. }) = &mut self.slots[slot] else { continue };
            match mailbox.tell(|mailbox| mailbox.put(*turn, waiting)) {
                Put::Kept => continue,
                Put::Overflow => overflows += 1,
                Put::Gone => {}
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

    /// Takes out readers that left without another event having come for them.
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
