//! The session contract, tested on both ends with valid and invalid messages.

use bytes::Bytes;
use cordboard_harmony::{
    Credentials, DeskConfig, DeskSession, TelephonyConfig, TelephonySession, WireConfig,
    wire::{
        Answer, Envelope, MessageKind, Word, Words,
        words::{EventName, RequestName},
    },
};
use model::{Secret, SwitchId};
use proptest::{collection::vec, option, prelude::*, sample::select, test_runner::TestRunner};
use serde_json::{Value, json};
use session::suite::{self, Streams};
use uuid::Uuid;

const TARGETS: [&str; 8] = [
    "DEMO.CONTROL",
    "DEMO.s1",
    "DEMO.s5",
    "DEMO.s5.g8",
    "DEMO.s5.g8.c11",
    "DEMO.s1.g1.c1",
    "DEMO.s1.g1.c1.i1",
    "OTHER.CONTROL",
];

fn bodies() -> impl Strategy<Value = Value> {
    let ids = || select(vec!["1", "s1", "7001", "1001", "00000000-0000-0000-0000-000000000001"]);
    let full = (ids(), ids(), option::of(select(TARGETS.to_vec()))).prop_map(|(id, native, target)| {
        json!({
            "id": id, "nativeid": native, "target": target, "type": "TELEPHONY", "destination": "+14155550100",
            "agent": { "id": "7001", "password": "demo" }, "password": "demo", "digits": "1", "status": "STARTED",
            "interaction-data": { "a": "b" }, "interaction-state": "STARTED", "login-state": "ACTIVE",
            "conversation-state": "TALKING", "conversations": { "primary": { "id": native } },
            "interactions": [{ "id": native, "type": "TELEPHONY" }], "member": { "id": native },
            "channels": [{ "end-point": "70001", "type": "TELEPHONY" }],
            "channel-groups": [{ "id": id, "name": "n", "channels": [] }],
        })
    });
    prop_oneof![
        6 => full,
        1 => Just(Value::Null),
        1 => Just(json!([1, 2])),
        1 => Just(json!({ "id": 1, "nativeid": [], "agent": "x", "channels": {}, "status": "?" })),
    ]
}

fn messages() -> impl Strategy<Value = Bytes> {
    let words = Words::new(&Default::default()).unwrap();
    let requests: Vec<String> = RequestName::ALL.iter().map(|name| words.text(*name).to_owned()).collect();
    let events: Vec<String> = EventName::ALL.iter().map(|name| words.text(*name).to_owned()).collect();
    let names: Vec<String> = requests.into_iter().chain(events).chain(["none.at.all".to_owned()]).collect();
    // The desk's ids contain a counter, so most responses match a request.
    let ids = (1..60_u128).prop_map(|count| Uuid::from_u128((8 << 64) ^ count).to_string());
    let kind = prop_oneof![
        ids.clone().prop_map(|id| MessageKind::Request { id: id.into(), query: false }),
        ids.clone().prop_map(|id| MessageKind::Response { id: id.into(), answer: Answer::Success }),
        ids.prop_map(|id| MessageKind::Response { id: id.into(), answer: Answer::Failure("no".to_owned()) }),
        Just(MessageKind::Event),
    ];
    (select(TARGETS.to_vec()), select(names), kind, bodies()).prop_map(|(target, name, kind, body)| {
        Envelope { target: target.into(), name: name.into(), kind, body }.print()
    })
}

fn pieces() -> impl Strategy<Value = Bytes> {
    let format = WireConfig::default().format();
    let framed = messages().prop_map(move |message| wire::frame::encode(format, &message).unwrap()).boxed();
    prop_oneof![
        20 => framed.clone(),
        2 => framed.prop_map(|frame| frame.slice(..frame.len() / 2)),
        1 => vec(any::<u8>(), 0..40).prop_map(Bytes::from),
        1 => Just(Bytes::from_static(&[0, 0, 0, 0])),
    ]
}

fn desk() -> DeskSession {
    let credentials =
        |index| Credentials { acd_id: format!("700{index}").into(), password: Secret::new("demo") };
    let config = DeskConfig { agents: (1..=4).map(credentials).collect(), ..DeskConfig::default() };
    DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(8 << 64)).unwrap()
}

fn telephony() -> TelephonySession {
    TelephonySession::new(TelephonyConfig::default(), Uuid::from_u128(7 << 64)).unwrap()
}

#[test]
fn the_desk_end_keeps_the_contract() {
    let steps = suite::stream_steps(Streams::In, pieces(), 60);
    let run = TestRunner::default().run(&steps, |steps| {
        suite::check(desk, DeskSession::held, 10_000, &steps);
        Ok(())
    });
    run.unwrap();
}

#[test]
fn the_telephony_end_keeps_the_contract() {
    let steps = suite::stream_steps(Streams::Out, pieces(), 60);
    let run = TestRunner::default().run(&steps, |steps| {
        suite::check(telephony, TelephonySession::held, 10_000, &steps);
        Ok(())
    });
    run.unwrap();
}

#[test]
fn envelopes_are_read_as_they_are_written() {
    let run = TestRunner::default().run(&messages(), |message| {
        let read = Envelope::parse(&message).unwrap();
        prop_assert_eq!(read.print(), message);
        Ok(())
    });
    run.unwrap();
}
