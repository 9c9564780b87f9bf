//! The desk end: Cordboard is the notification server.
//!
//! A request passes these steps, each of which may answer it: [`gate`] (HTTP head), the envelope, [`credentials`], [`dispatch`]
//! (which operation), [`translate`] (its meaning on this floor) and the hub. Only a notification that is in the journal is answered with
//! success.

mod answers;
mod credentials;
mod digest;
mod dispatch;
mod gate;
mod nonces;
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
    answers::{PendingCheck, PendingNotification},
    gate::Admitted,
    nonces::Nonces,
    sessions::PhoneSessions,
};
use crate::{DeskConfig, Error, config::Names};

/// A session of the desk end of Talisma.
#[derive(Debug)]
pub struct DeskSession {
    config: DeskConfig,
    names: Names,
    /// A part of the command ids; unique to each process.
    instance: Uuid,
    phase: Phase,
    projection: Projection,
    /// Agents by Talisma user id.
    users: BTreeMap<i32, AgentId>,
    /// The phone sessions and the notifications for each.
    sessions: PhoneSessions,
    /// The nonces of recent messages.
    nonces: Nonces,
    /// Requests whose credentials are being checked.
    pending_checks: BTreeMap<Ticket, PendingCheck>,
    /// Requests that wait for the hub, by command. A notification that is repeated in the meantime waits for the same command.
    pending_notifications: BTreeMap<CommandId, Vec<PendingNotification>>,
    /// How many requests are in `pending_checks` and `pending_notifications`.
    open: usize,
    /// Output that waits to be polled, and the counters of commands and tickets.
    out: Outputs<Http>,
}

/// Whether notifications are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The hub has not sent a snapshot yet.
    Starting,
    Running,
    /// Open requests are finished and new ones are refused.
    Closing,
}

impl DeskSession {
    /// Creates a session. `instance` must be unique to each process: it makes the ids of commands unique.
    pub fn new(config: DeskConfig, instance: Uuid) -> Result<Self, Error> {
        config.check_paths()?;
        Ok(Self {
            names: Names::new(&config),
            config,
            instance,
            phase: Phase::Starting,
            projection: Projection::default(),
            users: BTreeMap::new(),
            sessions: PhoneSessions::default(),
            nonces: Nonces::default(),
            pending_checks: BTreeMap::new(),
            pending_notifications: BTreeMap::new(),
            open: 0,
            out: Outputs::default(),
        })
    }

    /// How many items the session keeps: open requests and output.
    pub fn held(&self) -> usize {
        self.open + self.out.len()
    }

    fn request(&mut self, exchange: Exchange, from: SocketAddr, request: &Request<Bytes>) {
        match gate::admit(request, &self.config) {
            Admitted::Answer(response) => self.out.respond(exchange, response),
            Admitted::PostedMessage(post) => self.post(exchange, from, post),
        }
    }

    fn hub(&mut self, message: FromHub) {
        match message {
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

    fn authenticate(&mut self, login: Login, secret: model::Secret, from: SocketAddr, check: PendingCheck) {
        let ticket = self.out.ticket();
        self.pending_checks.insert(ticket, check);
        self.open += 1;
        self.out.push(ToHub::Authenticate { ticket, login, secret, from });
    }

    /// Sends the command to the hub, unless the same command waits for an answer already. Then both requests get that answer.
    fn command(&mut self, command: Command, pending: PendingNotification) {
        self.open += 1;
        let pending_notifications = self.pending_notifications.entry(command.id.clone()).or_default();
        pending_notifications.push(pending);
        if pending_notifications.len() == 1 {
            self.out.push(ToHub::Command(Box::new(command)));
        }
    }
}

impl Session for DeskSession {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(FromHttp::Request { exchange, from, request }) => {
                self.request(exchange, from, &request)
            }
            Input::Hub(message) => self.hub(message),
            // The desk end sends no requests to peers and has no timers.
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
