//! Faulty and malicious peers: each gets the right FAILURE or is disconnected, memory is bounded, and all others are unaffected.

use std::sync::Arc;

use bytes::Bytes;
use cordboard_harmony::{
    DeskConfig, DeskSession, TelephonyConfig, TelephonySession, WireConfig,
    wire::{Answer, Envelope, MessageKind},
};
use model::{AgentEvent, Event, Record, Seq, SwitchId, Timestamp};
use serde_json::{Value, json};
use session::{
    FromHub, Link, Output, ToHub, ToStream,
    suite::{self, Step, TestBench},
};
use uuid::Uuid;

fn config() -> TelephonyConfig {
    TelephonyConfig { processor: "DEMO".into(), ..TelephonyConfig::default() }
}

fn framed(contents: &[u8]) -> Bytes {
    wire::frame::encode(WireConfig::default().format(), contents).unwrap()
}

fn message(kind: &str, name: &str, target: &str, id: Option<&str>, body: Value) -> Bytes {
    let mut header = json!({ "type": kind, "name": name, "target": target });
    if let Some(id) = id {
        header["requestId"] = id.into();
    }
    if kind == "cti.response" {
        header["result"] = "SUCCESS".into();
    }
    framed(json!({ "header": header, "body": body }).to_string().as_bytes())
}

/// What was sent on a link since the last call, and why the link was closed, if it was.
fn received<S: session::Session<Transport = session::Stream>>(
    bench: &mut TestBench<S>,
) -> (Vec<Envelope>, Option<String>) {
    let (mut envelopes, mut ended) = (Vec::new(), None);
    for output in bench.take() {
        match output {
            Output::Peer(ToStream::Send { bytes, .. }) => {
                envelopes.push(Envelope::parse(&bytes[4..]).unwrap())
            }
            Output::Peer(ToStream::Disconnect { why, .. }) => ended = Some(why),
            Output::Hub(_) | Output::Peer(ToStream::Connect { .. }) => {}
        }
    }
    (envelopes, ended)
}

fn desk() -> (TestBench<DeskSession>, Link) {
    let config = DeskConfig::default();
    let session = DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(8 << 64)).unwrap();
    let mut bench = TestBench::start(session);
    let link = bench.connect("10.0.0.1:5000".parse().unwrap());
    let (greeting, ended) = received(&mut bench);
    assert_eq!((greeting.len(), ended), (2, None));
    (bench, link)
}

fn client() -> (TestBench<TelephonySession>, Link) {
    let session = TelephonySession::new(config(), Uuid::from_u128(7 << 64)).unwrap();
    let mut bench = TestBench::start(session);
    let snapshot = suite::hub_snapshot();
    bench.step(&Step::Hub(snapshot));
    let link = bench.connecting()[0];
    bench.connected(link, Ok("10.0.0.1:7850".parse().unwrap()));
    bench.forget();
    (bench, link)
}

/// The desk end's reaction to one piece.
fn ends(piece: Bytes) -> Option<String> {
    let (mut bench, link) = desk();
    bench.receive(link, piece);
    let (_, ended) = received(&mut bench);
    assert!(bench.session().held() < 10);
    ended
}

