//! The session: turns lines of boards into commands, and events into lines.

use std::{collections::BTreeMap, net::SocketAddr};

use bytes::{Bytes, BytesMut};
use model::{
    Accepted, AgentEvent, AgentId, CommandId, Event, Principal, Record, Rejection, Secret, Timestamp, Verb,
};
use session::{
    FromHub, FromStream, Input, Link, Login, Output, Outputs, Projection, Reason, Session, Stream, Ticket,
    ToHub, ToStream,
};
use uuid::Uuid;

use crate::BoardSettings;

/// The longest line of a board. Bytes. Our choice.
const LINE_BYTES_MAX: usize = 256;

/// The most open requests of boards. Our choice.
const REQUESTS_MAX: usize = 64;

/// The telephony end of the toy dialect.
#[derive(Debug)]
pub struct Board {
    settings: BoardSettings,
    /// Part of the IDs of this session's commands; unique to each process.
    instance: Uuid,
    /// The hub's state; `None` before the first snapshot.
    projection: Option<Projection>,
    links: BTreeMap<Link, Peer>,
    /// Open password checks.
    checks: BTreeMap<Ticket, Request>,
    /// Open commands.
    open_commands: BTreeMap<CommandId, Link>,
    closing: bool,
    out: Outputs<Stream>,
}

/// A connected board.
#[derive(Debug)]
struct Peer {
    from: SocketAddr,
    /// The beginning of an incomplete line.
    rest: BytesMut,
}

/// A request of a board.
#[derive(Debug)]
struct Request {
    link: Link,
    agent: AgentId,
    verb: Verb,
}

impl Board {
    /// Creates a session without boards. `instance` must be unique to each process.
    pub fn new(settings: BoardSettings, instance: Uuid) -> Self {
        Self {
            settings,
            instance,
            projection: None,
            links: BTreeMap::new(),
            checks: BTreeMap::new(),
            open_commands: BTreeMap::new(),
            closing: false,
            out: Outputs::default(),
        }
    }

    /// How many items the session keeps: boards, requests and output.
    pub fn held(&self) -> usize {
        self.links.len() + self.checks.len() + self.open_commands.len() + self.out.len()
    }

    fn peer(&mut self, message: FromStream) {
        match message {
            FromStream::Connected { link, from } => self.connected(link, from),
            FromStream::Received { link, bytes } => self.received(link, &bytes),
            FromStream::Disconnected { link, .. } => drop(self.links.remove(&link)),
        }
    }

    fn connected(&mut self, link: Link, from: SocketAddr) {
        if self.closing || self.links.len() >= self.settings.boards_max {
            self.out.push(ToStream::Disconnect { link, why: "too many boards".to_owned() });
            return;
        }
        self.links.insert(link, Peer { from, rest: BytesMut::new() });
        self.send(link, &self.settings.greeting.clone());
        self.states().iter().for_each(|state| self.send(link, state));
    }

    fn received(&mut self, link: Link, bytes: &Bytes) {
        // Bytes may still arrive after the board was disconnected.
        let Some(peer) = self.links.get_mut(&link) else { return };
        let from = peer.from;
        peer.rest.extend_from_slice(bytes);
        while let Some(peer) = self.links.get_mut(&link) {
            let Some(end) = peer.rest.iter().position(|byte| *byte == b'\n') else { break };
            let line = peer.rest.split_to(end + 1);
            let line = String::from_utf8_lossy(&line).into_owned();
            self.line(link, from, line.trim());
        }
        if self.links.get(&link).is_some_and(|peer| peer.rest.len() > LINE_BYTES_MAX) {
            self.links.remove(&link);
            self.out.push(ToStream::Disconnect { link, why: "the line is too long".to_owned() });
        }
    }

    fn line(&mut self, link: Link, from: SocketAddr, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((agent, password, verb)) = parse(&words) else {
            return self.send(link, "refused: expected AGENT PASSWORD VERB");
        };
        if self.closing || self.checks.len() + self.open_commands.len() >= REQUESTS_MAX {
            return self.send(link, "refused: try again later");
        }
        let (ticket, login) = (self.out.ticket(), Login::Agent(agent.clone()));
        self.checks.insert(ticket, Request { link, agent, verb });
        self.out.push(ToHub::Authenticate { ticket, login, secret: Secret::new(password), from });
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, .. } => {
                self.projection = Some(Projection::from_snapshot(&snapshot, floor));
                self.states().iter().for_each(|state| self.send_all(state));
            }
            FromHub::Event(record) => self.event(&record),
            FromHub::Authenticated { ticket, result } => self.authenticated(ticket, result),
            FromHub::Answer { command, result } => self.answered(&command, &result),
            FromHub::Closing => self.closing = true,
            // The end is not a switch.
            FromHub::Requested { .. } => {}
        }
    }

    fn event(&mut self, record: &Record) {
        let Some(projection) = &mut self.projection else { return };
        projection.apply(record);
        if let Event::Agent(AgentEvent::SignedIn { agent, .. })
        | Event::Agent(AgentEvent::StateChanged { agent, .. })
        | Event::Agent(AgentEvent::SignedOut { agent, .. }) = &record.event
        {
            let state = state(projection, agent);
            self.send_all(&state);
        }
    }

    fn authenticated(&mut self, ticket: Ticket, result: Result<Principal, Rejection>) {
        let Some(Request { link, agent, verb }) = self.checks.remove(&ticket) else { return };
        match result {
            Ok(by) => {
                let id = self.out.command_id("toy", self.instance);
                self.open_commands.insert(id.clone(), link);
                self.out.command(id, by, agent, None, verb);
            }
            Err(rejection) => self.send(link, &format!("refused: {}", rejection.text)),
        }
    }

    fn answered(&mut self, command: &CommandId, result: &Result<Accepted, Rejection>) {
        let Some(link) = self.open_commands.remove(command) else { return };
        match result {
            Ok(_) => self.send(link, "done"),
            Err(rejection) => self.send(link, &format!("refused: {}", rejection.text)),
        }
    }

    /// The states of all agents of the floor.
    fn states(&self) -> Vec<String> {
        let projection = self.projection.iter();
        projection
            .flat_map(|projection| projection.floor.agents.iter().map(|agent| state(projection, &agent.id)))
            .collect()
    }

    fn send_all(&mut self, line: &str) {
        let links: Vec<Link> = self.links.keys().copied().collect();
        links.into_iter().for_each(|link| self.send(link, line));
    }

    /// Sends a line to a board, if it is still connected.
    fn send(&mut self, link: Link, line: &str) {
        if self.links.contains_key(&link) {
            self.out.push(ToStream::Send { link, bytes: format!("{line}\n").into() });
        }
    }
}

fn state(projection: &Projection, agent: &AgentId) -> String {
    let state = projection.status(agent).map_or("signed-out", |stand| stand.state.as_str());
    format!("{agent} {state}")
}

fn parse<'a>(words: &[&'a str]) -> Option<(AgentId, &'a str, Verb)> {
    let [agent, password, verb] = words else { return None };
    let verb = match *verb {
        "sign-in" => Verb::SignIn { device: None, queues: None },
        "sign-out" => Verb::SignOut { reason: None },
        "ready" => Verb::Ready,
        "not-ready" => Verb::NotReady { reason: None },
        _ => return None,
    };
    Some((AgentId::new(agent).ok()?, password, verb))
}

impl Session for Board {
    type Transport = Stream;

    fn handle(&mut self, now: Timestamp, input: Input<Stream>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(message) => self.peer(message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Stream>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        None
    }
}
