//! A faulty CTI client: a proxy between a node and the run that makes one mistake.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use conform::{Steps, harmony};
use serde_json::Value;

use crate::{
    deviations, harmony_agent, harmony_phones, loopback, run,
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

#[test]
fn mistakes_of_a_client_are_found() {
    thread::scope(|scope| {
        for (index, (change, found)) in MISTAKES.iter().enumerate() {
            scope.spawn(move || {
                let (bridge, proxy) = (free_port(), free_port());
                relay(proxy, bridge, *change);
                let home = Home::new();
                let _node = harmony_phones(&home, proxy);
                let client = harmony::Client { listen: loopback(bridge), agent: harmony_agent() };
                let terms = conform::Terms { timeout: std::time::Duration::from_secs(4), ..terms() };
                let report = run(harmony::telephony(client, &Steps::default(), &terms)).unwrap();
                let (expected, came) = (found.iter().copied().collect::<BTreeSet<_>>(), deviations(&report));
                assert!(expected.is_subset(&came), "mistake {index}: {}", report.text());
                assert!(!expected.is_empty() || came.is_empty(), "mistake {index}: {}", report.text());
            });
        }
    });
}

/// Accepts the client, and connects to the bridge.
fn relay(from: u16, to: u16, change: Change) {
    let listener = TcpListener::bind(("127.0.0.1", from)).unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let Ok(bridge) = TcpStream::connect(("127.0.0.1", to)) else { continue };
            let (mut reader, mut writer) = (bridge.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut reader, &mut writer));
            thread::spawn(move || changed(client, bridge, change));
        }
    });
}

fn changed(mut client: TcpStream, mut bridge: TcpStream, change: Change) -> Option<()> {
    let mut held = Vec::new();
    loop {
        let mut length = [0; 4];
        client.read_exact(&mut length).ok()?;
        let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
        client.read_exact(&mut bytes).ok()?;
        let message = serde_json::from_slice(&bytes).unwrap();
        bridge.write_all(&change(&mut held, message)).ok()?;
    }
}
