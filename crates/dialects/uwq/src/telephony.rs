//! We play the telephony end: EBS clients are our peers.
//!
//! One session serves one HTTP listener with all registrations. A callout comes as a request of the peer's, becomes a command, and
//! is answered when the hub has answered the command. What the hub tells of an agent's calls becomes events for the listener
//! that the agent's EBS client named.

mod agents;
mod announce;
mod callouts;
mod calls;
mod gate;
mod pop;
mod posts;
mod proof;
mod registration;
mod registrations;
mod requests;
mod silence;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

use bytes::Bytes;
use http::Request;
use model::{AgentEvent, AgentId, CommandId, Event, FloorEvent, Principal, Record, Timestamp, Verb};
use session::{
    Exchange, FromHttp, FromHub, Http, Input, Output, Outputs, Projection, Reason, Session, Ticket, Timers,
    ToHub,
};
use uuid::Uuid;

use self::{
    agents::Roster,
    registration::Key,
    registrations::Registrations,
    requests::{Ask, Check},
    silence::Due,
};
use crate::{Error, TelephonyConfig};

/// The telephony end of UWQ.
#[derive(Debug)]
pub struct Telephony {
    config: TelephonyConfig,
    /// Begins the ids of our commands; another one for each process.
    instance: Uuid,
    phase: Phase,
    roster: Roster,
    projection: Projection,
    registrations: Registrations,
    /// What the hub's answers to our commands are for.
    asks: BTreeMap<CommandId, Ask>,
    /// What the hub's answers about credentials are for.
    checks: BTreeMap<Ticket, Check>,
    /// Whose event each request of ours carries.
    posts: BTreeMap<Exchange, Key>,
    timers: Timers<(Key, Due)>,
    /// Agents of whom the hub was told that EBS is a desk of theirs.
    desks: BTreeSet<AgentId>,
    /// Counts commands, tickets, exchanges and registrations.
    out: Outputs<Http>,
}

/// Whether callouts are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The hub has not told the state of things yet.
    Starting,
    Running,
    /// What is begun is finished, nothing is begun.
    Closing,
}

impl Telephony {
    /// A session without registrations. `instance` must be another one in each process: it makes the ids of commands unique.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Result<Self, Error> {
        config.check()?;
        Ok(Self {
            config: config.with_mapping(),
            instance,
            phase: Phase::Starting,
            roster: Roster::default(),
            projection: Projection::default(),
            registrations: Registrations::default(),
            asks: BTreeMap::new(),
            checks: BTreeMap::new(),
            posts: BTreeMap::new(),
            timers: Timers::default(),
            desks: BTreeSet::new(),
            out: Outputs::default(),
        })
    }

    /// How many EBS clients are registered.
    pub fn registrations(&self) -> usize {
        self.registrations.len()
    }

    /// How many things are held for later: questions to the hub, events that wait, output.
    pub fn held(&self) -> usize {
        let waiting: usize = self.registrations.iter().map(|registration| registration.outbox.len()).sum();
        self.asks.len() + self.checks.len() + self.posts.len() + self.timers.len() + self.out.len() + waiting
    }

    fn peer(&mut self, said: FromHttp) {
        match said {
            FromHttp::Request { exchange, from, request } => self.request(exchange, from, &request),
            FromHttp::Response { exchange, response } => self.posted(exchange, &response),
            FromHttp::Failed { exchange, failure } => self.not_posted(exchange, &failure),
        }
    }

    fn request(&mut self, exchange: Exchange, from: SocketAddr, request: &Request<Bytes>) {
        match gate::admit(request, self.phase) {
            Ok(callout) => self.callout(exchange, from, callout),
            Err(denial) => self.out.respond(exchange, denial.response(&self.config)),
        }
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.roster = Roster::of(&floor);
                self.projection = Projection::from_snapshot(&snapshot, floor);
                self.resume(&snapshot);
            }
            FromHub::Event(record) => self.record(&record),
            FromHub::Answer { command, result } => self.answered(&command, result),
            FromHub::Authenticated { ticket, result } => self.checked(ticket, result),
            FromHub::Closing => self.phase = Phase::Closing,
            FromHub::Requested { .. } => {}
        }
    }

    fn record(&mut self, record: &Record) {
        self.projection.apply(record);
        if let Event::Floor(FloorEvent::Changed { floor }) = &record.event {
            self.roster = Roster::of(floor);
            self.find_agents();
        }
        if let Event::Agent(AgentEvent::SignedOut { agent, .. }) = &record.event {
            self.signed_out(agent);
        }
        let agent = record.event.agent().filter(|_| record.event.interaction().is_some());
        if let Some(key) = agent.and_then(|agent| self.registrations.of_agent(agent)) {
            self.announce(key, false);
        }
    }

    fn command(&mut self, by: Principal, agent: AgentId, verb: Verb, ask: Ask) {
        let id = self.out.command_id("uwq", self.instance);
        self.asks.insert(id.clone(), ask);
        self.out.command(id, by, agent, None, verb);
    }
}

impl Session for Telephony {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(said) => self.peer(said),
            Input::Hub(said) => self.hub(said),
            Input::Tick => {}
        }
        self.due();
        self.report_desks();
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.out.earliest(self.timers.next().map(|(at, (_, due))| (at, due.reason())))
    }
}