#[test]
fn what_cannot_be_read_ends_the_connection() {
    let four_gigabytes = Bytes::from_static(&[0xff; 4]);
    assert_eq!(ends(four_gigabytes).unwrap(), "a frame has 4294967295 bytes; the maximum is 1048576");
    assert!(ends(framed(b"{\"header\":{\"type\":\"\xff\"}}")).unwrap().contains("not a JSON object"));
    let deep =
        r#"{"header":{"type":"cti.event","name":"n","target":"t"},"body":"#.to_owned() + &"[".repeat(200_000);
    assert!(ends(framed(deep.as_bytes())).unwrap().contains("recursion limit"));
    assert!(ends(framed(b"[]")).is_some());
    assert!(ends(framed(br#"{"body":{}}"#)).unwrap().contains("missing field `header`"));
    assert!(ends(framed(br#"{"header":{"type":1,"name":"n","target":"t"}}"#)).is_some());
    let wrong = message("cti.news", "n", "t", None, Value::Null);
    assert!(ends(wrong).unwrap().contains(r#"the header type is "cti.news""#));
    let long = message("cti.event", &"n".repeat(600), "t", None, Value::Null);
    assert_eq!(ends(long).unwrap(), "the header name has 600 bytes, at most 512 are allowed");
}

#[test]
fn what_means_nothing_is_passed_over() {
    assert_eq!(ends(Bytes::from_static(&[0; 4])), None);
    let to_nothing = message("cti.response", "x", "DEMO.CONTROL", Some("never asked"), json!({}));
    assert_eq!(ends(to_nothing), None);
    assert_eq!(ends(message("cti.event", "none.at.all", "DEMO.CONTROL", None, json!({}))), None);
    assert_eq!(ends(message("cti.event", "channel.ready", "DEMO.s9.g9.c9", None, json!({}))), None);
    assert_eq!(
        ends(message("cti.event", "control.status", "DEMO.CONTROL", None, json!({ "status": 7 }))),
        None
    );
    assert_eq!(ends(message("cti.request", "channel.query.init", "DEMO.s1", Some("1"), json!([]))), None);
}

/// Answers each of these requests, as a client without objects.
fn answer(bench: &mut TestBench<DeskSession>, link: Link, requests: &[Envelope]) {
    for envelope in requests {
        let MessageKind::Request { id, .. } = &envelope.kind else { panic!("{envelope:?}") };
        bench.receive(link, message("cti.response", &envelope.name, &envelope.target, Some(id), json!({})));
    }
}

/// Connects a second client and answers for it.
fn second(bench: &mut TestBench<DeskSession>) -> Link {
    let second = bench.connect("10.0.0.2:5000".parse().unwrap());
    let (requests, _) = received(bench);
    assert_eq!(requests.len(), 2);
    answer(bench, second, &requests);
    second
}

/// A client that has answered the first requests.
fn client_of_a_desk() -> (TestBench<DeskSession>, Link) {
    let session =
        DeskSession::new(DeskConfig::default(), SwitchId::new("pbx").unwrap(), Uuid::from_u128(8 << 64));
    let mut bench = TestBench::start(session.unwrap());
    let link = bench.connect("10.0.0.1:5000".parse().unwrap());
    let (requests, _) = received(&mut bench);
    answer(&mut bench, link, &requests);
    (bench, link)
}

#[test]
fn a_second_client_is_sent_away_when_the_first_answers() {
    let (mut bench, first) = client_of_a_desk();
    let second = second(&mut bench);
    let (requests, ended) = received(&mut bench);
    assert_eq!((requests.len(), ended), (1, None), "the first one is asked whether it lives");
    answer(&mut bench, first, &requests);
    assert_eq!(received(&mut bench).1.unwrap(), "another client is connected and alive");
    bench.disconnect(second);
    bench.pass(std::time::Duration::from_secs(20));
    assert!(received(&mut bench).1.is_none());
}

#[test]
fn a_second_client_takes_the_place_of_one_that_is_silent() {
    let (mut bench, _) = client_of_a_desk();
    let second = second(&mut bench);
    received(&mut bench);
    bench.pass(std::time::Duration::from_secs(5));
    assert_eq!(received(&mut bench).1.unwrap(), "silent while another client is waiting");
    bench.receive(
        second,
        message("cti.event", "control.status", "DEMO.CONTROL", None, json!({ "status": "STARTED" })),
    );
    assert!(bench.session().is_up());
}

#[test]
fn a_silent_client_keeps_nobody_out() {
    let (mut bench, _) = desk();
    for index in 0..20 {
        bench.connect(format!("10.0.0.{}:5000", 10 + index).parse().unwrap());
    }
    received(&mut bench);
    let second = second(&mut bench);
    bench.receive(
        second,
        message("cti.event", "control.status", "DEMO.CONTROL", None, json!({ "status": "STARTED" })),
    );
    assert!(bench.session().is_up());
    assert!(bench.session().held() < 20);
    bench.pass(std::time::Duration::from_secs(10));
    assert_eq!(received(&mut bench).1.unwrap(), "no response to the first requests");
    assert!(bench.session().is_up());
}

#[test]
fn no_password_goes_to_somebody_who_has_not_answered() {
    let credentials = (1..=4).map(|index| {
        let password = model::Secret::new("s3cr3t");
        cordboard_harmony::Credentials { acd_id: format!("700{index}").into(), password }
    });
    let config = DeskConfig { agents: credentials.collect(), ..DeskConfig::default() };
    let session = DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(8 << 64)).unwrap();
    let mut bench = TestBench::start(session);
    bench.step(&Step::Hub(suite::hub_snapshot()));
    let event = Event::Agent(AgentEvent::SignedIn {
        agent: "1001".parse().unwrap(),
        device: "70001".parse().unwrap(),
        switch: SwitchId::new("pbx").unwrap(),
        queues: Vec::new(),
    });
    let record = Record { seq: Seq(9_999), at: Timestamp(1), origin: None, event };
    bench.step(&Step::Hub(FromHub::Event(Arc::new(record))));
    bench.forget();
    let link = bench.connect("10.0.0.1:5000".parse().unwrap());
    let (requests, _) = received(&mut bench);
    let started =
        || message("cti.event", "control.status", "DEMO.CONTROL", None, json!({ "status": "STARTED" }));
    bench.receive(link, started());
    answer(&mut bench, link, &requests[..1]);
    bench.receive(link, started());
    assert!(received(&mut bench).0.is_empty());
    answer(&mut bench, link, &requests[1..]);
    let (requests, _) = received(&mut bench);
    assert!(requests.iter().any(|envelope| envelope.body.to_string().contains("s3cr3t")), "{requests:?}");
}

#[test]
fn a_client_that_never_answers_is_sent_away() {
    let (mut bench, _) = desk();
    bench.pass(std::time::Duration::from_secs(10));
    assert_eq!(received(&mut bench).1.unwrap(), "no response to the first requests");
    let (mut bench, _) = client_of_a_desk();
    bench.pass(std::time::Duration::from_secs(30));
    received(&mut bench);
    bench.pass(std::time::Duration::from_secs(31));
    assert_eq!(received(&mut bench).1.unwrap(), "no response to the request for its status");
}

#[test]
fn a_client_is_up_when_it_has_started_and_sent_its_capabilities() {
    let (mut bench, link) = desk();
    let id = |count: u128| Uuid::from_u128((8 << 64) ^ count).to_string();
    let response =
        |name: &str, count| message("cti.response", name, "DEMO.CONTROL", Some(&id(count)), json!({}));
    bench.receive(link, response("control.request.status", 1));
    // Another name than that of the request: only the id is compared.
    bench.receive(link, response("interaction.request.reject", 2));
    assert!(!bench.session().is_up());
    bench.receive(
        link,
        message("cti.event", "control.status", "DEMO.CONTROL", None, json!({ "status": "started" })),
    );
    assert!(bench.session().is_up());
    let up = bench.take().into_iter().any(|output| matches!(output, Output::Hub(ToHub::Switch(_))));
    assert!(up);
    bench.receive(
        link,
        message("cti.event", "control.status", "DEMO.CONTROL", None, json!({ "status": "DISCONNECTED" })),
    );
    assert!(!bench.session().is_up());
}

#[test]
fn a_bridge_gets_what_is_wrong_with_its_requests() {
    let (mut bench, link) = client();
    let mut failure = |name: &str, target: &str, body: Value| {
        bench.receive(
            link,
            message("cti.request", name, target, Some(&format!("{name}{target}{body}")), body),
        );
        match received(&mut bench).0.remove(0).kind {
            MessageKind::Response { answer: Answer::Failure(text), .. } => text,
            other @ (MessageKind::Request { .. } | MessageKind::Response { .. } | MessageKind::Event) => {
                panic!("{other:?}")
            }
        }
    };
    assert_eq!(failure("session.query.init", "DEMO.s1", json!({})), "unknown target");
    assert_eq!(failure("control.request.dance", "DEMO.CONTROL", json!({})), "unsupported request");
    assert_eq!(failure("channel.request.ready", "DEMO.CONTROL", json!({})), "unsupported request");
    assert_eq!(failure("control.query.agentinfo", "DEMO.CONTROL", json!({})), "the body has no id");
    let text = failure("control.query.agentinfo", "DEMO.CONTROL", json!({ "id": 1 }));
    assert_eq!(text, "id in the body is not a text of at most 1,024 bytes");
    let nobody = json!({ "id": "nobody", "password": "x" });
    let text = failure("control.query.validateagent", "DEMO.CONTROL", nobody);
    assert_eq!(text, "the credentials of agent nobody are not accepted");
}

#[test]
fn a_request_that_comes_twice_is_answered_twice_the_same() {
    let (mut bench, link) = client();
    let request =
        message("cti.query", "control.query.agentinfo", "DEMO.CONTROL", Some("A-b"), json!({ "id": "7001" }));
    bench.receive(link, request.clone());
    let first = received(&mut bench).0;
    bench.receive(link, request);
    assert_eq!(received(&mut bench).0, first);
    assert!(matches!(&first[0].kind, MessageKind::Response { id, answer: Answer::Success } if id == "A-b"));
}

#[test]
fn the_client_calls_again_with_longer_pauses() {
    let session = TelephonySession::new(config(), Uuid::from_u128(7 << 64)).unwrap();
    let mut bench = TestBench::start(session);
    bench.step(&Step::Hub(suite::hub_snapshot()));
    for pause_ms in [1_000, 2_000, 5_000, 10_000, 30_000, 30_000] {
        let link = bench.connecting()[0];
        bench.connected(link, Err("refused".to_owned()));
        bench.pass(std::time::Duration::from_millis(pause_ms - 1));
        assert!(bench.connecting().is_empty(), "{pause_ms}");
        bench.pass(std::time::Duration::from_millis(1));
        assert_eq!(bench.connecting().len(), 1, "{pause_ms}");
    }
}
