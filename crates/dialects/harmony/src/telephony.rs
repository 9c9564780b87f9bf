//! The telephony end: Cordboard is the CTI client of a Harmony server.
//!
//! One session serves one processor. A request of the bridge becomes a command, or is answered from the hub's state. The session keeps what
//! it has reported of each object and sends the difference as events. So each event is sent once, and none before the response to the
//! object's first query.

mod agents;
mod bridge_requests;
mod checks;
mod connection;
mod objects;
mod requests;
mod switches;
mod sync;

use std::collections::BTreeSet;

use compact_str::CompactString;
use model::{AgentId, CommandId, DetailEvent, Event as HubEvent, Record, Timestamp};
use serde_json::Value;
use session::{
    FromHub, Input, Output, Outputs, Projection, Reason, Recent, RequestBook, Session, Stream, Ticket, ToHub,
    ToStream, is_own_command,
};
use uuid::Uuid;

use self::{
    checks::Check, connection::BridgeConnection, objects::Objects, requests::PendingRequest,
    switches::Switches,
};
use crate::{
    Error, TelephonyConfig,
    config::control_target,
    wire::{
        Answer, ControlEvent, Envelope, Event, MessageKind, Words, limits::RESPONSES_REMEMBERED_MAX,
        words::Status,
    },
};

/// The telephony end of Harmony.
#[derive(Debug)]
pub struct TelephonySession {
    config: TelephonyConfig,
    words: Words,
    /// The target of the processor itself.
    control: CompactString,
    /// Part of the IDs of this session's commands; unique to each process.
    instance: Uuid,
    connection: BridgeConnection,
    projection: Projection,
    switches: Switches,
    objects: Objects,
    /// The bridge's requests that became commands, by command.
    pending: RequestBook<CommandId, PendingRequest>,
    /// Open credential checks.
    checks: RequestBook<Ticket, Check>,
    /// Responses to recent requests, sent again when the bridge repeats a request (harmony.md §2.3).
    replies: Recent<CompactString, Envelope>,
    /// Agents for whom the hub counts Harmony as a desk.
    desks: BTreeSet<AgentId>,
    running: bool,
    closing: bool,
    out: Outputs<Stream>,
}

/// The header of a request, which its response repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RequestHeader {
    id: CompactString,
    name: CompactString,
    target: CompactString,
}

impl TelephonySession {
    /// Creates a session for one processor. `instance` must be unique to each process: it makes the IDs of commands unique.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Result<Self, Error> {
        config.check_server()?;
        Ok(Self {
            words: config.wire.words()?,
            control: control_target(&config.processor)?,
            connection: BridgeConnection::new(config.wire.format()),
            config,
            instance,
            projection: Projection::default(),
            switches: Switches::default(),
            objects: Objects::default(),
            pending: RequestBook::default(),
            checks: RequestBook::default(),
            replies: Recent::new(RESPONSES_REMEMBERED_MAX),
            desks: BTreeSet::new(),
            running: false,
            closing: false,
            out: Outputs::default(),
        })
    }

    /// Whether the bridge is connected.
    pub fn is_up(&self) -> bool {
        self.connection.is_up()
    }

    /// How many items the session keeps: objects, open commands and checks, remembered responses and output.
    pub fn held(&self) -> usize {
        self.objects.len() + self.pending.len() + self.checks.len() + self.replies.len() + self.out.len()
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.switches = Switches::from_snapshot(&snapshot);
                self.projection = Projection::from_snapshot(&snapshot, floor);
                self.running = true;
                self.settle_all();
                self.sync_all();
            }
            FromHub::Event(record) => self.record(&record),
            FromHub::Answer { command, result } => self.answered(&command, result),
            FromHub::Authenticated { ticket, result } => self.checked(ticket, result),
            FromHub::Closing => self.close(),
            FromHub::Requested { .. } => {}
        }
    }

    fn record(&mut self, record: &Record) {
        self.note_event(record);
        self.switches.apply(&record.event);
        self.projection.apply(record);
        let Some(agent) = record.event.agent().cloned() else { return };
        if let HubEvent::Detail(DetailEvent::DataChanged { interaction, set, unset, .. }) = &record.event
            && is_own_command(record.origin.as_ref(), "harmony", self.instance)
        {
            self.set_by_the_bridge(&agent, *interaction, set, unset);
        }
        self.settle(&agent);
        self.sync(&agent);
        self.sync_neighbours(&record.event);
    }

    /// Reports desks to the hub: an agent with a session has one while the server is connected.
    fn report_desks(&mut self) {
        if !self.objects.take_sessions_changed() {
            return;
        }
        let here: BTreeSet<AgentId> = self.objects.agents().into_iter().collect();
        let before = std::mem::replace(&mut self.desks, here.clone());
        for agent in before.symmetric_difference(&here) {
            let attended = here.contains(agent);
            self.out.push(ToHub::Desk { agent: agent.clone(), attended });
        }
    }

    /// The node is stopping: reports this to the bridge and disconnects.
    fn close(&mut self) {
        self.closing = true;
        if self.connection.is_up() {
            self.send_status(Status::Stopped);
            self.hang_up("the node is stopping");
        }
    }

    fn send_status(&mut self, status: Status) {
        let event = Event::Control(ControlEvent::Status { status, message: None });
        self.send_event(&self.control.clone(), &event);
    }

    fn send_event(&mut self, target: &CompactString, event: &Event) {
        let name = self.words.text(event.name()).into();
        let body = event.body(&self.words);
        self.send(Envelope { target: target.clone(), name, kind: MessageKind::Event, body });
    }

    /// Sends a response and remembers it, because the bridge may repeat the request (harmony.md §2.3).
    fn respond(&mut self, header: RequestHeader, result: Result<Value, String>) {
        let (answer, body) = match result {
            Ok(body) => (Answer::Success, body),
            Err(text) => (Answer::Failure(text), Value::Null),
        };
        let RequestHeader { id, name, target } = header;
        let envelope =
            Envelope { target, name, kind: MessageKind::Response { id: id.clone(), answer }, body };
        self.replies.put(id, envelope.clone());
        self.send(envelope);
    }

    fn send(&mut self, envelope: Envelope) {
        let Some(link) = self.connection.link() else { return };
        match wire::frame::encode(self.config.wire.format(), &envelope.print()) {
            Ok(bytes) => self.out.push(ToStream::Send { link, bytes }),
            Err(error) => tracing::warn!(name = %envelope.name, %error, "message not sent"),
        }
    }
}

impl Session for TelephonySession {
    type Transport = Stream;

    fn handle(&mut self, now: Timestamp, input: Input<Stream>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(message) => self.peer(message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => {}
        }
        self.expire_requests();
        self.connect_when_due();
        self.report_desks();
    }

    fn poll(&mut self) -> Option<Output<Stream>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let again = self.connection.waiting_until().filter(|_| self.running && !self.closing);
        let again = again.map(|at| (at, "connect to the bridge again"));
        let late =
            self.pending.deadline().map(|at| (at, "a request of the bridge has had no effect in time"));
        self.out.earliest(again.into_iter().chain(late))
    }
}
