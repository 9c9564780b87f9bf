//! The desk end: Cordboard is the processor bridge. The peer is a CTI client, which is a switch on the floor.
//!
//! One session serves one processor. Agents who come to work get a session there, with all that is in it: each object is created, asked
//! for its state, and heard only from then on. What conversations do becomes the switch's events; what the hub asks of the switch becomes
//! requests. After a lost connection everything is made anew and the hub gets one whole picture.

mod agents;
mod asks;
mod build;
mod calls;
mod events;
mod guests;
mod link;
mod requests;
mod sent;
mod services;
mod steer;
mod tree;
mod works;

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{
    AccountName, AgentId, CallId, DetailEvent, Event as HubEvent, InteractionEvent, Principal, Record, Role,
    Seq, SwitchEvent, SwitchId, Timestamp,
};
use session::{
    FromHub, Input, Output, Outputs, PeerAgents, Reason, RequestBook, Session, Stream, SwitchRequests, ToHub,
    is_own_command,
};
use uuid::Uuid;

use self::{
    agents::{AtClient, Following},
    guests::Guest,
    link::Line,
    sent::Sent,
    tree::Tree,
    works::Works,
};
use crate::{
    DeskConfig, Error,
    config::control_target,
    wire::{Words, reply::Capabilities, words::Status},
};

/// The desk end of Harmony.
#[derive(Debug)]
pub struct Desk {
    config: DeskConfig,
    words: Words,
    /// The target of the processor itself.
    control: CompactString,
    /// What the hub calls the client.
    switch: SwitchId,
    /// Begins the ids of our requests and commands; another one for each process.
    instance: Uuid,
    line: Line,
    /// Who has connected and is not the client, the oldest first.
    guests: Vec<Guest>,
    phase: Phase,
    /// How the client stands, as it said last.
    status: Option<Status>,
    capabilities: Option<Capabilities>,
    agents: PeerAgents<AtClient>,
    /// Agents whom the hub has yet to follow.
    follows: BTreeMap<AgentId, Following>,
    /// The last event that the hub told.
    seen: Seq,
    tree: Tree,
    works: Works,
    /// Queries and requests that have no response yet, by their ids.
    sent: RequestBook<CompactString, Sent>,
    /// The last request for the client's status.
    status_request: Option<CompactString>,
    /// Requests of the hub; with a call that is retrieved when the other one is gone.
    requests: SwitchRequests<Option<CallId>>,
    /// When the whole picture is to be told, because something changed that has no event of its own.
    doubt: Option<Timestamp>,
    pictured: Timestamp,
    closing: bool,
    out: Outputs<Stream>,
}

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// There is none.
    Down,
    /// The client has yet to say that it has started, and what it can do.
    Greeting,
    /// The sessions of agents who are at work are made; the hub knows of nothing yet.
    Building,
    /// The hub was told that the switch can be reached.
    Up,
}

impl Desk {
    /// A session for the client that the hub knows as `switch`. `instance` must be another one in each process.
    pub fn new(config: DeskConfig, switch: SwitchId, instance: Uuid) -> Result<Self, Error> {
        let credentials = config.agents.iter().map(|agent| (agent.acd_id.clone(), agent.clone()));
        Ok(Self {
            agents: PeerAgents::new(switch.clone(), credentials),
            words: config.wire.words()?,
            control: control_target(&config.processor)?,
            line: Line::default(),
            guests: Vec::new(),
            config,
            switch,
            instance,
            phase: Phase::Down,
            status: None,
            capabilities: None,
            follows: BTreeMap::new(),
            seen: Seq::default(),
            tree: Tree::default(),
            works: Works::default(),
            sent: RequestBook::default(),
            status_request: None,
            requests: SwitchRequests::default(),
            doubt: None,
            pictured: Timestamp::default(),
            closing: false,
            out: Outputs::default(),
        })
    }

    /// Whether the client is connected and has started.
    pub fn is_up(&self) -> bool {
        self.phase == Phase::Up
    }

    /// How many things are held for later: objects, requests that wait, answers that are remembered, output.
    pub fn held(&self) -> usize {
        self.tree.held()
            + self.sent.len()
            + self.requests.len()
            + self.works.len()
            + self.guests.len()
            + self.out.len()
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.agents.replace(&snapshot, &floor, &mut self.out);
                self.works.replace(&snapshot, &self.switch);
                self.seen(snapshot.seq);
            }
            FromHub::Event(record) => {
                self.agents.apply(&record.event, &mut self.out);
                self.record(&record);
                self.seen(record.seq);
            }
            FromHub::Requested { request, asked } => self.requested(request, asked),
            FromHub::Answer { command, result } => {
                self.followed(&command, result.ok().map(|accepted| accepted.seq));
            }
            FromHub::Closing => self.close(),
            FromHub::Authenticated { .. } => {}
        }
    }

    /// Data that changed without a command changed at the switch, and that is our client.
    fn came_from_the_client(&self, record: &Record) -> bool {
        record.origin.is_none() || is_own_command(record.origin.as_ref(), "harmony", self.instance)
    }

    fn record(&mut self, record: &Record) {
        match &record.event {
            HubEvent::Interaction(InteractionEvent::Opened { interaction }) => {
                self.works.open(interaction, &self.switch);
            }
            HubEvent::Interaction(InteractionEvent::Completed { summary, .. }) => {
                self.pass_completion(summary);
            }
            HubEvent::Detail(DetailEvent::DataChanged { interaction, set, unset, .. }) => {
                if !self.came_from_the_client(record) {
                    self.pass_data(*interaction, set, unset);
                }
            }
            HubEvent::Interaction(
                InteractionEvent::StateChanged { .. }
                | InteractionEvent::ReleaseOverdue { .. }
                | InteractionEvent::Forced { .. },
            )
            | HubEvent::Detail(
                DetailEvent::ContactResolved { .. }
                | DetailEvent::CardChanged { .. }
                | DetailEvent::Popped { .. }
                | DetailEvent::Logged { .. }
                | DetailEvent::RecordingStarted { .. }
                | DetailEvent::NotesChanged { .. },
            )
            | HubEvent::Floor(_)
            | HubEvent::Agent(_)
            | HubEvent::Conversation(_)
            | HubEvent::Link(_) => {}
        }
    }

    fn tell(&mut self, event: SwitchEvent) {
        self.out.say(ToHub::Switch(event));
    }

    /// Who asks for what the client's agents did at their phones.
    fn principal(&self) -> Principal {
        let account = format!("harmony-{}", self.config.processor.chars().take(48).collect::<String>());
        let account = AccountName::new(&account)
            .unwrap_or_else(|_| unreachable!("{account} is short and has no control character"));
        Principal { account, role: Role::Integration, agent: None }
    }
}

impl Session for Desk {
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
        self.retrieve_postponed();
        self.advance();
    }

    fn poll(&mut self) -> Option<Output<Stream>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let late = self.sent.deadline().map(|at| (at, "a response is overdue"));
        let silent = self.silent_at().map(|at| (at, "the client is to be asked whether it lives"));
        let doubt = self.doubt.map(|at| (at, "the hub is to be told of all calls"));
        let guests = self.guests_until().map(|at| (at, "a client that connected has to answer"));
        self.out.earliest(late.into_iter().chain(silent).chain(doubt).chain(guests))
    }
}
