//! A driver that only watches.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use bytes::Bytes;
use model::{Accepted, Code, CommandId, Principal, Rejection, Timestamp};

use super::pages::Pages;
use crate::{
    Exchange, Failure, FromHttp, FromHub, FromPage, FromStream, Input, Link, Output, Page, PageSaid, PageSay,
    Session, Ticket, ToHttp, ToHub, ToStream, Transport,
    transport::any::{FromPeer, ToPeer},
};

/// The most outputs after one input. Ours: far above what any session has reason to say.
const OUTPUTS_MAX: usize = 100_000;
/// How often a session may be due again at one moment. Ours.
const TICKS_MAX: usize = 1_000;
/// How often everything open is answered before every request of the peer's has to be. Ours.
const ROUNDS_MAX: usize = 64;
/// Exchanges, tickets and the like from here on are never given to anybody.
const STRAY: u64 = u64::MAX - 1_000;

/// One thing to do to a session. An index picks one of what is open, counted round; nothing happens when nothing is open, or when the
/// session's transport has no such thing.
#[derive(Debug, Clone)]
pub enum Step {
    /// Time passes, then comes a tick.
    Pass(Duration),
    /// The peer asks.
    Request(SocketAddr, http::Request<Bytes>),
    /// The peer answers.
    Respond(usize, http::Response<Bytes>),
    /// There is no answer.
    Fail(usize, Failure),
    /// The peer answers what was never asked, or was answered before.
    Stray(u64, http::Response<Bytes>),
    /// The hub takes or refuses a command.
    Answer(usize, Result<Accepted, Rejection>),
    /// The hub checked credentials.
    Authenticated(usize, Result<Principal, Rejection>),
    /// The hub says something else.
    Hub(FromHub),
    /// The peer makes a byte stream.
    Connect(SocketAddr),
    /// A byte stream that was asked for is there, or is not.
    Connected(usize, Result<SocketAddr, String>),
    /// The peer sends bytes.
    Receive(usize, Bytes),
    /// A byte stream ends, at the latest one that the session has ended.
    Disconnect(usize),
    /// Something comes of a byte stream that is not there.
    StrayBytes(u64, Bytes),
    /// A page of ours opens.
    OpenPage(Principal),
    /// A page says something, at the latest one that the session has ended. What it says of frames is put right where it cannot be.
    Page(usize, FromPage),
}

/// Runs one session and checks the contract after each input.
#[derive(Debug)]
pub struct Bench<S: Session> {
    session: S,
    now: Timestamp,
    /// Requests of the peer's that have no answer yet.
    asked: BTreeSet<Exchange>,
    /// Requests of the session's that have no answer yet.
    sent: Vec<Exchange>,
    commands: Vec<CommandId>,
    tickets: Vec<Ticket>,
    links: Links,
    pages: Pages,
    used: Used,
    transcript: Vec<Said<S>>,
}

/// What a session says.
type Said<S> = Output<<S as Session>::Transport>;

/// Byte streams.
#[derive(Debug, Default)]
struct Links {
    /// Asked for, and neither there nor refused.
    connecting: Vec<Link>,
    open: Vec<Link>,
    /// Ended by the session, which has yet to hear that they are gone.
    ending: Vec<Link>,
}

/// What may not be used again.
#[derive(Debug, Default)]
struct Used {
    asked: u64,
    links: BTreeSet<Link>,
    exchanges: BTreeSet<Exchange>,
    tickets: BTreeSet<Ticket>,
    commands: BTreeSet<CommandId>,
}

