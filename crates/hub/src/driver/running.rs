//! One session and its task.

use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use cordboard_core::OutgoingRequest;
use futures_util::FutureExt;
use model::{AgentId, Rejection, SwitchId, Timestamp};
use session::{FromHub, Input, Session};
use tokio::sync::{mpsc, watch};
use tracing::Instrument;

use super::{Carry, Lines, ROUND};
use crate::{
    Handle,
    engine::{Delivery, SessionLoop, Wish, everybody},
    node::{AgentDesk, Life, Requests, Subscription},
};

/// The shortest sleep before a tick: a deadline that does not move may not make the task spin. Ours.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// A session, and what its driver keeps for it.
pub(super) struct Running<T: Carry> {
    name: String,
    handle: Handle,
    session: SessionLoop<T>,
    lines: T::Lines,
    said: Vec<T::FromPeer>,
    answers: mpsc::UnboundedSender<FromHub>,
    answered: mpsc::UnboundedReceiver<FromHub>,
    answers_taken: Vec<FromHub>,
    /// How much was asked of the hub and has no answer yet.
    asked: usize,
    subscription: Option<Subscription>,
    requests: Option<Requests>,
    /// Agents who have a desk at the peer.
    desks: HashMap<AgentId, AgentDesk>,
    life: watch::Receiver<Life>,
    closing: bool,
}

/// What ended a wait.
enum Happened {
    Said,
    Answered,
    Delivered(Option<Vec<Delivery>>),
    Requested(Option<OutgoingRequest>),
    Deadline,
    Closing,
}

impl<T: Carry> Running<T> {
    pub(super) fn new(
        name: &str,
        handle: Handle,
        switch: Option<SwitchId>,
        session: Box<dyn Session<Transport = T>>,
        lines: T::Lines,
    ) -> Self {
        let (answers, answered) = mpsc::unbounded_channel();
        let requests = switch.clone().map(|switch| handle.shared().switches.open(switch));
        let life = handle.shared().life.subscribe();
        Self {
            name: name.to_owned(),
            handle,
            session: SessionLoop::new(session, switch),
            lines,
            said: Vec::new(),
            answers,
            answered,
            answers_taken: Vec::new(),
            asked: 0,
            subscription: None,
            requests,
            desks: HashMap::new(),
            life,
            closing: false,
        }
    }

    /// Runs until the node ends. A panic ends this session alone.
    pub(super) async fn run_guarded(self) {
        let span = tracing::debug_span!("session", name = self.name);
        let name = self.name.clone();
        if AssertUnwindSafe(self.run().instrument(span)).catch_unwind().await.is_err() {
            tracing::error!(session = name, "session panicked and is gone");
        }
    }

    async fn run(mut self) {
        self.feed(Input::Start).await;
        while !(self.closing && self.lines.is_idle() && self.asked == 0) {
            match self.wait().await {
                Happened::Said => {
                    for said in std::mem::take(&mut self.said) {
                        self.feed(Input::Peer(said)).await;
                    }
                }
                Happened::Answered => {
                    for answer in std::mem::take(&mut self.answers_taken) {
                        self.asked = self.asked.saturating_sub(1);
                        self.feed(Input::Hub(answer)).await;
                    }
                }
                Happened::Delivered(Some(deliveries)) => self.take_deliveries(deliveries).await,
                Happened::Requested(Some(asked)) => self.take_request(asked).await,
                Happened::Deadline => self.feed(Input::Tick).await,
                Happened::Closing => {
                    self.closing = true;
                    self.feed(Input::Hub(FromHub::Closing)).await;
                }
                Happened::Delivered(None) | Happened::Requested(None) => return,
            }
        }
    }

    async fn wait(&mut self) -> Happened {
        let deadline = self.session.deadline().map(|(at, _)| self.handle.shared().until(at).max(SLEEP_MIN));
        tokio::select! {
            () = self.lines.next(&mut self.said) => Happened::Said,
            // There is always one sender: our own.
            _ = self.answered.recv_many(&mut self.answers_taken, ROUND) => Happened::Answered,
            deliveries = next_deliveries(&mut self.subscription) => Happened::Delivered(deliveries),
            asked = next_request(&mut self.requests) => Happened::Requested(asked),
            () = sleep(deadline) => Happened::Deadline,
            _ = self.life.wait_for(|life| *life != Life::Ready), if !self.closing => Happened::Closing,
        }
    }

    async fn take_deliveries(&mut self, deliveries: Vec<Delivery>) {
        for heard in deliveries.into_iter().filter_map(Delivery::heard) {
            self.feed(Input::Hub(heard)).await;
        }
    }

    async fn take_request(&mut self, asked: OutgoingRequest) {
        let OutgoingRequest { request, what: asked, .. } = asked;
        self.feed(Input::Hub(FromHub::Requested { request, asked })).await;
        let left_out = self.requests.as_ref().is_some_and(Requests::left_out);
        if let Some(switch) = self.session.switch().filter(|_| left_out).cloned() {
            // Only a node that ends does not take it.
            self.handle.resend(switch).await.ok();
        }
    }

    /// Gives the session one thing, and does what it wants done.
    async fn feed(&mut self, input: Input<T>) {
        self.session.handle(self.now(), input);
        while let Some(wish) = self.session.poll() {
            match wish {
                Wish::Peer(said) => self.lines.say(said),
                Wish::Subscribe => self.subscribe().await,
                Wish::Command(command) => {
                    self.asked += 1;
                    let id = command.id.clone();
                    if let Err(rejection) =
                        self.handle.command_of_session(command, self.answers.clone()).await
                    {
                        // The other end is in `self`.
                        drop(self.answers.send(FromHub::Answer { command: id, result: Err(rejection) }));
                    }
                }
                // Only a node that ends does not take it.
                Wish::Core(input) => drop(self.handle.tell(input).await),
                Wish::Authenticate { ticket, login, secret, from } => {
                    self.asked += 1;
                    let (auth, answers) = (Arc::clone(self.handle.auth()), self.answers.clone());
                    tokio::spawn(async move {
                        let result = auth.authenticate(&login, &secret, from).await;
                        // The session may have ended.
                        drop(answers.send(FromHub::Authenticated { ticket, result }));
                    });
                }
                Wish::Desk { agent, attended: true } => {
                    let desk = self.handle.attend(agent.clone()).await;
                    self.desks.insert(agent, desk);
                }
                Wish::Desk { agent, attended: false } => drop(self.desks.remove(&agent)),
            }
        }
    }

    async fn subscribe(&mut self) {
        match self.handle.subscribe(everybody(), None).await {
            Ok(subscription) => self.subscription = Some(subscription),
            Err(Rejection { text, .. }) => tracing::debug!(%text, "not subscribed"),
        }
    }

    fn now(&self) -> Timestamp {
        self.handle.now()
    }
}

async fn next_deliveries(subscription: &mut Option<Subscription>) -> Option<Vec<Delivery>> {
    match subscription {
        Some(subscription) => subscription.next().await,
        None => std::future::pending().await,
    }
}

async fn next_request(requests: &mut Option<Requests>) -> Option<OutgoingRequest> {
    match requests {
        Some(requests) => requests.next().await,
        None => std::future::pending().await,
    }
}

async fn sleep(span: Option<Duration>) {
    match span {
        Some(span) => tokio::time::sleep(span).await,
        None => std::future::pending().await,
    }
}
