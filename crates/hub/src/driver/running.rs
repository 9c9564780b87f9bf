//! One session and its task.

use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use bytes::Bytes;
use cordboard_core::{Asked, Input as CoreInput};
use futures_util::FutureExt;
use http::Response;
use model::{AgentId, Rejection, SwitchId, Timestamp};
use session::{Exchange, FromHub, FromPeer, Input, Output, Page, Session, ToHub, ToPage, ToPeer};
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    client::Client,
    inlet::Inbound,
    links::{self, Links},
    pages::Pages,
    redact::redacted,
};
use crate::{
    Handle,
    engine::{Delivery, everybody},
    node::{AgentDesk, Life, Requests, Subscription},
};

/// How many requests of peers may be with the session; whoever comes then waits. Ours.
const EXCHANGES_MAX: usize = 4_096;

/// How many things of one kind are taken in one go. Ours.
const ROUND: usize = 64;

/// The shortest sleep before a tick: a deadline that does not move may not make the task spin. Ours.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// How peers come to a session, each in its own way.
pub(super) struct Lines {
    inbound: mpsc::Receiver<Inbound>,
    pub(super) links: Option<Links>,
    pub(super) pages: Option<Pages>,
    pub(super) client: Arc<Client>,
}

impl Lines {
    pub(super) fn new(inbound: mpsc::Receiver<Inbound>) -> Self {
        Self { inbound, links: None, pages: None, client: Arc::new(Client::new(None)) }
    }
}

/// A session, and what its driver keeps for it.
pub(super) struct Running {
    name: String,
    handle: Handle,
    switch: Option<SwitchId>,
    session: Box<dyn Session>,
    lines: Lines,
    open: HashMap<Exchange, oneshot::Sender<Response<Bytes>>>,
    last_exchange: u64,
    said: mpsc::UnboundedSender<Input>,
    hears: mpsc::UnboundedReceiver<Input>,
    answers: mpsc::UnboundedSender<FromHub>,
    answered: mpsc::UnboundedReceiver<FromHub>,
    /// What was asked of the hub or of peers and has no answer yet.
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
    Inbound(Inbound),
    Linked(links::Happened),
    Paged(FromPeer),
    Answered(FromHub),
    Heard(Input),
    Delivered(Option<Vec<Delivery>>),
    Requested(Option<Asked>),
    Deadline,
    Closing,
}

