//! The session contract, tested on the desk end with valid and invalid messages.

use bytes::Bytes;
use cordboard_ari::{Answer, DeskConfig, DeskSession};
use model::{Secret, SwitchId};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};
use serde_json::{Value, json};
use session::suite::{self, Step, Streams, TestBench};
use uuid::Uuid;

const INSTANCE: Uuid = Uuid::from_u128(9 << 64);

/// Channels of callers, and channels that the session created, with the ids that it counts.
fn ids() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (0..6_u8).prop_map(|number| format!("17952350{number}.0")),
        6 => (1..90_u8).prop_map(|count| format!("cordboard-{}-leg-{count:06}", INSTANCE.simple())),
        1 => "[ -~]{0,12}",
    ]
}

fn channels() -> impl Strategy<Value = Value> {
    let names = select(vec!["PJSIP/70001-00000001", "PJSIP/70002-00000002", "PJSIP/trunk-00000003", "x"]);
    let states = select(vec!["Down", "Ring", "Ringing", "Up", "Busy"]);
    let data =
        select(vec!["cordboard,queue,7700,account=1", "cordboard,leg", "cordboard,dial,70002", "other", ""]);
    (ids(), names, states, data).prop_map(|(id, name, state, data)| {
        json!({
            "id": id, "name": name, "state": state, "caller": { "name": "", "number": "14155550100" },
            "dialplan": { "exten": "7700", "app_name": "Stasis", "app_data": data },
        })
    })
}

fn events() -> impl Strategy<Value = Value> {
    let args = select(vec![
        json!(["queue", "7700", "account=1"]),
        json!(["queue", "7700"]),
        json!(["device", "70001"]),
        json!(["dial", "70002"]),
        json!(["leg"]),
        json!([]),
    ]);
    let kinds = select(vec![
        "StasisStart",
        "StasisStart",
        "StasisEnd",
        "ChannelStateChange",
        "ChannelStateChange",
        "ChannelDestroyed",
        "ChannelHold",
        "ChannelUnhold",
        "ChannelVarset",
        "ApplicationReplaced",
    ]);
    (kinds, args, channels(), 0..40_u32).prop_map(|(kind, args, channel, cause)| {
        json!({ "type": kind, "args": args, "channel": channel, "cause": cause, "application": "cordboard" })
    })
}

fn pieces() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        20 => events().prop_map(|event| Bytes::from(event.to_string())),
        1 => vec(any::<u8>(), 0..40).prop_map(Bytes::from),
        1 => Just(Bytes::from_static(b"{\"type\":\"StasisStart\"}")),
    ]
}

fn responses() -> impl Strategy<Value = http::Response<Bytes>> {
    let note =
        json!({ "value": json!({ "party": { "at": { "device": "70001" } }, "calls": [] }).to_string() });
    let body = prop_oneof![
        4 => vec(channels(), 0..4).prop_map(|channels| json!(channels)),
        2 => Just(json!([{ "id": "cordboard-call-179523500.0", "channels": ["179523500.0"] }])),
        1 => Just(note),
        1 => Just(json!({ "message": "Channel not found" })),
    ];
    let status =
        prop_oneof![8 => Just(200_u16), 4 => Just(204), 1 => Just(404), 1 => Just(409), 1 => Just(500)];
    let sense = (status, body).prop_map(|(status, body)| {
        http::Response::builder().status(status).body(Bytes::from(body.to_string())).unwrap()
    });
    prop_oneof![9 => sense, 1 => suite::response()]
}

/// Steps of the WebSocket and of requests, in any order.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let socket = suite::stream_steps(Streams::Out, pieces(), 80);
    let requests = suite::steps(suite::request(), responses(), 80);
    (socket, requests, vec(any::<bool>(), 160)).prop_map(|(socket, requests, order)| {
        let (mut socket, mut requests) = (socket.into_iter(), requests.into_iter());
        let next = |first: bool| if first { socket.next() } else { requests.next() };
        beginning().into_iter().chain(order.into_iter().filter_map(next)).collect()
    })
}

/// The connection is open, and Asterisk has no channels yet.
fn beginning() -> Vec<Step> {
    let empty = || http::Response::new(Bytes::from_static(b"[]"));
    let from = ([127, 0, 0, 1], 8088).into();
    let answers = (0..3).map(|_| Step::Respond(0, empty()));
    [Step::Hub(suite::hub_snapshot()), Step::Connected(0, Ok(from))].into_iter().chain(answers).collect()
}

fn desk(answer: Answer) -> DeskSession {
    let trunk = Some("PJSIP/{number}@trunk".to_owned());
    let config = DeskConfig { trunk, answer, ..DeskConfig::new("127.0.0.1:8088", Secret::new("x")) };
    DeskSession::new(config, SwitchId::new("pbx").unwrap(), INSTANCE).unwrap()
}

#[test]
fn the_beginning_brings_the_link_up() {
    let mut bench = TestBench::start(desk(Answer::AtPhone));
    beginning().iter().for_each(|step| bench.step(step));
    assert!(bench.session().is_up());
}

#[test]
fn the_desk_end_keeps_the_contract() {
    let both = (steps(), select(vec![Answer::AtPhone, Answer::FromDesk]));
    let run = TestRunner::default().run(&both, |(steps, answer)| {
        suite::check(|| desk(answer), DeskSession::held, 10_000, &steps);
        Ok(())
    });
    run.unwrap();
}
