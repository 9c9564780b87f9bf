//! Shows what is durable: the thread behind the writer.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, atomic::Ordering},
};

use cordboard_core::LookedUp;
use model::{AgentId, Country, Event, FloorEvent, Principal, Seq};
use store::Entry;
use tokio::sync::mpsc;

use super::{
    inbox::{Address, Asker, Live, Subscriber},
    lookup::Question,
    mailbox::{Mailbox, Published, Put},
    shared::Shared,
};
use crate::{
    auth::Auth,
    engine::{Audience, Effect, Released, Start, audience, sees},
};

/// Shows batches until the writer ends.
pub(crate) fn run(
    mut released: mpsc::Receiver<Released<Live>>,
    shared: Arc<Shared>,
    questions: mpsc::Sender<Question>,
    auth: Arc<Auth>,
    country: Option<Country>,
) {
    let mut fanout = Fanout { shared, questions, auth, country, readers: Readers::default() };
    while let Some(batch) = released.blocking_recv() {
        fanout.show(batch);
    }
    fanout.readers.close();
}

struct Fanout {
    shared: Arc<Shared>,
    questions: mpsc::Sender<Question>,
    auth: Arc<Auth>,
    /// Where the floor is.
    country: Option<Country>,
    readers: Readers,
}

impl Fanout {
    /// Subscriptions first, each at its own position; then events to everybody behind theirs; then what else is to be done.
    fn show(&mut self, batch: Released<Live>) {
        let mut later = Vec::new();
        for effect in batch.effects {
            match effect {
                Effect::Subscribe { who, start } => self.readers.add(who, start),
                effect @ (Effect::Answer { .. } | Effect::Request(_) | Effect::Look { .. }) => {
                    later.push(effect)
                }
            }
        }
        for entry in batch.entries {
            self.publish(entry);
        }
        let overflows = self.readers.flush();
        self.shared.metrics.resyncs.inc_by(overflows);
        self.shared.metrics.subscribers.set(self.readers.count() as i64);
        later.into_iter().for_each(|effect| self.carry_out(effect));
    }

    fn publish(&mut self, entry: Entry) {
        let event = &entry.record().event;
        self.shared.metrics.count_event(event.word());
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.country = floor.country;
        }
        self.ask_directory(event);
        if let Event::Floor(FloorEvent::Changed { floor }) = event {
            self.auth.dismiss(floor);
        }
        self.shared.durable.store(entry.record().seq.0, Ordering::Release);
        self.readers.publish(Arc::new(Published { entry, frame: OnceLock::new() }));
    }

    fn carry_out(&self, effect: Effect<Live>) {
        match effect {
            Effect::Answer { to, result } => self.answer(to, result),
            Effect::Request(asked) => self.shared.switches.send(asked),
            // Whoever looked may have gone; nobody misses the picture.
            Effect::Look { to, picture } => drop(to.send(picture)),
            Effect::Subscribe { who, .. } => who.mailbox.close(),
        }
    }

    fn answer(&self, to: Asker, result: Result<model::Accepted, model::Rejection>) {
        self.shared.metrics.count_command(to.verb, result.as_ref().err().map(|no| no.code));
        match to.address {
            // Whoever asked may have gone; what was decided stands.
            Address::Once(asker) => drop(asker.send(result)),
            Address::Session(answers, command) => {
                drop(answers.send(session::FromHub::Answer { command, result }));
            }
        }
    }

    /// Asks who is at the other end; when too many ask, desks go on without once they have waited for long enough.
    fn ask_directory(&self, event: &Event) {
        let Some((of, number)) = LookedUp::by(event) else { return };
        let question = Question { of, number, country: self.country };
        if self.questions.try_send(question).is_err() {
            self.shared.metrics.lookups_skipped.inc();
        }
    }
}

/// Who reads, found by what they may see.
#[derive(Default)]
struct Readers {
    slots: Vec<Option<Reader>>,
    free: Vec<usize>,
    all: Vec<usize>,
    by_agent: HashMap<AgentId, Vec<usize>>,
    found: Vec<usize>,
    touched: Vec<usize>,
    sweep_at: usize,
}

struct Reader {
    mailbox: Arc<Mailbox>,
    turn: u64,
    viewer: Principal,
    position: Seq,
    waiting: Vec<Arc<Published>>,
}

/// The fewest readers at which closed ones are looked for. Ours.
const SWEEP_MIN: usize = 256;

impl Readers {
    fn count(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    fn add(&mut self, who: Subscriber, start: Start) {
        let Subscriber { mailbox, viewer } = who;
        let position = start.seq;
        let Some(turn) = mailbox.start(start) else { return };
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
    fn publish(&mut self, event: Arc<Published>) {
        let record = Arc::clone(event.entry.record());
        let mut found = std::mem::take(&mut self.found);
        found.extend(&self.all);
        match audience(&record.event) {
            Audience::Agent(agent) => found.extend(self.by_agent.get(agent).into_iter().flatten()),
            Audience::All => found.extend(self.by_agent.values().flatten()),
            Audience::None => {}
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
            let Some(reader) = &mut self.slots[slot] else { continue };
            match reader.mailbox.put(reader.turn, &mut reader.waiting) {
                Put::Kept => continue,
                Put::Overflow => overflows += 1,
                Put::Gone => {}
            }
            self.remove(slot);
        }
        overflows
    }

    fn remove(&mut self, slot: usize) {
        let Some(reader) = self.slots[slot].take() else { return };
        let index = self.index(&reader.viewer);
        index.retain(|other| *other != slot);
        if let (true, Some(agent)) = (index.is_empty(), &reader.viewer.agent) {
            self.by_agent.remove(agent);
        }
        self.free.push(slot);
    }

    /// Takes out readers that left without another event having come for them.
    fn sweep(&mut self) {
        if self.count() < self.sweep_at.max(SWEEP_MIN) {
            return;
        }
        let closed = |reader: &Reader| reader.mailbox.is_closed();
        let gone: Vec<usize> =
            (0..self.slots.len()).filter(|slot| self.slots[*slot].as_ref().is_some_and(closed)).collect();
        gone.into_iter().for_each(|slot| self.remove(slot));
        self.sweep_at = self.count() * 2;
    }

    fn close(&mut self) {
        self.slots.iter().flatten().for_each(|reader| reader.mailbox.close());
    }
}