impl Running {
    pub(super) fn new(
        name: &str,
        handle: Handle,
        switch: Option<SwitchId>,
        session: Box<dyn Session>,
        lines: Lines,
    ) -> Self {
        let (said, hears) = mpsc::unbounded_channel();
        let (answers, answered) = mpsc::unbounded_channel();
        let requests = switch.clone().map(|switch| handle.shared().switches.open(switch));
        let life = handle.shared().life.subscribe();
        Self {
            name: name.to_owned(),
            handle,
            switch,
            session,
            lines,
            open: HashMap::new(),
            last_exchange: 0,
            said,
            hears,
            answers,
            answered,
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
        let name = self.name.clone();
        if AssertUnwindSafe(self.run()).catch_unwind().await.is_err() {
            tracing::error!(session = name, "session panicked and is gone");
        }
    }

    async fn run(mut self) {
        self.feed(Input::Start).await;
        while !(self.closing && self.open.is_empty() && self.asked == 0) {
            match self.wait().await {
                Happened::Inbound(first) => self.take_inbound(first).await,
                Happened::Linked(happened) => self.take_linked(happened).await,
                Happened::Paged(said) => self.feed(Input::Peer(said)).await,
                Happened::Answered(first) => self.take_answers(first).await,
                Happened::Heard(input) => {
                    self.asked = self.asked.saturating_sub(1);
                    self.feed(input).await;
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
            Some(inbound) = self.lines.inbound.recv(), if self.open.len() < EXCHANGES_MAX => Happened::Inbound(inbound),
            Some(answer) = self.answered.recv() => Happened::Answered(answer),
            Some(input) = self.hears.recv() => Happened::Heard(input),
            Some(happened) = next_linked(&mut self.lines.links) => Happened::Linked(happened),
            Some(said) = next_paged(&mut self.lines.pages) => Happened::Paged(said),
            deliveries = next_deliveries(&mut self.subscription) => Happened::Delivered(deliveries),
            asked = next_request(&mut self.requests) => Happened::Requested(asked),
            () = sleep(deadline) => Happened::Deadline,
            _ = self.life.wait_for(|life| *life != Life::Ready), if !self.closing => Happened::Closing,
        }
    }

    async fn take_inbound(&mut self, first: Inbound) {
        self.take_one(first).await;
        for _ in 1..ROUND {
            if self.open.len() >= EXCHANGES_MAX {
                return;
            }
            let Ok(next) = self.lines.inbound.try_recv() else { return };
            self.take_one(next).await;
        }
    }

    async fn take_one(&mut self, Inbound { from, request, answer }: Inbound) {
        tracing::trace!(session = self.name, %from, method = %request.method(), target = redacted(request.uri()),
            bytes = request.body().len(), "request in");
        self.last_exchange += 1;
        let exchange = Exchange(self.last_exchange);
        self.open.insert(exchange, answer);
        self.feed(Input::Peer(FromPeer::Request { exchange, from, request })).await;
    }

    async fn take_linked(&mut self, happened: links::Happened) {
        let said = match happened {
            links::Happened::Said(said) => said,
            links::Happened::Came(arrival) => match &mut self.lines.links {
                Some(links) => links.welcome(arrival),
                None => return,
            },
        };
        if let (FromPeer::Disconnected { link, .. }, Some(links)) = (&said, &mut self.lines.links) {
            links.end(*link);
        }
        self.feed(Input::Peer(said)).await;
    }

    async fn take_answers(&mut self, first: FromHub) {
        self.take_answer(first).await;
        for _ in 1..ROUND {
            let Ok(next) = self.answered.try_recv() else { return };
            self.take_answer(next).await;
        }
    }

    async fn take_answer(&mut self, answer: FromHub) {
        self.asked = self.asked.saturating_sub(1);
        self.feed(Input::Hub(answer)).await;
    }

    async fn take_deliveries(&mut self, deliveries: Vec<Delivery>) {
        for heard in deliveries.into_iter().filter_map(Delivery::heard) {
            self.feed(Input::Hub(heard)).await;
        }
    }

    async fn take_request(&mut self, asked: Asked) {
        let Asked { request, what, .. } = asked;
        self.feed(Input::Hub(FromHub::Requested { request, asked: what })).await;
        let left_out = self.requests.as_ref().is_some_and(Requests::left_out);
        if let Some(switch) = self.switch.clone().filter(|_| left_out) {
            // Only a node that ends does not take it.
            self.handle.resend(switch).await.ok();
        }
    }

    /// Gives the session one thing, and does what it wants done.
    async fn feed(&mut self, input: Input) {
        self.session.handle(self.now(), input);
        while let Some(output) = self.session.poll() {
            match output {
                Output::Peer(ToPeer::Response { exchange, response }) => self.respond(exchange, response),
                Output::Peer(ToPeer::Request { exchange, request, patience }) => {
                    self.asked += 1;
                    self.request(exchange, request, patience);
                }
                Output::Peer(
                    to_peer @ (ToPeer::Connect { .. } | ToPeer::Send { .. } | ToPeer::Disconnect { .. }),
                ) => {
                    self.link(to_peer);
                }
                Output::Peer(ToPeer::Page { page, say }) => self.say_to_page(page, say),
                Output::Hub(to_hub) => self.tell(to_hub).await,
            }
        }
    }

    fn link(&mut self, to_peer: ToPeer) {
        let Some(links) = &mut self.lines.links else {
            return tracing::warn!(session = self.name, "a session without byte streams wants one");
        };
        match to_peer {
            ToPeer::Connect { link, to, patience } => links.connect(link, to, patience),
            ToPeer::Send { link, bytes } => {
                tracing::trace!(session = self.name, link = link.0, bytes = bytes.len(), "bytes out");
                links.send(link, bytes);
            }
            ToPeer::Disconnect { link, why } => {
                tracing::debug!(session = self.name, link = link.0, why, "link ended");
                links.end(link);
            }
            ToPeer::Request { .. } | ToPeer::Response { .. } | ToPeer::Page { .. } => {}
        }
    }

    fn say_to_page(&mut self, page: Page, say: ToPage) {
        match &mut self.lines.pages {
            Some(pages) => pages.say(page, say),
            None => tracing::warn!(session = self.name, "a session without pages speaks to one"),
        }
    }

    fn respond(&mut self, exchange: Exchange, response: Response<Bytes>) {
        tracing::trace!(
            session = self.name,
            status = response.status().as_u16(),
            bytes = response.body().len(),
            "response out"
        );
        match self.open.remove(&exchange) {
            // The peer may be gone.
            Some(answer) => drop(answer.send(response)),
            None => tracing::warn!(session = self.name, exchange = exchange.0, "response to no request"),
        }
    }

    fn request(&self, exchange: Exchange, request: http::Request<Bytes>, patience: session::Patience) {
        tracing::trace!(session = self.name, method = %request.method(), target = redacted(request.uri()),
            bytes = request.body().len(), "request out");
        let (client, said) = (Arc::clone(&self.lines.client), self.said.clone());
        tokio::spawn(async move {
            let heard = match client.send(request, patience).await {
                Ok(response) => FromPeer::Response { exchange, response },
                Err(failure) => FromPeer::Failed { exchange, failure },
            };
            // The session may have ended.
            drop(said.send(Input::Peer(heard)));
        });
    }

    async fn tell(&mut self, to_hub: ToHub) {
        match to_hub {
            ToHub::Subscribe => self.subscribe().await,
            ToHub::Command(command) => {
                self.asked += 1;
                let id = command.id.clone();
                if let Err(rejection) = self.handle.command_of_session(command, self.answers.clone()).await {
                    self.say(FromHub::Answer { command: id, result: Err(rejection) });
                }
            }
            ToHub::Desk { agent, attended: true } => {
                let desk = self.handle.attend(agent.clone()).await;
                self.desks.insert(agent, desk);
            }
            ToHub::Desk { agent, attended: false } => drop(self.desks.remove(&agent)),
            ToHub::Authenticate { ticket, login, secret, from } => {
                self.asked += 1;
                let (auth, answers) = (Arc::clone(self.handle.auth()), self.answers.clone());
                tokio::spawn(async move {
                    let result = auth.authenticate(&login, &secret, from).await;
                    // The session may have ended.
                    drop(answers.send(FromHub::Authenticated { ticket, result }));
                });
            }
            ToHub::Notice { agent, interaction, notice } => {
                // Only a node that ends does not take it.
                drop(self.handle.tell(CoreInput::Notice { agent, interaction, notice }).await);
            }
            ToHub::Switch(event) => self.tell_core(|switch| CoreInput::Switch { switch, event }).await,
            ToHub::SwitchAnswer { request, answer } => {
                self.tell_core(|switch| CoreInput::Answer { switch, request, answer }).await;
            }
        }
    }

    async fn subscribe(&mut self) {
        match self.handle.subscribe(everybody(), None).await {
            Ok(subscription) => self.subscription = Some(subscription),
            Err(Rejection { text, .. }) => tracing::debug!(session = self.name, %text, "not subscribed"),
        }
    }

    async fn tell_core(&mut self, input: impl FnOnce(SwitchId) -> CoreInput) {
        match &self.switch {
            // Only a node that ends does not take it.
            Some(switch) => drop(self.handle.tell(input(switch.clone())).await),
            None => tracing::warn!(session = self.name, "a session that is no switch speaks for one"),
        }
    }

    fn say(&self, answer: FromHub) {
        // The other end is in `self`.
        drop(self.answers.send(answer));
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

async fn next_linked(links: &mut Option<Links>) -> Option<links::Happened> {
    match links {
        Some(links) => links.next().await,
        None => std::future::pending().await,
    }
}

async fn next_paged(pages: &mut Option<Pages>) -> Option<FromPeer> {
    match pages {
        Some(pages) => pages.next().await,
        None => std::future::pending().await,
    }
}

async fn next_request(requests: &mut Option<Requests>) -> Option<Asked> {
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
