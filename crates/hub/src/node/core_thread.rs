//! The thread that owns the core.

use std::{sync::Arc, time::Duration};

use cordboard_core::Core;
use model::Timestamp;
use tokio::{sync::mpsc, time};

use super::{
    ids::RandomIds,
    inbox::{Ask, Live},
    shared::Shared,
    writer::Job,
};
use crate::engine::Engine;

/// How many inputs are taken out of the inbox in one go. Ours.
const ASKS: usize = 256;

/// The shortest sleep before a tick: a deadline that does not move may not make the thread spin. Ours.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// Decides until it is told to stop, nobody asks any more, or the writer has ended.
pub(crate) async fn run(
    core: Core,
    mut inbox: mpsc::Receiver<Ask>,
    jobs: mpsc::Sender<Job>,
    shared: Arc<Shared>,
) {
    let engine = Engine::new(core, shared.config.checkpoint_every);
    let mut desk = Desk { engine, ids: RandomIds::default(), jobs, shared };
    let now = desk.shared.clock.now();
    desk.engine.start(now, &mut desk.ids);
    let mut asks = Vec::with_capacity(ASKS);
    while desk.hand_over().await {
        desk.wait(&mut inbox, &mut asks).await;
        if !desk.work(&mut asks).await {
            break;
        }
    }
    desk.engine.take_checkpoint();
    desk.hand_over().await;
}

struct Desk {
    engine: Engine<Live>,
    ids: RandomIds,
    jobs: mpsc::Sender<Job>,
    shared: Arc<Shared>,
}

impl Desk {
    /// Waits for something to do, or for the deadline.
    async fn wait(&self, inbox: &mut mpsc::Receiver<Ask>, asks: &mut Vec<Ask>) {
        let deadline = self.engine.deadline().map(|at| self.shared.until(at).max(SLEEP_MIN));
        let asked = inbox.recv_many(asks, ASKS);
        let count = match deadline {
            None => asked.await,
            Some(span) => match time::timeout(span, asked).await {
                Ok(count) => count,
                Err(_) => return,
            },
        };
        if count == 0 {
            asks.push(Ask::Stop);
        }
    }

    /// Does what was asked, and what time asks for; says whether to go on.
    async fn work(&mut self, asks: &mut Vec<Ask>) -> bool {
        let now = self.shared.clock.now();
        for ask in asks.drain(..) {
            if !self.take(now, ask) {
                return false;
            }
            if self.engine.is_full() && !self.hand_over().await {
                return false;
            }
        }
        self.engine.be_on_time(now, &mut self.ids);
        true
    }

    fn take(&mut self, now: Timestamp, ask: Ask) -> bool {
        match ask {
            Ask::Input { input, asker } => self.engine.submit(now, &mut self.ids, input, asker),
            Ask::Floor { change, asker } => {
                self.engine.submit_floor(now, &mut self.ids, change, Some(asker));
            }
            Ask::Desk { agent, attended } => self.engine.desk(now, &mut self.ids, agent, attended),
            Ask::Look { viewer, to } => self.engine.look(now, &viewer, to),
            Ask::Subscribe { who, from } => {
                let viewer = who.viewer.clone();
                self.engine.subscribe(now, &viewer, from, who);
            }
            Ask::Resend(switch) => self.engine.resend(&switch),
            Ask::Stop => return false,
        }
        true
    }

    /// Gives what was decided to the writer; waits where the writer is far behind. Says whether the writer still runs.
    async fn hand_over(&mut self) -> bool {
        match self.engine.take_batch() {
            Some(batch) => self.jobs.send(Job::Batch(batch)).await.is_ok(),
            None => !self.jobs.is_closed(),
        }
    }
}
