//! A faulty CTI client and a faulty bridge: a proxy between a node and the run that makes one mistake.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use conform::{Report, Steps, Terms, harmony};
use serde_json::{Value, json};

use super::{
    deviations, harmony_agent, harmony_desk, harmony_desk_steps, harmony_phones, harmony_ring, is_found,
    loopback, run,
    support::{Home, free_port},
    terms,
};

/// Changes a message of the client. Returns the bytes that are sent in its place; messages can be held back.
type Change = fn(&mut Vec<Value>, Value) -> Vec<u8>;

/// Mistakes, and the requirements from which they deviate.
const MISTAKES: &[(Change, &[&str])] = &[
    (|_, message| frame(&message), &[]),
    // Wrong framing.
    (|_, message| frame(&message).into_iter().chain(*b"\n").collect(), &["HARMONY-T-02"]),
    (|_, message| little(&message), &["HARMONY-T-02"]),
    // Missing fields.
    (|_, message| frame(&without(message, "name")), &["HARMONY-T-03"]),
    (|_, message| frame(&without(message, "errorMessage")), &["HARMONY-T-05"]),
    (
        |_, message| if is(&message, "control.status") { Vec::new() } else { frame(&message) },
        &["HARMONY-T-09"],
    ),
    // A wrong result.
    (|_, message| frame(&with(message, "result", "OK")), &["HARMONY-T-04"]),
    (
        |_, message| frame(&with(message, "requestId", "00000000-0000-0000-0000-000000000000")),
        &["HARMONY-T-04", "HARMONY-T-06"],
    ),
    // Twice.
    (|_, message| [frame(&message), frame(&message)].concat(), &["HARMONY-T-07"]),
    // A wrong order. The repeated request has no event after which its response is sent.
    (swapped, &["HARMONY-T-28", "HARMONY-T-23", "HARMONY-T-07"]),
];

/// Mistakes of a client after the greeting and in calls. Each is one message.
const LATER: &[(Change, &[&str])] = &[
    (|_, message| missing(&message, "control.query.capabilities"), &["HARMONY-T-11"]),
    (|_, message| named(message, "control.query.validateagent", "result", "SUCCESS"), &["HARMONY-T-13"]),
    (|_, message| has(message, "control.query.agentinfo", "id", json!("7")), &["HARMONY-T-15"]),
    (|_, message| has(message, "control.request.createsession", "nativeid", json!("")), &["HARMONY-T-16"]),
    (|_, message| has(message, "session.query.init", "channel-groups", Value::Null), &["HARMONY-T-17"]),
    (|_, message| has(message, "channelgroup.query.init", "channels", Value::Null), &["HARMONY-T-18"]),
    (|_, message| has(message, "channel.query.init", "login-state", json!("ON")), &["HARMONY-T-19"]),
    (|_, message| missing(&message, "channel.ready"), &["HARMONY-T-26"]),
    (|_, message| missing(&message, "channel.notready"), &["HARMONY-T-27"]),
    (|_, message| has(message, "channel.interaction", "type", json!("FAX")), &["HARMONY-T-29"]),
    (
        |_, message| has(message, "interaction.query.init", "interaction-state", json!("NEW")),
        &["HARMONY-T-30"],
    ),
    (|_, message| has(message, "interaction.query.init", "conversations", Value::Null), &["HARMONY-T-31"]),
    (|_, message| has(message, "conversation.query.init", "members", Value::Null), &["HARMONY-T-32"]),
    (|_, message| missing(&message, "interaction.started"), &["HARMONY-T-33"]),
    (|_, message| missing(&message, "conversation.held"), &["HARMONY-T-34"]),
    (|_, message| has(message, "interaction.query.data", "interaction-data", json!({})), &["HARMONY-T-36"]),
    (
        |_, message| named(message, "interaction.request.consulttransfer", "result", "SUCCESS"),
        &["HARMONY-T-37"],
    ),
    (|_, message| has(message, "interaction.request.consult", "nativeid", json!("")), &["HARMONY-T-38"]),
    (|_, message| missing(&message, "conversation.disposed"), &["HARMONY-T-41"]),
    (|_, message| missing(&message, "interaction.ended"), &["HARMONY-T-42"]),
    (|_, message| missing(&message, "interaction.disposed"), &["HARMONY-T-43"]),
];