impl<S: Session> Bench<S> {
    /// Starts a session at a fixed moment.
    pub fn start(session: S) -> Self {
        let now = Timestamp(1_700_000_000_000);
        let mut bench = Self {
            session,
            now,
            asked: BTreeSet::new(),
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

    /// The moment.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What was said since it was last forgotten, as text.
    pub fn transcript(&self) -> Vec<String> {
        self.transcript.iter().map(|output| format!("{output:?}")).collect()
    }

    /// Takes what was said since it was last forgotten.
    pub fn take(&mut self) -> Vec<Said<S>> {
        std::mem::take(&mut self.transcript)
    }

    /// Forgets what was said.
    pub fn forget(&mut self) {
        self.transcript.clear();
    }

    /// Lets the peer ask something; gives the exchange.
    pub fn request(&mut self, from: SocketAddr, request: http::Request<Bytes>) -> Exchange {
        self.used.asked += 1;
        let exchange = Exchange(self.used.asked);
        self.asked.insert(exchange);
        if !self.hear(FromHttp::Request { exchange, from, request }) {
            self.asked.remove(&exchange);
        }
        exchange
    }

    /// Lets the peer answer a request that is open.
    pub fn respond(&mut self, exchange: Exchange, response: http::Response<Bytes>) {
        self.sent.retain(|open| *open != exchange);
        self.hear(FromHttp::Response { exchange, response });
    }

    /// Lets a request that is open fail.
    pub fn fail(&mut self, exchange: Exchange, failure: Failure) {
        self.sent.retain(|open| *open != exchange);
        self.hear(FromHttp::Failed { exchange, failure });
    }

    /// Lets the peer make a byte stream.
    pub fn connect(&mut self, from: SocketAddr) -> Link {
        let link = Link(self.used.links.len() as u64 + 1);
        self.used.links.insert(link);
        self.links.open.push(link);
        self.hear(FromStream::Connected { link, from });
        link
    }

    /// The byte streams that the session asked for and that are neither there nor refused.
    pub fn connecting(&self) -> &[Link] {
        &self.links.connecting
    }

    /// Says what came of a byte stream that was asked for.
    pub fn connected(&mut self, link: Link, result: Result<SocketAddr, String>) {
        self.links.connecting.retain(|open| *open != link);
        match result {
            Ok(from) => {
                self.links.open.push(link);
                self.hear(FromStream::Connected { link, from });
            }
            Err(why) => {
                self.hear(FromStream::Disconnected { link, why });
            }
        }
    }

    /// Lets the peer send bytes.
    pub fn receive(&mut self, link: Link, bytes: Bytes) {
        self.hear(FromStream::Received { link, bytes });
    }

    /// Ends a byte stream.
    pub fn disconnect(&mut self, link: Link) {
        self.links.open.retain(|open| *open != link);
        self.links.ending.retain(|open| *open != link);
        self.hear(FromStream::Disconnected { link, why: "the suite ends it".into() });
    }

    /// Opens a page.
    pub fn open_page(&mut self, by: Principal) -> Page {
        let page = self.pages.open();
        self.hear(PageSaid { page, said: FromPage::Opened { by } });
        page
    }

    /// Lets a page say something, when it is what a page can say as things stand.
    pub fn page(&mut self, page: Page, said: FromPage) {
        if self.pages.takes(page, &said) {
            self.hear(PageSaid { page, said });
        }
    }

    /// Does one step.
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
                self.hear(FromHttp::Response { exchange, response });
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
            Step::Hub(said) => self.handle(Input::Hub(said)),
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
            Step::Page(index, said) => {
                if let Some(page) = self.pages.choose(index) {
                    self.page(page, said);
                }
            }
            Step::StrayBytes(number, bytes) => {
                let link = Link(STRAY + number % 1_000);
                self.receive(link, bytes);
                self.disconnect(link);
            }
        }
    }

    /// Lets time pass, with a tick at the end.
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

    /// Answers all that is open until every request of the peer's has its answer.
    pub fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let unavailable = Rejection::new(Code::Unavailable, "the suite ends");
            while !(self.commands.is_empty() && self.tickets.is_empty() && self.sent.is_empty()) {
                self.step(&Step::Answer(0, Err(unavailable.clone())));
                self.step(&Step::Authenticated(0, Err(unavailable.clone())));
                self.step(&Step::Fail(0, Failure::NoAnswer("the suite ends".into())));
            }
            if self.asked.is_empty() {
                return;
            }
            self.pass(Duration::from_secs(60));
        }
        panic!("requests of the peer's have no answer: {:?}", self.asked);
    }

    /// Gives the session what its peer said; says whether its transport has such a thing.
    fn hear(&mut self, said: impl Into<FromPeer>) -> bool {
        let Ok(said) = <S::Transport as Transport>::FromPeer::try_from(said.into()) else { return false };
        self.handle(Input::Peer(said));
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

    fn note(&mut self, output: &Said<S>) {
        match output {
            Output::Peer(said) => match said.clone().into() {
                ToPeer::Http(said) => self.note_http(&said),
                ToPeer::Stream(said) => self.note_stream(&said),
                ToPeer::Page(PageSay { page, say }) => self.pages.note(page, &say),
            },
            Output::Hub(said) => self.note_hub(said),
        }
    }

    fn note_http(&mut self, said: &ToHttp) {
        match said {
            ToHttp::Response { exchange, .. } => {
                assert!(self.asked.remove(exchange), "{exchange:?} was answered twice, or was never asked");
            }
            ToHttp::Request { exchange, request, .. } => {
                assert!(self.used.exchanges.insert(*exchange), "{exchange:?} was used twice");
                assert!(request.uri().authority().is_some(), "{} is not absolute", request.uri().path());
                self.sent.push(*exchange);
            }
        }
    }

    fn note_stream(&mut self, said: &ToStream) {
        match said {
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

    fn note_hub(&mut self, said: &ToHub) {
        match said {
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

    /// An exchange that is not open: one of the past, or one of nobody's.
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
