//! We are the notification server.
//!
//! A request passes these, each of which may answer it: [`gate`] (HTTP), the envelope, [`credentials`], [`dispatch`] (which operation),
//! [`translate`] (what it means on this floor), and the hub. Only what the hub has made durable is answered with success.

mod answers;
mod credentials;
mod dispatch;
mod gate;
mod pages;
mod sessions;
mod translate;

use std::{collections::BTreeMap, net::SocketAddr};

use bytes::Bytes;
use http::Request;
use model::{AgentId, Command, CommandId, Event, Floor, FloorEvent, InteractionEvent, Timestamp};
use session::{
    Exchange, FromHttp, FromHub, Http, Input, Login, Output, Outputs, Projection, Reason, Session, Ticket,
    ToHub,
};
use uuid::Uuid;

use self::{
    answers::{Ask, Check},
    gate::Admitted,
    sessions::Sessions,
};
use crate::{DeskConfig, Error, config::Names};

/// The desk end of Talisma.
#[derive(Debug)]
pub struct Desk {
    config: DeskConfig,
    names: Names,
    /// In the ids of our commands; another one for each process.
    instance: Uuid,
    phase: Phase,
    projection: Projection,
    /// Agents by their user ids.
    users: BTreeMap<i32, AgentId>,
    /// What came under which number of a session.
    sessions: Sessions,
    /// Requests whose credentials are being checked.
    checks: BTreeMap<Ticket, Check>,
    /// Requests that wait for the hub, by the command that each became. A notification that is repeated meanwhile waits for the same.
    asks: BTreeMap<CommandId, Vec<Ask>>,
    /// How many requests are in `checks` and `asks`.
    open: usize,
    /// Counts commands and tickets.
    out: Outputs<Http>,
}

/// Whether notifications are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The hub has not told the state of things yet.
    Starting,
    Running,
    /// What is begun is finished, nothing is begun.
    Closing,
}

impl Desk {
    /// A session that knows nobody yet. `instance` must be another one in each process: it makes the ids of commands unique.
    pub fn new(config: DeskConfig, instance: Uuid) -> Result<Self, Error> {
        config.check_paths()?;
        Ok(Self {
            names: Names::new(&config),
            config,
            instance,
            phase: Phase::Starting,
            projection: Projection::default(),
            users: BTreeMap::new(),
            sessions: Sessions::default(),
            checks: BTreeMap::new(),
            asks: BTreeMap::new(),
            open: 0,
            out: Outputs::default(),
        })
    }

    /// How many things are held for later: requests that are open, output.
    pub fn held(&self) -> usize {
        self.open + self.out.len()
    }

    fn request(&mut self, exchange: Exchange, from: SocketAddr, request: &Request<Bytes>) {
        match gate::admit(request, &self.config) {
            Admitted::Answer(response) => self.out.respond(exchange, response),
            Admitted::Post(post) => self.post(exchange, from, post),
        }
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.find_users(&floor);
                self.projection = Projection::from_snapshot(&snapshot, floor);
                self.sessions.resync(&snapshot);
                if self.phase == Phase::Starting {
                    self.phase = Phase::Running;
                }
            }
            FromHub::Event(record) => {
                self.projection.apply(&record);
                if let Event::Floor(FloorEvent::Changed { floor }) = &record.event {
                    self.find_users(floor);
                }
                if let Event::Interaction(InteractionEvent::Completed { summary, .. }) = &record.event {
                    self.sessions.completed(summary.interaction.id);
                }
            }
            FromHub::Authenticated { ticket, result } => self.authenticated(ticket, result),
            FromHub::Answer { command, result } => self.answered(&command, &result),
            FromHub::Closing => self.phase = Phase::Closing,
            FromHub::Requested { .. } => {}
        }
    }

    fn find_users(&mut self, floor: &Floor) {
        self.users = crate::users(floor).map(|(agent, user)| (user, agent)).collect();
    }

    fn authenticate(&mut self, login: Login, secret: model::Secret, from: SocketAddr, check: Check) {
        let ticket = self.out.ticket();
        self.checks.insert(ticket, check);
        self.open += 1;
        self.out.say(ToHub::Authenticate { ticket, login, secret, from });
    }

    /// Has it done, unless the same is being done already: then its answer is this one's too.
    fn command(&mut self, command: Command, ask: Ask) {
        self.open += 1;
        let asks = self.asks.entry(command.id.clone()).or_default();
        asks.push(ask);
        if asks.len() == 1 {
            self.out.say(ToHub::Command(Box::new(command)));
        }
    }
}

impl Session for Desk {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(FromHttp::Request { exchange, from, request }) => {
                self.request(exchange, from, &request)
            }
            Input::Hub(said) => self.hub(said),
            // We ask peers nothing, and wait for no time.
            Input::Peer(FromHttp::Response { .. } | FromHttp::Failed { .. }) | Input::Tick => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}