/// Mistakes of a bridge.
const BRIDGE: &[(Change, &[&str])] = &[
    (|_, message| frame(&message), &[]),
    (|_, message| frame(&message).into_iter().chain(*b"\n").collect(), &["HARMONY-D-02"]),
    (|_, message| frame(&without(message, "name")), &["HARMONY-D-03"]),
    (
        |_, message| frame(&with(message, "requestId", "00000000-0000-4000-8000-000000000000")),
        &["HARMONY-D-04"],
    ),
    (|_, message| missing(&message, "control.query.capabilities"), &["HARMONY-D-07"]),
    (|_, message| has(message, "control.query.validateagent", "password", json!("x")), &["HARMONY-D-09"]),
    (|_, message| has(message, "control.query.agentinfo", "id", json!("7")), &["HARMONY-D-10"]),
    (|_, message| has(message, "control.request.createsession", "agent", Value::Null), &["HARMONY-D-11"]),
    (|_, message| has(message, "session.query.init", "chat", Value::Null), &["HARMONY-D-13"]),
    (
        |_, message| has(message, "session.request.createchannelgroup", "nativeid", json!("7")),
        &["HARMONY-D-14"],
    ),
    (
        |_, message| has(message, "channelgroup.request.createchannel", "type", json!("FAX")),
        &["HARMONY-D-16"],
    ),
    (|_, message| missing(&message, "channel.request.ready"), &["HARMONY-D-19"]),
    (|_, message| has(message, "channel.request.notready", "reason", Value::Null), &["HARMONY-D-20"]),
    (
        |_, message| has(message, "channel.request.createinteraction", "nativeid", json!("7")),
        &["HARMONY-D-21"],
    ),
    (
        |_, message| has(message, "interaction.request.createconversation", "nativeid", json!("7")),
        &["HARMONY-D-23"],
    ),
    (|_, message| missing(&message, "conversation.request.answer"), &["HARMONY-D-25"]),
    (|_, message| missing(&message, "conversation.request.release"), &["HARMONY-D-26"]),
    (|_, message| has(message, "channel.request.dial", "destination", json!("")), &["HARMONY-D-27"]),
    (|_, message| missing(&message, "session.request.dispose"), &["HARMONY-D-29"]),
    (|_, message| missing(&message, "session.request.logout"), &["HARMONY-D-31"]),
];

/// Leaves out a message.
fn missing(message: &Value, name: &str) -> Vec<u8> {
    if is(message, name) { Vec::new() } else { frame(message) }
}

/// Changes a key in the body of a message.
fn has(mut message: Value, name: &str, key: &str, value: Value) -> Vec<u8> {
    if is(&message, name) {
        message["body"][key] = value;
    }
    frame(&message)
}

/// Changes a key in the header of a message.
fn named(message: Value, name: &str, key: &str, value: &str) -> Vec<u8> {
    if is(&message, name) { frame(&with(message, key, value)) } else { frame(&message) }
}

fn frame(message: &Value) -> Vec<u8> {
    let bytes = message.to_string().into_bytes();
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], &bytes].concat()
}

fn little(message: &Value) -> Vec<u8> {
    let bytes = message.to_string().into_bytes();
    [&u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], &bytes].concat()
}

fn is(message: &Value, name: &str) -> bool {
    message["header"]["name"] == name
}

fn without(mut message: Value, key: &str) -> Value {
    message["header"].as_object_mut().unwrap().remove(key);
    message
}

fn with(mut message: Value, key: &str, value: &str) -> Value {
    message["header"][key] = value.into();
    message
}

