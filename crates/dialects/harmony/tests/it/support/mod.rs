//! Two nodes without sockets: one has phones and plays the client; the other plays the bridge and has the client as its switch.

#![allow(unreachable_pub, reason = "all test files use it")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use cordboard_core::{Core, Ids, Input as CoreInput, Outcome, invariants};
use cordboard_harmony::{
    Credentials, DeskConfig, DeskSession, TelephonyConfig, TelephonySession, WireConfig,
    wire::{Envelope, MessageKind},
};
use model::{
    AccountName, AgentId, AgentPlan, Command, CommandId, DeviceId, Floor, InteractionId, Number, Principal,
    QueueId, QueuePlan, Reason, ReasonUse, Record, Rejection, Role, Secret, SwitchId, Timestamp, Verb,
};
use serde_json::json;
use session::{
    Exchange, FromHttp, FromHub, FromStream, Input, Link, Login, Output, ToHub, ToStream,
    transport::any::{Any, AnySession, ToPeer, erase},
};
use simulated::SwitchSession;
use uuid::Uuid;
use wire::frame::{Format, Reader};

/// The caller's number.
pub const CUSTOMER: &str = "+14155559999";
/// An outside number that answers after 100 ms.
pub const FRIEND: &str = "+14155550100";

struct Counting(u128);

impl Ids for Counting {
    fn uuid(&mut self, _: Timestamp) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

struct Guest {
    session: AnySession,
    switch: Option<SwitchId>,
    subscribed: bool,
}

/// A hub and its sessions.
pub struct Node {
    pub core: Core,
    ids: Counting,
    guests: Vec<Guest>,
    pub journal: Vec<Arc<Record>>,
    count: u64,
}

/// Both nodes, and the connection between them.
pub struct World {
    pub now: Timestamp,
    /// The node that has the phones and plays the client.
    pub phones: Node,
    /// The node that plays the bridge.
    pub bridge: Node,
    /// Whether the connection works.
    pub line: bool,
    link: Option<(Link, Link)>,
    links: u64,
    /// How many bytes are delivered in one piece.
    pub piece: usize,
    trace: Vec<(bool, Envelope)>,
    readers: [Reader; 2],
}

const PHONES: usize = 0;
const BRIDGE: usize = 1;

pub fn agent(id: &str) -> AgentId {
    AgentId::new(id).unwrap()
}

pub fn number(text: &str) -> Number {
    Number::new(text).unwrap()
}

pub fn floor(switch: &str, reasons: bool) -> Floor {
    let plan = |index: u32| AgentPlan {
        id: agent(&format!("100{index}")),
        name: format!("Agent {index}").into(),
        device: DeviceId::new(format!("100{index}")).unwrap(),
        switch: SwitchId::new(switch).unwrap(),
        queues: vec![QueueId::new("7700").unwrap()],
        acd_id: Some(format!("700{index}").into()),
        peer_ids: Default::default(),
    };
    let queue = QueuePlan {
        id: QueueId::new("7700").unwrap(),
        name: "support".into(),
        priority: 0,
        ring_ms: 20_000,
        wrap_up_ms: 0,
    };
    let lunch =
        Reason { code: "lunch".parse().unwrap(), name: "Lunch".into(), used_for: ReasonUse::NotReady };
    let reasons = if reasons { vec![lunch] } else { Vec::new() };
    let country = Some("US".parse().unwrap());
    Floor { country, agents: (1..=3).map(plan).collect(), queues: vec![queue], reasons, ..Floor::default() }
}

impl Node {
    fn new(first_id: u128, floor: Floor, now: Timestamp) -> Self {
        let (core, ids) = (Core::new(), Counting(first_id));
        let mut node = Self { core, ids, guests: Vec::new(), journal: Vec::new(), count: 0 };
        node.input(now, CoreInput::Floor(Arc::new(floor))).reply.unwrap();
        node
    }

    fn guest(&mut self, session: AnySession, switch: Option<&str>) {
        let switch = switch.map(|id| SwitchId::new(id).unwrap());
        self.guests.push(Guest { session, switch, subscribed: false });
    }

    /// Gives the core an input, and the results to the sessions.
    fn input(&mut self, now: Timestamp, input: CoreInput) -> Outcome {
        let outcome = self.core.handle(now, &mut self.ids, input);
        assert_eq!(invariants::check(self.core.state()), Vec::new());
        for record in &outcome.records {
            self.journal.push(Arc::clone(record));
            for guest in self.guests.iter_mut().filter(|guest| guest.subscribed) {
                guest.session.handle(now, Input::Hub(FromHub::Event(Arc::clone(record))));
            }
        }
        for requested in &outcome.requests {
            for guest in
                self.guests.iter_mut().filter(|guest| guest.switch.as_ref() == Some(&requested.switch))
            {
                let message =
                    FromHub::Requested { request: requested.request, requested: requested.what.clone() };
                guest.session.handle(now, Input::Hub(message));
            }
        }
        outcome
    }

