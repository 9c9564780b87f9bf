//! The thread that owns the core.

use std::{sync::Arc, time::Duration};

use cordboard_core::Core;
use model::Timestamp;
use tokio::{sync::mpsc, time};

use super::{
    ids::RandomIds,
    inbox::{CoreRequest, NodePorts},
    shared::Shared,
    writer::Job,
};
use crate::engine::Engine;

/// How many inputs are taken out of the inbox at a time. Our choice.
const REQUESTS: usize = 256;

/// The shortest wait before a tick, so that a deadline that does not move cannot make the thread spin. Our choice.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// Runs the core until it is stopped, all senders are gone, or the writer has ended.
pub(crate) async fn run(
    core: Core,
    mut inbox: mpsc::Receiver<CoreRequest>,
    jobs: mpsc::Sender<Job>,
    shared: Arc<Shared>,
) {
    let engine = Engine::new(core, shared.config.checkpoint_every);
    let mut thread = CoreThread { engine, ids: RandomIds::default(), jobs, shared };
    let now = thread.shared.clock.now();
    thread.engine.start(now, &mut thread.ids);
    let mut requests = Vec::with_capacity(REQUESTS);
    while thread.hand_over().await {
        thread.wait(&mut inbox, &mut requests).await;
        if !thread.work(&mut requests).await {
            break;
        }
    }
    thread.engine.take_checkpoint();
    thread.hand_over().await;
}

struct CoreThread {
    engine: Engine<NodePorts>,
    ids: RandomIds,
    jobs: mpsc::Sender<Job>,
    shared: Arc<Shared>,
}

impl CoreThread {
    /// Waits for a request or for the deadline.
    async fn wait(&self, inbox: &mut mpsc::Receiver<CoreRequest>, requests: &mut Vec<CoreRequest>) {
        let deadline = self.engine.deadline().map(|at| self.shared.until(at).max(SLEEP_MIN));
        let received = inbox.recv_many(requests, REQUESTS);
        let count = match deadline {
            None => received.await,
            Some(span) => match time::timeout(span, received).await {
                Ok(count) => count,
                Err(_) => return,
            },
        };
        if count == 0 {
            requests.push(CoreRequest::Stop);
        }
    }

    /// Carries out requests and a due tick. Returns whether to continue.
    async fn work(&mut self, requests: &mut Vec<CoreRequest>) -> bool {
        let now = self.shared.clock.now();
        for request in requests.drain(..) {
            if !self.take(now, request) {
                return false;
            }
            if self.engine.is_full() && !self.hand_over().await {
                return false;
            }
        }
        self.engine.tick_if_due(now, &mut self.ids);
        true
    }

    fn take(&mut self, now: Timestamp, request: CoreRequest) -> bool {
        match request {
            CoreRequest::Input { input, requester } => {
                self.engine.submit(now, &mut self.ids, input, requester)
            }
            CoreRequest::Floor { change, requester } => {
                self.engine.submit_floor(now, &mut self.ids, change, Some(requester));
            }
            CoreRequest::Desk { agent, attended } => self.engine.desk(now, &mut self.ids, agent, attended),
            CoreRequest::Snapshot { viewer, to } => self.engine.snapshot(now, &viewer, to),
            CoreRequest::Subscribe { who, from } => {
                let viewer = who.viewer.clone();
                self.engine.subscribe(now, &viewer, from, who);
            }
            CoreRequest::Resend(switch) => self.engine.resend(&switch),
            CoreRequest::Stop => return false,
        }
        true
    }

    /// Passes the batch to the writer. Waits if the writer is far behind. Returns whether the writer is still running.
    async fn hand_over(&mut self) -> bool {
        match self.engine.take_batch() {
            Some(batch) => self.jobs.send(Job::Batch(batch)).await.is_ok(),
            None => !self.jobs.is_closed(),
        }
    }
}
