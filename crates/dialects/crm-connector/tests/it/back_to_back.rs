//! Cordboard's connector in Cordboard's CRM page: what one end posts, the other receives.
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use crate::support;

use std::sync::Arc;

use cordboard_crm_connector::{
    DeskConfig, DeskSession,
    wire::limits::{CONTACT_WITHIN, NAMED_WITHIN, RETURN_WITHIN},
};
use model::{
    Cause, DeviceId, Number, PartyKind, RequestId, Seq, Snapshot, SwitchAnswer, SwitchEvent, SwitchFeature,
    SwitchId, SwitchRequest, Timestamp, Verb,
};
use serde_json::{Value, json};
use session::{
    Frame, FrameContext, FromHub, FromPage, Output, Page, PageOutput, Pages, ToHub, ToPage,
    suite::{self, Step, TestBench},
};
use uuid::Uuid;

use support::{CRM, Rig, agent, becomes, completes, opens};

/// The connector's origin.
const CONNECTOR: &str = "https://connector.example";

struct Pair {
    connector: Rig,
    crm: TestBench<DeskSession>,
    page: Page,
    reported: Vec<SwitchEvent>,
    answers: Vec<SwitchAnswer>,
    /// The commands to the CRM page's hub.
    commands: Vec<Verb>,
}

impl Pair {
    fn new() -> Self {
        let config = DeskConfig { url: format!("{CONNECTOR}/connector/").into(), ..DeskConfig::default() };
        let mut crm = TestBench::start(
            DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(0xdef)).unwrap(),
        );
        let snapshot = Snapshot {
            seq: Seq(0),
            at: Timestamp(0),
            agents: Vec::new(),
            interactions: Vec::new(),
            queues: Vec::new(),
            switches: Vec::new(),
        };
        let (snapshot, floor) = (Arc::new(snapshot), Arc::new(suite::floor()));
        crm.step(&Step::Hub(FromHub::Snapshot { snapshot, floor, resync: false }));
        let page = crm.open_page(agent());
        let about = FrameContext { place: "connector".into(), interaction: None };
        crm.page(page, FromPage::FrameOpened { frame: Frame(1), about, kept: None });
        let mut pair = Self {
            connector: Rig::new(),
            crm,
            page,
            reported: Vec::new(),
            answers: Vec::new(),
            commands: Vec::new(),
        };
        pair.pump();
        pair.event(json!({"type": "agent-signed-in", "agent": "1001", "device": "70001", "switch": "pbx", "queues": []}));
        pair
    }

    /// Makes something happen at the connector's hub.
    fn event(&mut self, event: Value) {
        self.connector.event(event);
        self.pump();
    }

    /// The CRM page's hub sends the connector a request.
    fn request(&mut self, request: u64, requested: SwitchRequest) {
        self.crm.step(&Step::Hub(FromHub::Requested { request: RequestId(request), requested }));
        self.pump();
    }

    fn pump(&mut self) {
        loop {
            let posts = std::mem::take(&mut self.connector.posts);
            let outputs = self.crm.take();
            if posts.is_empty() && outputs.is_empty() {
                return;
            }
            for message in posts {
                let origin = CONNECTOR.to_owned();
                self.crm.page(self.page, FromPage::Posted { frame: Frame(1), origin, message });
            }
            outputs.into_iter().for_each(|output| self.take(output));
        }
    }

    fn take(&mut self, output: Output<Pages>) {
        match output {
            Output::Peer(PageOutput { message: ToPage::Post { origin, message, .. }, .. }) => {
                assert_eq!(origin, CONNECTOR);
                self.connector.posted(CRM, message);
            }
            Output::Hub(ToHub::Switch(event)) => self.reported.push(event),
            Output::Hub(ToHub::Command(command)) if matches!(command.verb, Verb::SignIn { .. }) => {}
            Output::Hub(ToHub::Command(command)) => self.commands.push(command.verb),
            Output::Hub(ToHub::SwitchAnswer { answer, .. }) => self.answers.push(answer),
            Output::Peer(PageOutput { message: ToPage::Message { .. }, .. })
            | Output::Hub(ToHub::Subscribe) => {}
            other => panic!("unexpected {other:?}"),
        }
    }
}

fn device() -> DeviceId {
    DeviceId::new("70001").unwrap()
}

#[test]
fn the_ends_find_each_other() {
    let pair = Pair::new();
    let up =
        |features: &[SwitchFeature]| SwitchEvent::LinkUp { features: features.to_vec(), calls: Vec::new() };
    assert_eq!(pair.reported, [up(&[]), up(&[]), up(&[SwitchFeature::MakeCall])]);
}

#[test]
fn an_inbound_call_is_a_call_of_the_switch() {
    let mut pair = Pair::new();
    pair.reported.clear();
    pair.event(opens("inbound", "alerting"));
    pair.event(becomes("alerting", "started"));
    pair.event(becomes("started", "ended"));
    pair.event(completes());
    let [SwitchEvent::Delivered(delivery), established, cleared] = &pair.reported[..] else {
        panic!("{:?}", pair.reported)
    };
    assert_eq!(delivery.caller.at.number(), Some("+14155550100"));
    // The CRM page's hub has not answered for the call yet.
    assert!(matches!(&pair.commands[..], [Verb::Notify { .. }]), "{:?}", pair.commands);
    let (call, at) = (delivery.call.clone(), PartyKind::Device(device()));
    assert_eq!(*established, SwitchEvent::Established { call: call.clone(), at: at.clone() });
    assert_eq!(*cleared, SwitchEvent::ConnectionCleared { call, at, cause: Cause::Normal });
}

