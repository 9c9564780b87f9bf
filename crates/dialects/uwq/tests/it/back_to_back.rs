//! Both ends together: both hubs see the same calls.
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use crate::support;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use cordboard_uwq::{Credentials, DeskConfig, DeskSession, TelephonyConfig, TelephonySession};
use http::Request;
use model::{
    Accepted, AgentEvent, AgentState, CallId, ConversationState, Event, Number, PartyKind, Record, RequestId,
    Secret, Seq, SwitchAnswer, SwitchEvent, SwitchId, SwitchRequest, Timestamp, Verb,
};
use session::{
    Exchange, Failure, FromHub, Http, Output, ToHttp, ToHub,
    suite::{Step, TestBench},
};
use uuid::Uuid;

use support::{agent, becomes, closes, device, dials, outside, principal, rings, snapshot, view};

/// Both ends and the connection between them.
struct Wire {
    telephony: TestBench<TelephonySession>,
    desk: TestBench<DeskSession>,
    /// Of each callout in flight: the telephony end's exchange and the desk end's.
    callouts: BTreeMap<Exchange, Exchange>,
    /// Of each event in flight: the desk end's exchange and the telephony end's.
    events: BTreeMap<Exchange, Exchange>,
    verbs: Vec<Verb>,
    switch: Vec<SwitchEvent>,
    answers: Vec<SwitchAnswer>,
    /// Whether the telephony end can be reached.
    up: bool,
}

impl Wire {
    fn new() -> Self {
        let credentials =
            Credentials { acd_id: "7001".into(), password: Secret::new("1234"), queue: Some("7700".into()) };
        let config = DeskConfig { agents: vec![credentials], ..DeskConfig::default() };
        let desk = DeskSession::new(config, SwitchId::new("pbx").unwrap()).unwrap();
        let mut wire = Self {
            telephony: telephony(),
            desk: TestBench::start(desk),
            callouts: BTreeMap::new(),
            events: BTreeMap::new(),
            verbs: Vec::new(),
            switch: Vec::new(),
            answers: Vec::new(),
            up: true,
        };
        wire.desk.step(&Step::Hub(snapshot(vec![view(1, AgentState::Ready)], Vec::new(), false)));
        wire.carry();
        wire
    }

    /// Carries messages in both directions until there are none.
    fn carry(&mut self) {
        loop {
            let (message, done) = (self.desk.take(), self.telephony.take());
            if message.is_empty() && done.is_empty() {
                return;
            }
            message.into_iter().for_each(|output| self.desk_output(output));
            done.into_iter().for_each(|output| self.telephony_output(output));
        }
    }

    fn desk_output(&mut self, output: Output<Http>) {
        match output {
            Output::Peer(ToHttp::Request { exchange, .. }) if !self.up => {
                self.desk.fail(exchange, Failure::NotSent("refused".into()));
            }
            Output::Peer(ToHttp::Request { exchange, request, .. }) => {
                let target = request.uri().path_and_query().unwrap().as_str();
                let request =
                    Request::get(target).header("host", "localhost:3107").body(Bytes::new()).unwrap();
                let theirs = self.telephony.request("127.0.0.1:40000".parse().unwrap(), request);
                self.callouts.insert(theirs, exchange);
            }
            Output::Peer(ToHttp::Response { exchange, response }) => {
                self.telephony.respond(self.events[&exchange], response);
            }
            Output::Hub(ToHub::Switch(event)) => self.switch.push(event),
            Output::Hub(ToHub::SwitchAnswer { answer, .. }) => self.answers.push(answer),
            Output::Hub(ToHub::Subscribe) => {}
            Output::Hub(other) => panic!("{other:?}"),
        }
    }

    fn telephony_output(&mut self, output: Output<Http>) {
        match output {
            Output::Peer(ToHttp::Request { exchange, request, .. }) => {
                assert_eq!(request.uri(), "http://127.0.0.1:8888/");
                let theirs = self.desk.request("127.0.0.1:40001".parse().unwrap(), request);
                self.events.insert(theirs, exchange);
            }
            Output::Peer(ToHttp::Response { exchange, response }) => {
                assert_eq!(response.status(), 200);
                self.desk.respond(self.callouts[&exchange], response);
            }
            Output::Hub(ToHub::Command(command)) => {
                self.verbs.push(command.verb);
                self.telephony.step(&Step::Answer(0, Ok(Accepted { seq: Seq(1), interaction: None })));
            }
            Output::Hub(ToHub::Authenticate { secret, .. }) => {
                assert_eq!(secret, Secret::new("1234"));
                self.telephony.step(&Step::Authenticated(0, Ok(principal(&agent(1)))));
            }
            Output::Hub(_) => {}
        }
    }

    fn phone(&mut self, event: Event) {
        self.telephony.step(&Step::Hub(recorded(event)));
        self.carry();
    }

    fn floor(&mut self, to: AgentState) {
        let (agent, from) = (agent(1), AgentState::SignedOut);
        let event =
            Event::Agent(AgentEvent::StateChanged { agent, from, from_since: Timestamp(1), to, next: None });
        self.desk.step(&Step::Hub(recorded(event)));
        self.carry();
    }

