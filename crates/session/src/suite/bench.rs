//! A test bench: a driver that only checks what a session does.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use bytes::Bytes;
use model::{Accepted, Code, CommandId, Principal, Rejection, Timestamp};

use super::pages::Pages;
use crate::{
    Exchange, Failure, FromHttp, FromHub, FromPage, FromStream, Input, Link, Output, Page, PageInput,
    PageOutput, Session, Ticket, ToHttp, ToHub, ToStream, Transport,
    transport::any::{FromPeer, ToPeer},
};

/// The most outputs after one input. Our choice: far more than any session needs.
const OUTPUTS_MAX: usize = 100_000;
/// The most ticks at one point in time. Our choice.
const TICKS_MAX: usize = 1_000;
/// The most rounds of answers before every request of the peer must have its response. Our choice.
const ROUNDS_MAX: usize = 64;
/// Exchanges, tickets and links from this number on are never in use.
const STRAY: u64 = u64::MAX - 1_000;

/// One test step. An index selects one of the open items, modulo their number. A step does nothing when no such item is
/// open or when the session's transport has none.
#[derive(Debug, Clone)]
pub enum Step {
    /// Time passes, then a tick follows.
    Pass(Duration),
    /// The peer sends a request.
    Request(SocketAddr, http::Request<Bytes>),
    /// The peer answers a request.
    Respond(usize, http::Response<Bytes>),
    /// A request fails.
    Fail(usize, Failure),
    /// The peer answers a request that was never sent or was already answered.
    Stray(u64, http::Response<Bytes>),
    /// The hub accepts or rejects a command.
    Answer(usize, Result<Accepted, Rejection>),
    /// The hub has checked credentials.
    Authenticated(usize, Result<Principal, Rejection>),
    /// The hub sends another message.
    Hub(FromHub),
    /// The peer opens a byte stream.
    Connect(SocketAddr),
    /// A byte stream that the session requested is connected, or failed.
    Connected(usize, Result<SocketAddr, String>),
    /// The peer sends bytes.
    Receive(usize, Bytes),
    /// A byte stream ends; first the streams that the session has ended.
    Disconnect(usize),
    /// Bytes arrive on a byte stream that does not exist.
    StrayBytes(u64, Bytes),
    /// A page opens.
    OpenPage(Principal),
    /// A page sends a message; first the pages that the session has closed. Messages about frames that do not exist are
    /// corrected.
    Page(usize, FromPage),
}

/// Runs one session and checks the contract after each input.
#[derive(Debug)]
pub struct TestBench<S: Session> {
    session: S,
    now: Timestamp,
    /// Requests of the peer that have no response yet.
    requests: BTreeSet<Exchange>,
    /// Requests of the session that have no response yet.
    sent: Vec<Exchange>,
    commands: Vec<CommandId>,
    tickets: Vec<Ticket>,
    links: Links,
    pages: Pages,
    used: Used,
    transcript: Vec<SessionOutput<S>>,
}

/// An output of a session.
type SessionOutput<S> = Output<<S as Session>::Transport>;

/// The byte streams of a session.
#[derive(Debug, Default)]
struct Links {
    /// Requested by the session, and neither connected nor failed.
    connecting: Vec<Link>,
    open: Vec<Link>,
    /// Ended by the session, which has not received `Disconnected` yet.
    ending: Vec<Link>,
}

/// IDs that must not be used again.
#[derive(Debug, Default)]
struct Used {
    requests: u64,
    links: BTreeSet<Link>,
    exchanges: BTreeSet<Exchange>,
    tickets: BTreeSet<Ticket>,
    commands: BTreeSet<CommandId>,
}

impl<S: Session> TestBench<S> {
    /// Starts a session at a fixed time.
    pub fn start(session: S) -> Self {
        let now = Timestamp(1_700_000_000_000);
        let mut bench = Self {
            session,
            now,
            requests: BTreeSet::new(),
            sent: Vec::new(),
            commands: Vec::new(),
            tickets: Vec::new(),
            links: Links::default(),
            pages: Pages::default(),
            used: Used::default(),
            transcript: Vec::new(),
        };
        bench.handle(Input::Start);
        bench
    }

