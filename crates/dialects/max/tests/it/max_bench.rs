//! The desk end with a page of agent 1001 in a MAX.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test may panic, and no test uses all of it"
)]

use std::{sync::Arc, time::Duration};

use cordboard_max::{DeskConfig, DeskSession};
use model::{
    AgentPlan, AgentState, AgentView, Command, Floor, Principal, QueuePlan, RequestId, Role, Seq, Snapshot,
    SwitchAnswer, SwitchEvent, SwitchRequest, Timestamp,
};
use serde_json::{Value, json};
use session::{
    AROUND, Frame, FrameContext, FromHub, FromPage, Output, Page, PageOutput, ToHub, ToPage,
    suite::{Step, TestBench},
};
use uuid::Uuid;

/// The origin of MAX.
pub const MAX: &str = "https://max.example";

pub struct MaxBench {
    pub bench: TestBench<DeskSession>,
    pub page: Page,
    requests: u64,
}

/// The messages that were sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// The messages to MAX, by origin.
    pub posts: Vec<(String, Value)>,
    pub events: Vec<SwitchEvent>,
    pub answers: Vec<SwitchAnswer>,
    pub commands: Vec<Command>,
    pub warnings: Vec<String>,
    /// The states that the page was given.
    pub states: Vec<String>,
    pub closed: Vec<String>,
}

fn floor() -> Floor {
    Floor {
        agents: vec![AgentPlan {
            id: "1001".parse().unwrap(),
            name: "Ann".into(),
            device: "1001".parse().unwrap(),
            switch: "max".parse().unwrap(),
            queues: Vec::new(),
            acd_id: None,
            peer_ids: Default::default(),
        }],
        queues: vec![QueuePlan {
            id: "7700".parse().unwrap(),
            name: "Sales".into(),
            priority: 0,
            ring_ms: 0,
            wrap_up_ms: 0,
        }],
        ..Floor::default()
    }
}

pub fn principal(agent: &str) -> Principal {
    Principal { account: agent.parse().unwrap(), role: Role::Agent, agent: agent.parse().ok() }
}

impl MaxBench {
    /// The page is open, and the hub has sent the floor.
    pub fn new() -> Self {
        let config =
            DeskConfig { origins: vec![MAX.to_owned().try_into().unwrap()], ..DeskConfig::default() };
        let desk = DeskSession::new(config, "max".parse().unwrap(), Uuid::nil()).unwrap();
        let mut bench = TestBench::start(desk);
        let page = bench.open_page(principal("1001"));
        bench.page(page, around());
        let mut max_bench = Self { bench, page, requests: 0 };
        max_bench.set_state(AgentState::SignedOut);
        max_bench
    }

    /// MAX has acknowledged, with these events.
    pub fn registered(events: Vec<Value>) -> Self {
        let mut max_bench = Self::new();
        max_bench.acknowledge(events);
        max_bench
    }

    pub fn set_state(&mut self, state: AgentState) {
        let view = AgentView {
            id: "1001".parse().unwrap(),
            name: "Ann".into(),
            state,
            since: Timestamp(0),
            next: None,
            device: None,
            queues: Vec::new(),
            can: Vec::new(),
        };
        let snapshot = Snapshot {
            seq: Seq(0),
            at: Timestamp(0),
            agents: vec![view],
            interactions: Vec::new(),
            queues: Vec::new(),
            switches: Vec::new(),
        };
        let sent =
            FromHub::Snapshot { snapshot: Arc::new(snapshot), floor: Arc::new(floor()), resync: false };
        self.bench.step(&Step::Hub(sent));
    }

    pub fn acknowledge(&mut self, events: Vec<Value>) {
        let ack = json!({"messageType": "ClientEventSubscriptionAcknowledge", "status": "OK", "reason": "Success", "contactId": null});
        self.receive([vec![ack], events].concat());
    }

    /// MAX posts events.
    pub fn receive(&mut self, events: Vec<Value>) {
        self.post(MAX, json!({"issuer": "MAX", "contactId": null, "events": events}));
    }

    pub fn post(&mut self, origin: &str, message: Value) {
        self.post_to(self.page, origin, message);
    }

    pub fn post_to(&mut self, page: Page, origin: &str, message: Value) {
        self.bench.page(page, FromPage::Posted { frame: Frame(0), origin: origin.to_owned(), message });
    }

    pub fn request(&mut self, requested: SwitchRequest) {
        self.requests += 1;
        self.request_as(self.requests, requested);
    }

    pub fn request_as(&mut self, request: u64, requested: SwitchRequest) {
        self.bench.step(&Step::Hub(FromHub::Requested { request: RequestId(request), requested }));
    }

    pub fn pass(&mut self, seconds: u64) {
        self.bench.pass(Duration::from_secs(seconds));
    }

    pub fn sent(&mut self) -> Sent {
        let mut sent = Sent::default();
        for output in self.bench.take() {
            match output {
                Output::Peer(PageOutput { message: ToPage::Post { frame, origin, message }, .. }) => {
                    assert_eq!(frame, Frame(0));
                    sent.posts.push((origin, message));
                }
                Output::Peer(PageOutput { message: ToPage::Message { message }, .. }) => {
                    let word = |name: &str| message[name].as_str().map(str::to_owned);
                    match message["type"].as_str() {
                        Some("warn") => sent.warnings.extend(word("text")),
                        _ => sent.states.extend(word("state")),
                    }
                }
                Output::Peer(PageOutput { message: ToPage::Close { why }, .. }) => {
                    sent.closed.push(why.text.to_string());
                }
                Output::Hub(ToHub::Switch(event)) => sent.events.push(event),
                Output::Hub(ToHub::SwitchAnswer { answer, .. }) => sent.answers.push(answer),
                Output::Hub(ToHub::Command(command)) => sent.commands.push(*command),
                Output::Hub(ToHub::Subscribe) => {}
                Output::Hub(ToHub::Authenticate { .. } | ToHub::Desk { .. } | ToHub::Notice { .. })
                | Output::Peer(_) => {
                    panic!("{output:?}")
                }
            }
        }
        sent
    }
}

/// The window around the page is there.
pub fn around() -> FromPage {
    let about = FrameContext { place: AROUND.into(), interaction: None };
    FromPage::FrameOpened { frame: Frame(0), about, kept: None }
}

impl Sent {
    /// The messages to MAX in a word each.
    pub fn words(&self) -> Vec<&str> {
        self.posts.iter().map(|(_, message)| message["messageType"].as_str().unwrap()).collect()
    }

    /// The switch's events in a word each.
    pub fn brief(&self) -> Vec<String> {
        self.events
            .iter()
            .map(|event| serde_json::to_value(event).unwrap()["event"].as_str().unwrap().to_owned())
            .collect()
    }

    pub fn verbs(&self) -> Vec<&'static str> {
        self.commands.iter().map(|command| command.verb.name().as_str()).collect()
    }

    /// Whether each answer is a success.
    pub fn done(&self) -> Vec<bool> {
        self.answers.iter().map(|answer| matches!(answer, SwitchAnswer::Done { .. })).collect()
    }
}
