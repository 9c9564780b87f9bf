//! The task that runs one session.

use std::{collections::HashMap, panic::AssertUnwindSafe, time::Duration};

use cordboard_core::OutgoingRequest;
use futures_util::FutureExt;
use model::{AgentId, Rejection, SwitchId, Timestamp};
use session::{FromHub, Input, Session};
use tokio::sync::{mpsc, watch};
use tracing::Instrument;

use super::{HubTransport, PeerChannel, ROUND};
use crate::{
    Handle,
    engine::{Delivery, SessionAction, SessionLoop, everybody},
    node::{AgentDesk, Life, Requests, Subscription},
};

/// The shortest wait before a tick, so that a deadline that does not move cannot make the task spin. Our choice.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// A session with the state that its driver keeps for it.
pub(super) struct RunningSession<T: HubTransport> {
    name: String,
    handle: Handle,
    session: SessionLoop<T>,
    channel: T::Channel,
    inputs: Vec<T::FromPeer>,
    answers: mpsc::UnboundedSender<FromHub>,
    answered: mpsc::UnboundedReceiver<FromHub>,
    answers_taken: Vec<FromHub>,
    /// How many requests to the hub are unanswered.
    unanswered: usize,
    subscription: Option<Subscription>,
    requests: Option<Requests>,
    /// The agents that have a desk at the peer.
    desks: HashMap<AgentId, AgentDesk>,
    life: watch::Receiver<Life>,
    closing: bool,
}

/// Why a wait ended.
enum WakeReason {
    Inputs,
    Answered,
    Delivered(Option<Vec<Delivery>>),
    Requested(Option<OutgoingRequest>),
    Deadline,
    Closing,
}

impl<T: HubTransport> RunningSession<T> {
    pub(super) fn new(
        name: &str,
        handle: Handle,
        switch: Option<SwitchId>,
        session: Box<dyn Session<Transport = T>>,
        channel: T::Channel,
    ) -> Self {
        let (answers, answered) = mpsc::unbounded_channel();
        let requests = switch.clone().map(|switch| handle.shared().switches.open(switch));
        let life = handle.shared().life.subscribe();
        Self {
            name: name.to_owned(),
            handle,
            session: SessionLoop::new(session, switch),
            channel,
            inputs: Vec::new(),
            answers,
            answered,
            answers_taken: Vec::new(),
            unanswered: 0,
            subscription: None,
            requests,
            desks: HashMap::new(),
            life,
            closing: false,
        }
    }

    /// Runs until the node stops. A panic ends this session only.
    pub(super) async fn run_guarded(self) {
        let span = tracing::debug_span!("session", name = self.name);
        let name = self.name.clone();
        if AssertUnwindSafe(self.run().instrument(span)).catch_unwind().await.is_err() {
            tracing::error!(session = name, "the session panicked and was stopped");
        }
    }

    async fn run(mut self) {
        self.feed(Input::Start).await;
        while !(self.closing && self.channel.is_idle() && self.unanswered == 0) {
            match self.wait().await {
                WakeReason::Inputs => {
                    for input in std::mem::take(&mut self.inputs) {
                        self.feed(Input::Peer(input)).await;
                    }
                }
                WakeReason::Answered => {
                    for answer in std::mem::take(&mut self.answers_taken) {
                        self.unanswered = self.unanswered.saturating_sub(1);
                        self.feed(Input::Hub(answer)).await;
                    }
                }
                WakeReason::Delivered(Some(deliveries)) => self.take_deliveries(deliveries).await,
                WakeReason::Requested(Some(requested)) => self.take_request(requested).await,
                WakeReason::Deadline => self.feed(Input::Tick).await,
                WakeReason::Closing => {
                    self.closing = true;
                    self.feed(Input::Hub(FromHub::Closing)).await;
                }
                WakeReason::Delivered(None) | WakeReason::Requested(None) => return,
            }
        }
    }

    async fn wait(&mut self) -> WakeReason {
        let deadline = self.session.deadline().map(|(at, _)| self.handle.shared().until(at).max(SLEEP_MIN));
        tokio::select! {
            () = self.channel.next(&mut self.inputs) => WakeReason::Inputs,
            // `self` holds a sender, so the channel is never closed.
            _ = self.answered.recv_many(&mut self.answers_taken, ROUND) => WakeReason::Answered,
            deliveries = next_deliveries(&mut self.subscription) => WakeReason::Delivered(deliveries),
            requested = next_request(&mut self.requests) => WakeReason::Requested(requested),
            () = sleep(deadline) => WakeReason::Deadline,
            _ = self.life.wait_for(|life| !life.accepts_work()), if !self.closing => WakeReason::Closing,
        }
    }

    async fn take_deliveries(&mut self, deliveries: Vec<Delivery>) {
        for input in deliveries.into_iter().filter_map(Delivery::into_input) {
            self.feed(Input::Hub(input)).await;
        }
    }

    async fn take_request(&mut self, requested: OutgoingRequest) {
        let OutgoingRequest { request, what: requested, .. } = requested;
        self.feed(Input::Hub(FromHub::Requested { request, requested })).await;
        let left_out = self.requests.as_ref().is_some_and(Requests::left_out);
        if let Some(switch) = self.session.switch().filter(|_| left_out).cloned() {
            // This fails only when the node is stopping.
            self.handle.resend(switch).await.ok();
        }
    }

    /// Passes an input to the session and carries out its outputs.
    async fn feed(&mut self, input: Input<T>) {
        self.session.handle(self.now(), input);
        while let Some(action) = self.session.poll() {
            match action {
                SessionAction::Peer(output) => self.channel.send(output),
                SessionAction::Subscribe => self.subscribe().await,
                SessionAction::Command(command) => {
                    self.unanswered += 1;
                    let id = command.id.clone();
                    if let Err(rejection) =
                        self.handle.command_of_session(command, self.answers.clone()).await
                    {
                        // The receiver is in `self`, so the send cannot fail.
                        drop(self.answers.send(FromHub::Answer { command: id, result: Err(rejection) }));
                    }
                }
                // This fails only when the node is stopping.
                SessionAction::Core(input) => drop(self.handle.send(input).await),
                SessionAction::Authenticate { ticket, login, secret, from } => {
                    self.unanswered += 1;
                    let (handle, answers) = (self.handle.clone(), self.answers.clone());
                    tokio::spawn(async move {
                        let result = handle.authenticate(&login, &secret, from).await;
                        // The session may have ended.
                        drop(answers.send(FromHub::Authenticated { ticket, result }));
                    });
                }
                SessionAction::Desk { agent, attended: true } => {
                    let desk = self.handle.attend(agent.clone()).await;
                    self.desks.insert(agent, desk);
                }
                SessionAction::Desk { agent, attended: false } => drop(self.desks.remove(&agent)),
            }
        }
    }

    async fn subscribe(&mut self) {
        match self.handle.subscribe(everybody(), None).await {
            Ok(subscription) => self.subscription = Some(subscription),
            Err(Rejection { text, .. }) => tracing::debug!(%text, "subscription refused"),
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
