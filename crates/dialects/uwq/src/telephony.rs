//! The telephony end: Cordboard is the softphone and EBS clients are the peers.
//!
//! One session serves one HTTP listener with all registrations. A callout becomes a command and is answered when the hub has answered that
//! command. Events of an agent's calls are posted to the listener that the agent's EBS client named.

mod agents;
mod announce;
mod callouts;
mod calls;
mod dials;
mod gate;
mod login_proof;
mod pop;
mod posts;
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
    dials::Dials,
    registration::Key,
    registrations::Registrations,
    requests::{PendingCommand, PendingLogin},
    silence::TimerKind,
};
use crate::{Error, TelephonyConfig};

/// The telephony end of UWQ.
#[derive(Debug)]
pub struct TelephonySession {
    config: TelephonyConfig,
    /// Part of the IDs of this session's commands; unique to each process.
    instance: Uuid,
    phase: Phase,
    roster: Roster,
    projection: Projection,
    registrations: Registrations,
    /// The purpose of each open command.
    pending_commands: BTreeMap<CommandId, PendingCommand>,
    /// The purpose of each open credential check.
    pending_logins: BTreeMap<Ticket, PendingLogin>,
    /// The registration of each event in flight.
    posts: BTreeMap<Exchange, Key>,
    timers: Timers<(Key, TimerKind)>,
    /// The calls that EBS has requested and the switch has not answered.
    dials: Dials,
    /// Agents for whom the hub counts EBS as a desk.
    desks: BTreeSet<AgentId>,
    /// Outputs, and the counter for commands, tickets, exchanges and registrations.
    out: Outputs<Http>,
}

/// Whether callouts are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The first snapshot has not arrived.
    Starting,
    Running,
    /// Open callouts are completed; new ones are refused.
    Closing,
}

impl TelephonySession {
    /// Creates a session without registrations. `instance` must be unique to each process: it makes the IDs of commands unique.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Result<Self, Error> {
        config.check_mapping()?;
        Ok(Self {
            config: config.with_mapping(),
            instance,
            phase: Phase::Starting,
            roster: Roster::default(),
            projection: Projection::default(),
            registrations: Registrations::default(),
            pending_commands: BTreeMap::new(),
            pending_logins: BTreeMap::new(),
            posts: BTreeMap::new(),
            timers: Timers::default(),
            dials: Dials::default(),
            desks: BTreeSet::new(),
            out: Outputs::default(),
        })
    }

    /// The number of registered EBS clients.
    pub fn registrations(&self) -> usize {
        self.registrations.len()
    }

    /// How many items the session keeps: open commands and checks, waiting events and output.
    pub fn held(&self) -> usize {
        let waiting: usize = self.registrations.iter().map(|registration| registration.outbox.len()).sum();
        self.pending_commands.len()
            + self.pending_logins.len()
            + self.dials.len()
            + self.posts.len()
            + self.timers.len()
            + self.out.len()
            + waiting
    }

    fn peer(&mut self, message: FromHttp) {
        match message {
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

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.roster = Roster::of(&floor);
                self.projection = Projection::from_snapshot(&snapshot, floor);
                self.resume(&snapshot);
                self.dials_skipped();
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
        self.follow_dials(record);
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

    fn command(&mut self, by: Principal, agent: AgentId, verb: Verb, pending: PendingCommand) -> CommandId {
        let id = self.out.command_id("uwq", self.instance);
        self.pending_commands.insert(id.clone(), pending);
        self.out.command(id.clone(), by, agent, None, verb);
        id
    }
}

impl Session for TelephonySession {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(message) => self.peer(message),
            Input::Hub(message) => self.hub(message),
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
