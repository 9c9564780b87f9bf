//! Shows what is durable: the thread behind the writer.

use std::sync::{Arc, atomic::Ordering};

use model::{Country, Event, FloorEvent, Record};
use tokio::sync::mpsc;

use super::{
    inbox::{Address, Asker, Live},
    shared::Shared,
    waking::Waking,
};
use crate::{
    auth::Auth,
    engine::{self, Effect, Mailbox, Question, Released},
};

/// Shows batches until the writer ends.
pub(crate) fn run(
    mut released: mpsc::Receiver<Released<Live>>,
    shared: Arc<Shared>,
    questions: mpsc::Sender<Question>,
    auth: Arc<Auth>,
    country: Option<Country>,
) {
    let mut desk = Desk { fanout: engine::Fanout::new(country), shared, questions, auth };
    while let Some(batch) = released.blocking_recv() {
        desk.show(batch);
    }
    desk.fanout.close();
}

struct Desk {
    fanout: engine::Fanout<Arc<Waking<Mailbox>>>,
    shared: Arc<Shared>,
    questions: mpsc::Sender<Question>,
    auth: Arc<Auth>,
}

impl Desk {
    fn show(&mut self, batch: Released<Live>) {
        batch.entries.iter().for_each(|entry| self.note(entry.record()));
        let shown = self.fanout.show(batch);
        self.shared.metrics.resyncs.inc_by(shown.overflows);
        self.shared.metrics.subscribers.set(self.fanout.count() as i64);
        shown.questions.into_iter().for_each(|question| self.ask_directory(question));
        shown.effects.into_iter().for_each(|effect| self.carry_out(effect));
    }

    fn note(&self, record: &Record) {
        self.shared.metrics.count_event(record.event.word());
        if let Event::Floor(FloorEvent::Changed { floor }) = &record.event {
            self.auth.dismiss(floor);
        }
        self.shared.durable.store(record.seq.0, Ordering::Release);
    }

    fn carry_out(&self, effect: Effect<Live>) {
        match effect {
            Effect::Answer { to, result } => self.answer(to, result),
            Effect::Request(asked) => self.shared.switches.send(asked),
            // Whoever looked may have gone; nobody misses the picture.
            Effect::Look { to, picture } => drop(to.send(picture)),
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

    fn ask_directory(&self, question: Question) {
        if self.questions.try_send(question).is_err() {
            self.shared.metrics.lookups_skipped.inc();
        }
    }
}