    fn pass(&mut self, span: Duration) {
        self.telephony.pass(span);
        self.desk.pass(span);
        self.carry();
    }

    fn words(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.verbs).iter().map(|verb| verb.name().as_str()).collect()
    }
}

fn telephony() -> TestBench<TelephonySession> {
    let session = TelephonySession::new(TelephonyConfig::default(), Uuid::from_u128(1)).unwrap();
    let mut bench = TestBench::start(session);
    bench.step(&Step::Hub(snapshot(Vec::new(), Vec::new(), false)));
    bench
}

fn recorded(event: Event) -> FromHub {
    FromHub::Event(Arc::new(Record { seq: Seq(1), at: Timestamp(1), origin: None, event }))
}

fn source(id: u128) -> CallId {
    CallId::new(Uuid::from_u128(id).to_string()).unwrap()
}

#[test]
fn an_inbound_call_goes_through_both_ends() {
    let mut wire = Wire::new();
    assert_eq!(wire.words(), ["sign-in", "ready"]);
    wire.switch.clear();
    wire.phone(rings(1, 1));
    assert_eq!(wire.words(), ["not-ready"]);
    let SwitchEvent::Delivered(delivery) = &wire.switch[0] else { panic!("{:?}", wire.switch) };
    assert_eq!((&delivery.call, &delivery.at), (&source(1), &PartyKind::Device(device(1))));
    assert_eq!(delivery.caller.at, outside("16505067000"));
    wire.floor(AgentState::Busy);
    wire.phone(becomes(1, 1, ConversationState::Talking, true));
    wire.phone(closes(1, 1));
    let call = source(1);
    assert_eq!(
        wire.switch[1],
        SwitchEvent::Established { call: call.clone(), at: PartyKind::Device(device(1)) }
    );
    let cause = model::Cause::Normal;
    assert_eq!(wire.switch[2], SwitchEvent::ConnectionCleared { call, at: outside("16505067000"), cause });
    assert_eq!(wire.switch.len(), 4);
    wire.floor(AgentState::Ready);
    assert_eq!(wire.words(), ["ready"]);
}

#[test]
fn a_call_that_the_desks_hub_requests_is_made_by_the_other_hub() {
    let mut wire = Wire::new();
    wire.words();
    wire.switch.clear();
    let to = Number::new("+16505067000").unwrap();
    let requested = SwitchRequest::MakeCall { device: device(1), to, data: Default::default() };
    wire.desk.step(&Step::Hub(FromHub::Requested { request: RequestId(1), requested }));
    wire.carry();
    assert_eq!(wire.words(), ["dial"]);
    // The switch behind the other end does not answer.
    wire.pass(Duration::from_secs(2));
    assert_eq!(wire.answers, [SwitchAnswer::Done { call: None }]);
    wire.phone(dials(1, 1));
    wire.phone(becomes(1, 1, ConversationState::Dialing, true));
    assert!(matches!(&wire.switch[0], SwitchEvent::Originated { call, .. } if *call == source(1)));
    assert!(
        matches!(&wire.switch[1], SwitchEvent::Delivered(delivery) if delivery.at == outside("16505067000"))
    );
    wire.phone(closes(1, 1));
    assert!(matches!(&wire.switch[2], SwitchEvent::Failed { call, .. } if *call == source(1)));
}

#[test]
fn a_telephony_end_that_was_started_again_is_found_and_its_live_call_goes_on() {
    let mut wire = Wire::new();
    wire.phone(rings(1, 1));
    wire.phone(becomes(1, 1, ConversationState::Talking, true));
    wire.floor(AgentState::Busy);
    wire.words();
    wire.switch.clear();
    wire.up = false;
    wire.pass(Duration::from_secs(30));
    wire.pass(Duration::from_secs(5));
    assert!(matches!(wire.switch[0], SwitchEvent::LinkDown { .. }));
    wire.telephony = telephony();
    wire.callouts.clear();
    wire.phone(rings(1, 1));
    wire.phone(becomes(1, 1, ConversationState::Talking, true));
    wire.up = true;
    wire.pass(Duration::from_secs(5));
    assert!(matches!(&wire.switch[1], SwitchEvent::LinkUp { calls, .. } if calls.len() == 1));
    assert_eq!(wire.words(), ["sign-in"]);
    wire.pass(Duration::from_secs(20));
    assert_eq!(wire.switch.len(), 2, "the call was announced again, so it is not lost: {:?}", wire.switch);
    wire.phone(closes(1, 1));
    assert!(matches!(wire.switch[2], SwitchEvent::ConnectionCleared { .. }));
}

#[test]
fn an_agent_who_leaves_is_logged_out_and_unregistered() {
    let mut wire = Wire::new();
    wire.words();
    wire.floor(AgentState::SignedOut);
    assert_eq!(wire.words(), ["sign-out"]);
    assert_eq!(wire.telephony.session().registrations(), 0);
}
