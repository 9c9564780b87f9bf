//! The desk end: Cordboard is the processor bridge. The peer is a CTI client, which is a switch on the floor.
//!
//! One session serves one processor. Each signed-in agent has a session there with its objects. Each object is created and queried for its
//! state; its events count only after that. Conversations become switch events, and the hub's requests to the switch become requests to the
//! client. After a lost connection all objects are created again and the hub gets the complete state of all calls.

mod agents;
mod bridge_requests;
mod build;
mod calls;
mod candidates;
mod connection;
mod events;
mod hub_interactions;
mod origins;
mod requests;
mod sent_requests;
mod services;
mod steer;
mod tree;

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
    agents::{ClientAgentState, HubUpdate},
    candidates::Candidate,
    connection::ClientConnection,
    hub_interactions::HubInteractions,
    origins::Handovers,
    sent_requests::SentRequest,
    tree::Tree,
};
use crate::{
    DeskConfig, Error,
    config::control_target,
    wire::{Words, reply::Capabilities, words::Status},
};

/// The desk end of Harmony.
#[derive(Debug)]
pub struct DeskSession {
    config: DeskConfig,
    words: Words,
    /// The target of the processor itself.
    control: CompactString,
    /// The client's ID as a switch.
    switch: SwitchId,
    /// Part of the IDs of this session's requests and commands; unique to each process.
    instance: Uuid,
    connection: ClientConnection,
    /// Connections that may become the client, the oldest first.
    candidates: Vec<Candidate>,
    phase: Phase,
    /// The last status of the client.
    status: Option<Status>,
    capabilities: Option<Capabilities>,
    agents: PeerAgents<ClientAgentState>,
    /// Agents for whom a command of this session is open.
    hub_updates: BTreeMap<AgentId, HubUpdate>,
    /// The last event that the hub has sent.
    seen: Seq,
    tree: Tree,
    hub_interactions: HubInteractions,
    handovers: Handovers,
    /// Unanswered queries and requests, by ID.
    sent: RequestBook<CompactString, SentRequest>,
    /// The ID of the last status request.
    status_request: Option<CompactString>,
    /// The hub's open requests. Contains a call to retrieve once the other one has ended.
    requests: SwitchRequests<Option<CallId>>,
    /// When to send the hub the complete state of all calls, after a change that has no event.
    resync_at: Option<Timestamp>,
    resynced_at: Timestamp,
    closing: bool,
    out: Outputs<Stream>,
}

/// The phase of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// There is no client.
    Down,
    /// The client has not yet reported its status and capabilities.
    Greeting,
    /// The sessions of signed-in agents are being created. The switch is still down for the hub.
    Building,
    /// The switch is up for the hub.
    Up,
}

impl DeskSession {
    /// Creates a session. `switch` is the client's ID on the floor. `instance` must be unique to each process.
    pub fn new(config: DeskConfig, switch: SwitchId, instance: Uuid) -> Result<Self, Error> {
        let credentials = config.agents.iter().map(|agent| (agent.acd_id.clone(), agent.clone()));
        Ok(Self {
            agents: PeerAgents::new(switch.clone(), credentials),
            words: config.wire.words()?,
            control: control_target(&config.processor)?,
            connection: ClientConnection::default(),
            candidates: Vec::new(),
            config,
            switch,
            instance,
            phase: Phase::Down,
            status: None,
            capabilities: None,
            hub_updates: BTreeMap::new(),
            seen: Seq::default(),
            tree: Tree::default(),
            hub_interactions: HubInteractions::default(),
            handovers: Handovers::default(),
            sent: RequestBook::default(),
            status_request: None,
            requests: SwitchRequests::default(),
            resync_at: None,
            resynced_at: Timestamp::default(),
            closing: false,
            out: Outputs::default(),
        })
    }

    /// Whether the client is connected and has started.
    pub fn is_up(&self) -> bool {
        self.phase == Phase::Up
    }

    /// How many items the session keeps: objects, waiting requests, remembered answers and output.
    pub fn held(&self) -> usize {
        self.tree.held()
            + self.sent.len()
            + self.requests.len()
            + self.hub_interactions.len()
            + self.handovers.len()
            + self.candidates.len()
            + self.out.len()
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.agents.replace(&snapshot, &floor, &mut self.out);
                self.hub_interactions.replace(&snapshot, &self.switch);
                self.seen(snapshot.seq);
            }
            FromHub::Event(record) => {
                self.agents.apply(&record.event, &mut self.out);
                self.record(&record);
                self.seen(record.seq);
            }
            FromHub::Requested { request, requested } => self.requested(request, requested),
            FromHub::Answer { command, result } => {
                self.followed(&command, result.ok().map(|accepted| accepted.seq));
            }
            FromHub::Closing => self.close(),
            FromHub::Authenticated { .. } => {}
        }
    }

    /// Whether a change of data came from the client: either directly, or by a command of this session.
    fn is_from_client(&self, record: &Record) -> bool {
        record.origin.is_none() || is_own_command(record.origin.as_ref(), "harmony", self.instance)
    }

    fn record(&mut self, record: &Record) {
        match &record.event {
            HubEvent::Interaction(InteractionEvent::Opened { interaction }) => {
                self.hub_interactions.open(interaction, &self.switch);
            }
            HubEvent::Interaction(InteractionEvent::Completed { summary, .. }) => {
                self.pass_completion(summary);
            }
            HubEvent::Detail(DetailEvent::DataChanged { interaction, set, unset, .. }) => {
                if !self.is_from_client(record) {
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
                | DetailEvent::CustomerChanged { .. }
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

    fn report(&mut self, event: SwitchEvent) {
        self.out.push(ToHub::Switch(event));
    }

    /// The principal for commands that follow an action at a phone.
    fn principal(&self) -> Principal {
        let account = format!("harmony-{}", self.config.processor.chars().take(48).collect::<String>());
        let account = AccountName::new(&account)
            .unwrap_or_else(|_| unreachable!("{account} is short and has no control character"));
        Principal { account, role: Role::Integration, agent: None }
    }
}

impl Session for DeskSession {
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
        self.retrieve_postponed();
        self.advance();
    }

    fn poll(&mut self) -> Option<Output<Stream>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let late = self.sent.deadline().map(|at| (at, "a response is overdue"));
        let silent = self.silent_at().map(|at| (at, "ask the silent client for its status"));
        let resync_at = self.resync_at.map(|at| (at, "send the hub the state of all calls"));
        let candidates =
            self.candidates_until().map(|at| (at, "check a connection that is not the client yet"));
        self.out.earliest(late.into_iter().chain(silent).chain(resync_at).chain(candidates))
    }
}
