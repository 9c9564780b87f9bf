//! The fan-out thread: makes durable batches visible.

use std::sync::{Arc, atomic::Ordering};

use model::{Country, Event, FloorEvent, Record};
use tokio::sync::mpsc;

use super::{
    inbox::{Address, NodePorts, Requester},
    shared::Shared,
    shared_queue::SharedQueue,
};
use crate::{
    auth::Auth,
    engine::{self, CommittedBatch, ContactLookup, Effect, Mailbox},
};

/// Runs until the writer ends.
pub(crate) fn run(
    mut released: mpsc::Receiver<CommittedBatch<NodePorts>>,
    shared: Arc<Shared>,
    lookups: mpsc::Sender<ContactLookup>,
    auth: Arc<Auth>,
    country: Option<Country>,
) {
    let mut thread = FanoutThread { fanout: engine::Fanout::new(country), shared, lookups, auth };
    while let Some(batch) = released.blocking_recv() {
        thread.show(batch);
    }
    thread.fanout.close();
}

struct FanoutThread {
    fanout: engine::Fanout<Arc<SharedQueue<Mailbox>>>,
    shared: Arc<Shared>,
    lookups: mpsc::Sender<ContactLookup>,
    auth: Arc<Auth>,
}

impl FanoutThread {
    fn show(&mut self, batch: CommittedBatch<NodePorts>) {
        batch.entries.iter().for_each(|entry| self.note(entry.record()));
        let shown = self.fanout.show(batch);
        self.shared.metrics.resyncs.inc_by(shown.overflows);
        self.shared.metrics.subscribers.set(self.fanout.count() as i64);
        shown.lookups.into_iter().for_each(|lookup| self.look_up(lookup));
        shown.effects.into_iter().for_each(|effect| self.carry_out(effect));
    }

    fn note(&self, record: &Record) {
        self.shared.metrics.count_event(record.event.as_str());
        if let Event::Floor(FloorEvent::Changed { floor }) = &record.event {
            self.auth.dismiss(floor);
        }
        self.shared.durable.store(record.seq.0, Ordering::Release);
    }

    fn carry_out(&self, effect: Effect<NodePorts>) {
        match effect {
            Effect::Answer { to, result } => self.answer(to, result),
            Effect::Request(request) => self.shared.switches.send(request),
            // The receiver may be gone.
            Effect::Snapshot { to, current } => drop(to.send(current)),
        }
    }

    fn answer(&self, to: Requester, result: Result<model::Accepted, model::Rejection>) {
        self.shared.metrics.count_command(to.verb, result.as_ref().err().map(|no| no.code));
        match to.address {
            // The receiver may be gone. The decision stands.
            Address::Once(requester) => drop(requester.send(result)),
            Address::Session(answers, command) => {
                drop(answers.send(session::FromHub::Answer { command, result }));
            }
        }
    }

    fn look_up(&self, lookup: ContactLookup) {
        if self.lookups.try_send(lookup).is_err() {
            self.shared.metrics.lookups_skipped.inc();
        }
    }
}