    fn hub_message(&mut self, now: Timestamp, index: usize, message: ToHub) {
        match message {
            ToHub::Subscribe => {
                let viewer = principal("everybody");
                let snapshot = Arc::new(self.core.snapshot(now, &viewer));
                let floor = Arc::clone(self.core.floor());
                self.guests[index].subscribed = true;
                let message = FromHub::Snapshot { snapshot, floor, resync: false };
                self.guests[index].session.handle(now, Input::Hub(message));
            }
            ToHub::Command(command) => {
                let id = command.id.clone();
                let result = self.input(now, CoreInput::Command(command)).reply;
                self.guests[index].session.handle(now, Input::Hub(FromHub::Answer { command: id, result }));
            }
            ToHub::Authenticate { ticket, login, secret, .. } => {
                let Login::Agent(id) = login else { panic!("agents only") };
                let wrong = || Rejection::new(model::Code::Unauthenticated, "wrong password");
                let by = Principal { role: Role::Agent, agent: Some(id.clone()), ..principal(id.as_str()) };
                let result = if secret.reveal() == "demo" { Ok(by) } else { Err(wrong()) };
                let message = FromHub::Authenticated { ticket, result };
                self.guests[index].session.handle(now, Input::Hub(message));
            }
            ToHub::Notice { agent, interaction, notice } => {
                drop(self.input(now, CoreInput::Notice { agent, interaction, notice }));
            }
            ToHub::Desk { agent, attended } => drop(self.input(now, CoreInput::Desk { agent, attended })),
            ToHub::Switch(event) => {
                let switch = self.guests[index].switch.clone().unwrap();
                drop(self.input(now, CoreInput::Switch { switch, event }));
            }
            ToHub::SwitchAnswer { request, answer } => {
                let switch = self.guests[index].switch.clone().unwrap();
                drop(self.input(now, CoreInput::Answer { switch, request, answer }));
            }
        }
    }

    /// The states of an agent's interactions.
    pub fn picture(&self, id: &str) -> String {
        let interactions = self.interactions(id);
        let words = |text: String| text.to_lowercase();
        let pictures: Vec<String> = interactions
            .iter()
            .map(|one| {
                let legs = one
                    .conversations()
                    .map(|(leg, conversation)| words(format!(" {leg:?}:{:?}", conversation.state)));
                words(format!("{:?}", one.state)) + &legs.collect::<String>()
            })
            .collect();
        pictures.join("; ")
    }

    pub fn interaction(&self, id: &str) -> model::Interaction {
        self.interactions(id).remove(0)
    }

    fn interactions(&self, id: &str) -> Vec<model::Interaction> {
        let snapshot = self.core.snapshot(Timestamp(0), &principal("everybody"));
        let all = snapshot.interactions.into_iter().map(|view| view.interaction);
        all.filter(|one| one.agent.as_str() == id).collect()
    }

    /// The texts of all notices.
    pub fn notices(&self) -> Vec<String> {
        let texts = self.journal.iter().filter_map(|record| {
            let model::Event::Floor(model::FloorEvent::NoticeRaised { notice, .. }) = &record.event else {
                return None;
            };
            Some(notice.text.to_string())
        });
        texts.collect()
    }

    /// An agent's state.
    pub fn state(&self, id: &str) -> String {
        let snapshot = self.core.snapshot(Timestamp(0), &principal("everybody"));
        let view = snapshot.agents.into_iter().find(|view| view.id.as_str() == id).unwrap();
        serde_json::to_string(&view.state).unwrap()
    }
}

pub fn principal(account: &str) -> Principal {
    Principal { account: AccountName::new(account).unwrap(), role: Role::Integration, agent: None }
}

impl World {
    /// Both nodes run, and the connection works.
    pub fn new() -> Self {
        Self::with(WireConfig::default(), "demo")
    }

