//! We play the telephony end: a Harmony server is our peer, we are its CTI client.
//!
//! One session serves one processor. What the bridge asks becomes a command or is answered from the hub's state. What each object was
//! told to be is kept; the difference to what it is goes out as events, so that each goes out once and none before the answer to the
//! object's first query.

mod agents;
mod asks;
mod checks;
mod link;
mod objects;
mod requests;
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

use self::{checks::Check, link::Line, objects::Objects, requests::Open};
use crate::{
    Error, TelephonyConfig,
    config::control_target,
    wire::{
        Answer, ControlEvent, Envelope, Event, Said, Words, limits::RESPONSES_REMEMBERED_MAX, words::Status,
    },
};

/// The telephony end of Harmony.
#[derive(Debug)]
pub struct Telephony {
    config: TelephonyConfig,
    words: Words,
    /// The target of the processor itself.
    control: CompactString,
    /// Begins the ids of our commands; another one for each process.
    instance: Uuid,
    line: Line,
    projection: Projection,
    objects: Objects,
    /// What the hub's answers to our commands are for.
    opens: RequestBook<CommandId, Open>,
    /// What the hub's answers about credentials are for.
    checks: RequestBook<Ticket, Check>,
    /// Responses to recent requests, given again when the bridge repeats a request (harmony.md §2.3).
    replies: Recent<CompactString, Envelope>,
    /// Agents of whom the hub was told that Harmony is a desk of theirs.
    desks: BTreeSet<AgentId>,
    running: bool,
    closing: bool,
    out: Outputs<Stream>,
}

/// What the bridge asked, to be named in the response.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    id: CompactString,
    name: CompactString,
    target: CompactString,
}

impl Telephony {
    /// A session for one processor. `instance` must be another one in each process: it makes the ids of commands unique.
    pub fn new(config: TelephonyConfig, instance: Uuid) -> Result<Self, Error> {
        config.check_server()?;
        Ok(Self {
            words: config.wire.words()?,
            control: control_target(&config.processor)?,
            line: Line::new(config.wire.format()),
            config,
            instance,
            projection: Projection::default(),
            objects: Objects::default(),
            opens: RequestBook::default(),
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
        self.line.is_up()
    }

    /// How many things are held for later: objects, questions to the hub, responses that are remembered, output.
    pub fn held(&self) -> usize {
        self.objects.len() + self.opens.len() + self.checks.len() + self.replies.len() + self.out.len()
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
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
        self.hear(record);
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

    /// An agent with a session has a desk, that of the server, for as long as the server is connected.
    fn report_desks(&mut self) {
        if !self.objects.take_moved() {
            return;
        }
        let here: BTreeSet<AgentId> = self.objects.agents().into_iter().collect();
        let before = std::mem::replace(&mut self.desks, here.clone());
        for agent in before.symmetric_difference(&here) {
            let attended = here.contains(agent);
            self.out.say(ToHub::Desk { agent: agent.clone(), attended });
        }
    }

    /// The node is going to stop: says so and leaves.
    fn close(&mut self) {
        self.closing = true;
        if self.line.is_up() {
            self.tell_status(Status::Stopped);
            self.hang_up("the node is going to stop");
        }
    }

    fn tell_status(&mut self, status: Status) {
        let event = Event::Control(ControlEvent::Status { status, message: None });
        self.tell(&self.control.clone(), &event);
    }

    fn tell(&mut self, target: &CompactString, event: &Event) {
        let name = self.words.text(event.name()).into();
        let body = event.body(&self.words);
        self.send(Envelope { target: target.clone(), name, said: Said::Event, body });
    }

    /// Answers, and remembers the answer: the same request may come again (harmony.md §2.3).
    fn respond(&mut self, asked: Asked, result: Result<Value, String>) {
        let (answer, body) = match result {
            Ok(body) => (Answer::Success, body),
            Err(text) => (Answer::Failure(text), Value::Null),
        };
        let Asked { id, name, target } = asked;
        let envelope = Envelope { target, name, said: Said::Response { id: id.clone(), answer }, body };
        self.replies.put(id, envelope.clone());
        self.send(envelope);
    }

    fn send(&mut self, envelope: Envelope) {
        let Some(link) = self.line.link() else { return };
        match wire::frame::encode(self.config.wire.format(), &envelope.print()) {
            Ok(bytes) => self.out.say(ToStream::Send { link, bytes }),
            Err(error) => tracing::warn!(name = %envelope.name, %error, "message not sent"),
        }
    }
}

impl Session for Telephony {
    type Transport = Stream;

    fn handle(&mut self, now: Timestamp, input: Input<Stream>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(said) => self.peer(said),
            Input::Hub(said) => self.hub(said),
            Input::Tick => {}
        }
        self.run_out();
        self.call_up();
        self.report_desks();
    }

    fn poll(&mut self) -> Option<Output<Stream>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let again = self.line.resting_until().filter(|_| self.running && !self.closing);
        let again = again.map(|at| (at, "the bridge is to be called again"));
        let late = self.opens.deadline().map(|at| (at, "a request of the bridge's has had no effect"));
        self.out.earliest(again.into_iter().chain(late))
    }
}