/// The response to a request for ready comes after its event.
fn swapped(held: &mut Vec<Value>, message: Value) -> Vec<u8> {
    if is(&message, "channel.request.ready") {
        held.push(message);
        return Vec::new();
    }
    std::iter::once(message).chain(held.drain(..)).flat_map(|message| frame(&message)).collect()
}

/// How many mistakes are made at the same time.
const SIDE_BY_SIDE: usize = 6;

#[test]
fn mistakes_of_a_client_are_found() {
    each(MISTAKES, |change| client(change, false));
}

#[test]
fn mistakes_of_a_client_in_calls_are_found() {
    each(LATER, |change| client(change, true));
}

#[test]
fn mistakes_of_a_bridge_are_found() {
    each(BRIDGE, bridge);
}

/// Makes each mistake and checks that it is found.
fn each(mistakes: &[(Change, &[&str])], report: impl Fn(Change) -> Report + Sync) {
    let check = |(change, found): &(Change, &[&str])| {
        let report = report(*change);
        let came = deviations(&report);
        (!is_found(found, &report)).then(|| format!("expected {found:?}, came {came:?}: {}", report.text()))
    };
    let all = std::sync::Mutex::new(Vec::new());
    let (wrong, check) = (&all, &check);
    thread::scope(|scope| {
        for part in mistakes.chunks(mistakes.len().div_ceil(SIDE_BY_SIDE)) {
            scope.spawn(move || {
                let own: Vec<String> = part.iter().filter_map(check).collect();
                wrong.lock().unwrap().extend(own);
            });
        }
    });
    let wrong = all.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn patience() -> Terms {
    Terms { timeout: std::time::Duration::from_secs(4), ..terms() }
}

/// Tests a client with this mistake.
fn client(change: Change, calls: bool) -> Report {
    let (bridge, proxy) = (free_port(), free_port());
    relay(proxy, bridge, change, true);
    let home = Home::new();
    let node = harmony_phones(&home, proxy);
    let steps = if calls { harmony_ring(node.http) } else { Steps::default() };
    let client = harmony::Client { listen: loopback(bridge), agent: harmony_agent() };
    run(harmony::telephony(client, &steps, &patience())).unwrap()
}

/// Tests a bridge with this mistake.
fn bridge(change: Change) -> Report {
    let (bridge, proxy) = (free_port(), free_port());
    relay(proxy, bridge, change, false);
    let home = Home::new();
    let node = harmony_desk(&home, bridge);
    let tested = harmony::Bridge { to: format!("127.0.0.1:{proxy}"), agent: harmony_agent() };
    run(harmony::desk(tested, &harmony_desk_steps(node.http), &patience()))
}

/// Accepts the client and connects to the bridge. The messages of one of them are changed.
fn relay(from: u16, to: u16, change: Change, of_client: bool) {
    let listener = TcpListener::bind(("127.0.0.1", from)).unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let Ok(bridge) = TcpStream::connect(("127.0.0.1", to)) else { continue };
            let (faulty, good) = if of_client { (client, bridge) } else { (bridge, client) };
            let (mut reader, mut writer) = (good.try_clone().unwrap(), faulty.try_clone().unwrap());
            thread::spawn(move || {
                let _ = std::io::copy(&mut reader, &mut writer);
                // The other end learns that the connection has ended.
                let _ = writer.shutdown(std::net::Shutdown::Write);
            });
            thread::spawn(move || {
                let (ended, peer) = (good.try_clone().unwrap(), faulty);
                let _ = changed(peer, good, change);
                let _ = ended.shutdown(std::net::Shutdown::Write);
            });
        }
    });
}

fn changed(mut faulty: TcpStream, mut good: TcpStream, change: Change) -> Option<()> {
    let mut held = Vec::new();
    loop {
        let mut length = [0; 4];
        faulty.read_exact(&mut length).ok()?;
        let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
        faulty.read_exact(&mut bytes).ok()?;
        let message = serde_json::from_slice(&bytes).unwrap();
        good.write_all(&change(&mut held, message)).ok()?;
    }
}