    pub fn with(wire: WireConfig, password: &str) -> Self {
        let now = Timestamp(1_700_000_000_000);
        let mut phones = Node::new(0, floor("sim", true), now);
        let queues = vec![QueueId::new("7700").unwrap()];
        let devices = (1..=3).map(|index| DeviceId::new(format!("100{index}")).unwrap()).collect();
        let mut config = simulated::Config { devices, queues, ..simulated::Config::default() };
        config.outside.others = simulated::Behavior::answers(100, None);
        phones.guest(erase(SwitchSession::new(config).unwrap()), Some("sim"));
        let config =
            TelephonyConfig { processor: "DEMO".into(), wire: wire.clone(), ..TelephonyConfig::default() };
        phones.guest(erase(TelephonySession::new(config, Uuid::from_u128(7 << 64)).unwrap()), None);
        let mut bridge = Node::new(1 << 64, floor("harmony", true), now);
        let credentials =
            |index| Credentials { acd_id: format!("700{index}").into(), password: Secret::new(password) };
        let agents = (1..=3).map(credentials).collect();
        let config = DeskConfig { agents, wire: wire.clone(), ..DeskConfig::default() };
        let switch = SwitchId::new("harmony").unwrap();
        bridge.guest(
            erase(DeskSession::new(config, switch, Uuid::from_u128(8 << 64)).unwrap()),
            Some("harmony"),
        );
        let reader = || Reader::new(wire.format());
        let (link, links, piece) = (None, 0, usize::MAX);
        let readers = [reader(), reader()];
        let mut world =
            Self { now, phones, bridge, line: true, link, links, piece, trace: Vec::new(), readers };
        for index in [PHONES, BRIDGE] {
            for guest in &mut world.node(index).guests {
                guest.session.handle(now, Input::Start);
            }
        }
        world.run();
        world
    }

    fn node(&mut self, index: usize) -> &mut Node {
        if index == PHONES { &mut self.phones } else { &mut self.bridge }
    }

    /// Carries messages until there are none.
    pub fn run(&mut self) {
        for _ in 0..100_000 {
            if !self.step() {
                return;
            }
        }
        panic!("the nodes never come to rest");
    }

    fn step(&mut self) -> bool {
        for index in [PHONES, BRIDGE] {
            for guest in 0..self.node(index).guests.len() {
                if let Some(output) = self.node(index).guests[guest].session.poll() {
                    self.carry_out(index, guest, output);
                    return true;
                }
            }
        }
        false
    }

    fn carry_out(&mut self, index: usize, guest: usize, output: Output<Any>) {
        let now = self.now;
        match output {
            Output::Hub(message) => self.node(index).hub_message(now, guest, message),
            Output::Peer(ToPeer::Stream(ToStream::Connect { link, .. })) => self.connect(link),
            Output::Peer(ToPeer::Stream(ToStream::Send { bytes, .. })) => self.pass_on(index, &bytes),
            Output::Peer(ToPeer::Stream(ToStream::Disconnect { .. })) => self.cut(),
            Output::Peer(ToPeer::Http(_)) => {}
            Output::Peer(ToPeer::Page(_)) => panic!("no session here has pages"),
        }
    }

    fn connect(&mut self, link: Link) {
        let from: SocketAddr = "127.0.0.1:7850".parse().unwrap();
        if !self.line {
            let message = FromStream::Disconnected { link, why: "refused".into() };
            return self.send(PHONES, message);
        }
        self.links += 1;
        let there = Link(self.links);
        self.link = Some((link, there));
        let format: Format = WireConfig::default().format();
        self.readers = [Reader::new(format), Reader::new(format)];
        self.send(PHONES, FromStream::Connected { link, from });
        self.send(BRIDGE, FromStream::Connected { link: there, from });
    }

    fn send(&mut self, index: usize, message: FromStream) {
        let now = self.now;
        let guest = if index == PHONES { 1 } else { 0 };
        self.node(index).guests[guest].session.handle(now, Input::Peer(message.into()));
    }

    fn pass_on(&mut self, from: usize, bytes: &Bytes) {
        let Some((phones, bridge)) = self.link else { return };
        self.readers[from].push(bytes);
        while let Some(frame) = self.readers[from].next().unwrap() {
            self.trace.push((from == BRIDGE, Envelope::parse(&frame).unwrap()));
        }
        let (to, link) = if from == PHONES { (BRIDGE, bridge) } else { (PHONES, phones) };
        for piece in bytes.chunks(self.piece) {
            let bytes = Bytes::copy_from_slice(piece);
            self.send(to, FromStream::Received { link, bytes });
        }
    }

    /// One end gets a message that the other end did not send.
    pub fn forge(&mut self, to_phones: bool, message: &serde_json::Value) {
        let (phones, bridge) = self.link.unwrap();
        let (to, link) = if to_phones { (PHONES, phones) } else { (BRIDGE, bridge) };
        let bytes = message.to_string();
        let bytes = wire::frame::encode(WireConfig::default().format(), bytes.as_bytes()).unwrap();
        self.send(to, FromStream::Received { link, bytes });
        self.run();
    }