    /// The session.
    pub fn session(&self) -> &S {
        &self.session
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The outputs since the last `forget` or `take`, as text.
    pub fn transcript(&self) -> Vec<String> {
        self.transcript.iter().map(|output| format!("{output:?}")).collect()
    }

    /// Takes the outputs since the last `forget` or `take`.
    pub fn take(&mut self) -> Vec<SessionOutput<S>> {
        std::mem::take(&mut self.transcript)
    }

    /// Drops the recorded outputs.
    pub fn forget(&mut self) {
        self.transcript.clear();
    }

    /// Sends a request of the peer. Returns its exchange.
    pub fn request(&mut self, from: SocketAddr, request: http::Request<Bytes>) -> Exchange {
        self.used.requests += 1;
        let exchange = Exchange(self.used.requests);
        self.requests.insert(exchange);
        if !self.handle_peer(FromHttp::Request { exchange, from, request }) {
            self.requests.remove(&exchange);
        }
        exchange
    }

    /// Answers an open request of the session.
    pub fn respond(&mut self, exchange: Exchange, response: http::Response<Bytes>) {
        self.sent.retain(|open| *open != exchange);
        self.handle_peer(FromHttp::Response { exchange, response });
    }

    /// Fails an open request of the session.
    pub fn fail(&mut self, exchange: Exchange, failure: Failure) {
        self.sent.retain(|open| *open != exchange);
        self.handle_peer(FromHttp::Failed { exchange, failure });
    }

    /// Opens a byte stream of the peer.
    pub fn connect(&mut self, from: SocketAddr) -> Link {
        let link = Link(self.used.links.len() as u64 + 1);
        self.used.links.insert(link);
        self.links.open.push(link);
        self.handle_peer(FromStream::Connected { link, from });
        link
    }

    /// The byte streams that the session requested and that are neither connected nor failed.
    pub fn connecting(&self) -> &[Link] {
        &self.links.connecting
    }

    /// Reports the result of a byte stream that the session requested.
    pub fn connected(&mut self, link: Link, result: Result<SocketAddr, String>) {
        self.links.connecting.retain(|open| *open != link);
        match result {
            Ok(from) => {
                self.links.open.push(link);
                self.handle_peer(FromStream::Connected { link, from });
            }
            Err(why) => {
                self.handle_peer(FromStream::Disconnected { link, why });
            }
        }
    }

    /// Sends bytes of the peer.
    pub fn receive(&mut self, link: Link, bytes: Bytes) {
        self.handle_peer(FromStream::Received { link, bytes });
    }

    /// Ends a byte stream.
    pub fn disconnect(&mut self, link: Link) {
        self.links.open.retain(|open| *open != link);
        self.links.ending.retain(|open| *open != link);
        self.handle_peer(FromStream::Disconnected { link, why: "the suite ends it".into() });
    }

    /// Opens a page.
    pub fn open_page(&mut self, by: Principal) -> Page {
        let page = self.pages.open();
        self.handle_peer(PageInput { page, message: FromPage::Opened { by } });
        page
    }

    /// Sends a message of a page, if the page can send it in its current state.
    pub fn page(&mut self, page: Page, message: FromPage) {
        if self.pages.takes(page, &message) {
            self.handle_peer(PageInput { page, message });
        }
    }

    /// Carries out one step.
    pub fn step(&mut self, step: &Step) {
        match step.clone() {
            Step::Pass(span) => self.pass(span),
            Step::Request(from, request) => drop(self.request(from, request)),
            Step::Respond(index, response) => {
                if let Some(exchange) = choose(&self.sent, index) {
                    self.respond(exchange, response);
                }
            }
            Step::Fail(index, failure) => {
                if let Some(exchange) = choose(&self.sent, index) {
                    self.fail(exchange, failure);
                }
            }
            Step::Stray(number, response) => {
                let exchange = self.stray(number);
                self.handle_peer(FromHttp::Response { exchange, response });
            }
            Step::Answer(index, result) => {
                if let Some(command) = pick(&mut self.commands, index) {
                    self.handle(Input::Hub(FromHub::Answer { command, result }));
                }
            }
            Step::Authenticated(index, result) => {
                if let Some(ticket) = pick(&mut self.tickets, index) {
                    self.handle(Input::Hub(FromHub::Authenticated { ticket, result }));
                }
            }
            Step::Hub(message) => self.handle(Input::Hub(message)),
            Step::Connect(from) => drop(self.connect(from)),
            Step::Connected(index, result) => {
                if let Some(link) = choose(&self.links.connecting, index) {
                    self.connected(link, result);
                }
            }
            Step::Receive(index, bytes) => {
                if let Some(link) = choose(&self.links.open, index) {
                    self.receive(link, bytes);
                }
            }
            Step::Disconnect(index) => {
                let link = choose(&self.links.ending, index).or_else(|| choose(&self.links.open, index));
                if let Some(link) = link {
                    self.disconnect(link);
                }
            }
            Step::OpenPage(by) => drop(self.open_page(by)),
            Step::Page(index, message) => {
                if let Some(page) = self.pages.choose(index) {
                    self.page(page, message);
                }
            }
            Step::StrayBytes(number, bytes) => {
                let link = Link(STRAY + number % 1_000);
                self.receive(link, bytes);
                self.disconnect(link);
            }
        }
    }

    /// Advances the time and ticks.
    pub fn pass(&mut self, span: Duration) {
        self.now = self.now + span;
        self.handle(Input::Tick);
        for _ in 0..TICKS_MAX {
            match self.session.deadline() {
                Some((at, _)) if at <= self.now => self.handle(Input::Tick),
                Some(_) | None => return,
            }
        }
        panic!("the session is due again and again at {:?}: {:?}", self.now, self.session.deadline());
    }

    /// Answers everything that is open until every request of the peer has its response.
    pub fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let unavailable = Rejection::new(Code::Unavailable, "the suite ends");
            while !(self.commands.is_empty() && self.tickets.is_empty() && self.sent.is_empty()) {
                self.step(&Step::Answer(0, Err(unavailable.clone())));
                self.step(&Step::Authenticated(0, Err(unavailable.clone())));
                self.step(&Step::Fail(0, Failure::NoAnswer("the suite ends".into())));
            }
            if self.requests.is_empty() {
                return;
            }
            self.pass(Duration::from_secs(60));
        }
        panic!("requests of the peer's have no answer: {:?}", self.requests);
    }

    /// Gives the session a message of its peer. Returns whether its transport supports it.
    fn handle_peer(&mut self, message: impl Into<FromPeer>) -> bool {
        let Ok(message) = <S::Transport as Transport>::FromPeer::try_from(message.into()) else {
            return false;
        };
        self.handle(Input::Peer(message));
        true
    }

    fn handle(&mut self, input: Input<S::Transport>) {
        self.session.handle(self.now, input);
        for _ in 0..OUTPUTS_MAX {
            let due = self.session.deadline();
            let Some(output) = self.session.poll() else { return };
            let early = due.filter(|(at, _)| *at < self.now);
            assert!(early.is_none(), "output waits and the deadline {early:?} is before {:?}", self.now);
            self.note(&output);
            self.transcript.push(output);
        }
        panic!("the session said {OUTPUTS_MAX} things after one input and has not ended");
    }

    fn note(&mut self, output: &SessionOutput<S>) {
        match output {
            Output::Peer(message) => match message.clone().into() {
                ToPeer::Http(message) => self.note_http(&message),
                ToPeer::Stream(message) => self.note_stream(&message),
                ToPeer::Page(PageOutput { page, message }) => self.pages.note(page, &message),
            },
            Output::Hub(message) => self.note_hub(message),
        }
    }

    fn note_http(&mut self, message: &ToHttp) {
        match message {
            ToHttp::Response { exchange, .. } => {
                assert!(
                    self.requests.remove(exchange),
                    "{exchange:?} was answered twice, or was never asked"
                );
            }
            ToHttp::Request { exchange, request, .. } => {
                assert!(self.used.exchanges.insert(*exchange), "{exchange:?} was used twice");
                assert!(request.uri().authority().is_some(), "{} is not absolute", request.uri().path());
                self.sent.push(*exchange);
            }
        }
    }

    fn note_stream(&mut self, message: &ToStream) {
        match message {
            ToStream::Connect { link, to, .. } => {
                assert!(self.used.links.insert(*link), "{link:?} was used twice");
                assert!(to.contains(':'), "{to} has no port");
                self.links.connecting.push(*link);
            }
            ToStream::Send { link, bytes } => {
                assert!(self.links.open.contains(link), "{link:?} is not there and is to carry bytes");
                assert!(!bytes.is_empty(), "nothing is to be sent on {link:?}");
            }
            ToStream::Disconnect { link, .. } => {
                let before = self.links.open.len();
                self.links.open.retain(|open| open != link);
                assert!(self.links.open.len() < before, "{link:?} is not there and is to be ended");
                self.links.ending.push(*link);
            }
        }
    }

    fn note_hub(&mut self, message: &ToHub) {
        match message {
            ToHub::Command(command) => {
                assert!(self.used.commands.insert(command.id.clone()), "{:?} was used twice", command.id);
                self.commands.push(command.id.clone());
            }
            ToHub::Authenticate { ticket, .. } => {
                assert!(self.used.tickets.insert(*ticket), "{ticket:?} was used twice");
                self.tickets.push(*ticket);
            }
            ToHub::Subscribe
            | ToHub::Desk { .. }
            | ToHub::Notice { .. }
            | ToHub::Switch(_)
            | ToHub::SwitchAnswer { .. } => {}
        }
    }

    /// An exchange that is not open: a past one or one that never existed.
    fn stray(&self, number: u64) -> Exchange {
        let past = Exchange(number);
        if self.sent.contains(&past) { Exchange(STRAY + number % 1_000) } else { past }
    }
}

pub(super) fn choose<T: Copy>(open: &[T], index: usize) -> Option<T> {
    open.get(index.checked_rem(open.len())?).copied()
}

fn pick<T>(open: &mut Vec<T>, index: usize) -> Option<T> {
    if open.is_empty() { None } else { Some(open.remove(index % open.len())) }
}