#[test]
fn a_call_is_made_by_a_click_and_once() {
    let mut pair = Pair::new();
    pair.reported.clear();
    let requested = SwitchRequest::MakeCall {
        device: device(),
        to: Number::new("+14155550100").unwrap(),
        data: Default::default(),
    };
    pair.request(5, requested.clone());
    pair.request(5, requested);
    assert_eq!(pair.answers[0], pair.answers[1]);
    assert!(matches!(&pair.reported[..], [SwitchEvent::Originated { .. }]), "{:?}", pair.reported);
    pair.crm.pass(CONTACT_WITHIN);
    pair.pump();
    let verbs = pair.connector.verbs();
    assert!(matches!(&verbs[0], Verb::Dial { to, .. } if to.as_str() == "+14155550100"), "{verbs:?}");
    pair.reported.clear();
    pair.event(opens("outbound", "dialing"));
    pair.event(becomes("dialing", "started"));
    assert!(
        matches!(&pair.reported[..], [SwitchEvent::Established { at: PartyKind::Outside(_), .. }]),
        "{:?}",
        pair.reported
    );
    pair.reported.clear();
    pair.event(becomes("started", "ended"));
    assert!(matches!(&pair.reported[..], [SwitchEvent::ConnectionCleared { .. }]), "{:?}", pair.reported);
}

#[test]
fn a_call_that_nobody_answers_ends() {
    let mut pair = Pair::new();
    pair.request(
        5,
        SwitchRequest::MakeCall {
            device: device(),
            to: Number::new("+14155550100").unwrap(),
            data: Default::default(),
        },
    );
    pair.crm.pass(CONTACT_WITHIN);
    pair.pump();
    pair.event(opens("outbound", "dialing"));
    pair.reported.clear();
    pair.event(becomes("dialing", "ended"));
    assert!(matches!(&pair.reported[..], [SwitchEvent::ConnectionCleared { .. }]), "{:?}", pair.reported);
}

#[test]
fn what_a_connector_cannot_do_is_refused_and_its_calls_go_with_it() {
    let mut pair = Pair::new();
    pair.event(opens("inbound", "started"));
    let call = match pair.reported.last() {
        Some(SwitchEvent::Established { call, .. }) => call.clone(),
        other => panic!("{other:?}"),
    };
    pair.request(6, SwitchRequest::HoldCall { call, device: device() });
    assert!(matches!(pair.answers.last(), Some(SwitchAnswer::Refused { .. })));
    pair.reported.clear();
    pair.crm.page(pair.page, FromPage::Closed { why: "gone".into() });
    pair.pump();
    assert!(matches!(&pair.reported[..], [SwitchEvent::LinkDown { .. }]), "{:?}", pair.reported);
    pair.crm.pass(RETURN_WITHIN);
    pair.pump();
    assert!(matches!(&pair.reported[1..], [SwitchEvent::ConnectionCleared { cause: Cause::Lost, .. }]));
}

#[test]
fn a_call_goes_on_when_its_page_is_loaded_again() {
    let mut pair = Pair::new();
    pair.event(opens("inbound", "alerting"));
    pair.event(becomes("alerting", "started"));
    pair.crm.page(pair.page, FromPage::Closed { why: "the way to the hub broke".into() });
    pair.pump();
    pair.reported.clear();
    pair.page = pair.crm.open_page(agent());
    let about = FrameContext { place: "connector".into(), interaction: None };
    pair.crm.page(pair.page, FromPage::FrameOpened { frame: Frame(1), about, kept: None });
    pair.pump();
    let count = |wanted: fn(&SwitchEvent) -> bool| pair.reported.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, SwitchEvent::Delivered(_))), 0, "{:?}", pair.reported);
    let goes_on =
        |event: &SwitchEvent| matches!(event, SwitchEvent::LinkUp { calls, .. } if calls.len() == 1);
    assert!(pair.reported.iter().any(goes_on), "{:?}", pair.reported);
    pair.crm.pass(RETURN_WITHIN + NAMED_WITHIN);
    pair.pump();
    let ended = |event: &SwitchEvent| matches!(event, SwitchEvent::ConnectionCleared { .. });
    assert!(!pair.reported.iter().any(ended), "{:?}", pair.reported);
    pair.event(becomes("started", "ended"));
    assert!(pair.reported.last().is_some_and(ended), "{:?}", pair.reported);
}

#[test]
fn a_call_that_ended_while_the_connector_was_away_is_over() {
    let mut pair = Pair::new();
    pair.event(opens("inbound", "started"));
    pair.connector = Rig::new();
    pair.pump();
    pair.reported.clear();
    pair.crm.pass(NAMED_WITHIN);
    pair.pump();
    assert!(
        matches!(&pair.reported[..], [SwitchEvent::ConnectionCleared { cause: Cause::Lost, .. }]),
        "{:?}",
        pair.reported
    );
}

#[test]
fn a_call_that_the_agent_dials_at_the_connector_is_known() {
    let mut pair = Pair::new();
    pair.reported.clear();
    pair.event(opens("outbound", "dialing"));
    assert!(matches!(&pair.reported[..], [SwitchEvent::Originated { .. }]), "{:?}", pair.reported);
    pair.event(becomes("dialing", "started"));
    assert!(matches!(&pair.reported[1..], [SwitchEvent::Established { .. }]), "{:?}", pair.reported);
}