    /// Breaks the connection once.
    pub fn cut(&mut self) {
        let Some((phones, bridge)) = self.link.take() else { return };
        self.send(PHONES, FromStream::Disconnected { link: phones, why: "cut".into() });
        self.send(BRIDGE, FromStream::Disconnected { link: bridge, why: "cut".into() });
    }

    /// Lets time pass, with everything that is due in it.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now + Duration::from_millis(ms);
        loop {
            self.run();
            let due = self.next_due().filter(|at| *at <= until);
            self.now = due.unwrap_or(until).max(self.now);
            let now = self.now;
            for index in [PHONES, BRIDGE] {
                let node = self.node(index);
                for guest in &mut node.guests {
                    guest.session.handle(now, Input::Tick);
                }
                if node.core.deadline().is_some_and(|at| at <= now) {
                    drop(node.input(now, CoreInput::Tick));
                }
            }
            self.run();
            if due.is_none() {
                return;
            }
        }
    }

    fn next_due(&self) -> Option<Timestamp> {
        let nodes = [&self.phones, &self.bridge];
        let guests = nodes.iter().flat_map(|node| node.guests.iter());
        let sessions = guests.filter_map(|guest| guest.session.deadline().map(|(at, _)| at));
        sessions.chain(nodes.iter().filter_map(|node| node.core.deadline())).min()
    }

    /// A customer calls.
    pub fn caller(&mut self, to: &str) {
        self.caller_from(CUSTOMER, to);
    }

    pub fn caller_from(&mut self, from: &str, to: &str) {
        self.control(
            "/calls",
            &json!({ "from": from, "to": to, "patience_ms": 5_000, "data": { "AccountCode": "A-1" } }),
        );
    }

    fn control(&mut self, path: &str, body: &serde_json::Value) {
        let body = Bytes::from(body.to_string());
        let request = http::Request::builder().method("POST").uri(path).body(body).unwrap();
        self.phones.count += 1;
        let exchange = Exchange(self.phones.count);
        let from = "127.0.0.1:1".parse().unwrap();
        let message = Input::Peer(FromHttp::Request { exchange, from, request }.into());
        let now = self.now;
        self.phones.guests[0].session.handle(now, message);
        self.pass(0);
    }

    /// A desk at the bridge's node sends a command, and time passes.
    pub fn desk(&mut self, id: &str, verb: Verb) {
        self.try_desk(id, verb).unwrap();
        self.pass(200);
    }

    pub fn try_desk(&mut self, id: &str, verb: Verb) -> Result<(), Rejection> {
        command(&mut self.bridge, self.now, id, verb)
    }

    /// A desk at the node with the phones sends a command, and time passes.
    pub fn local(&mut self, id: &str, verb: Verb) {
        self.try_local(id, verb).unwrap();
        self.pass(200);
    }

    pub fn try_local(&mut self, id: &str, verb: Verb) -> Result<(), Rejection> {
        command(&mut self.phones, self.now, id, verb)
    }

    /// The messages on the connection since the last call: the sender, the message and the object.
    pub fn trace(&mut self) -> Vec<(bool, Envelope)> {
        std::mem::take(&mut self.trace)
    }

    /// The same as text, one line for each message.
    pub fn transcript(&mut self) -> String {
        self.trace().iter().map(|(from_bridge, envelope)| line(*from_bridge, envelope)).collect()
    }
}

fn command(node: &mut Node, now: Timestamp, id: &str, verb: Verb) -> Result<(), Rejection> {
    node.count += 1;
    let command = CommandId::new(format!("desk-{}", node.count)).unwrap();
    let interaction: Option<InteractionId> = None;
    let command = Command { id: command, by: principal("desk"), agent: agent(id), interaction, verb };
    node.input(now, CoreInput::Command(Box::new(command))).reply.map(drop)
}

fn line(from_bridge: bool, envelope: &Envelope) -> String {
    let arrow = if from_bridge { "bridge" } else { "client" };
    let message = match &envelope.kind {
        MessageKind::Request { query: true, .. } => "query".to_owned(),
        MessageKind::Request { query: false, .. } => "request".to_owned(),
        MessageKind::Response { answer, .. } => format!("{answer:?}").to_lowercase(),
        MessageKind::Event => "event".to_owned(),
    };
    format!("{arrow} {message} {} {} {}\n", envelope.target, envelope.name, envelope.body)
}
