//! Limits: each error names the limit that was exceeded.

use cordboard_simulated::{Config, Switch};
use model::{Data, SwitchRequest};
use serde_json::json;

use crate::{
    room::{CUSTOMER, Room, config, device, number},
    services::{answer, clear, consult, make, talking},
};

#[test]
fn calls_are_bounded() {
    let mut room = Room::with(Config { calls_max: 1, ..config() });
    room.customer("7700");
    let text = "the number of calls is 2; the maximum is 1";
    assert_eq!(room.request(make("1001", "1002")), [format!("1: refused failed: {text}")]);
    let (status, problem) = room.http("POST", "/calls", &json!({"to": "7700"}));
    assert_eq!((status, problem["code"].as_str()), (429, Some("too-many")));
    assert_eq!(problem["detail"], text);
}

#[test]
fn calls_at_one_phone_are_bounded() {
    let mut room = Room::with(Config { calls_per_device_max: 2, ..config() });
    room.customer("1001");
    room.customer("1001");
    assert_eq!(room.request(make("1002", "1001")), ["1: refused busy: device 1001 is busy"]);
    let (status, problem) = room.http("POST", "/calls", &json!({"to": "1001"}));
    assert_eq!((status, problem["detail"].as_str()), (409, Some("device 1001 is busy")));
}

#[test]
fn parties_are_bounded() {
    let mut room = Room::with(Config { parties_max: 2, ..config() });
    room.customer("1001");
    room.given(answer("1001", 1));
    room.given(consult("1001", 1, "1002"));
    room.given(answer("1002", 2));
    let (primary, consult) = (crate::room::call(1), crate::room::call(2));
    let requested = SwitchRequest::ConferenceCall { device: device("1001"), primary, consult };
    let text = "the number of parties in a call is 3; the maximum is 2";
    assert_eq!(room.request(requested), [format!("4: refused failed: {text}")]);
}

#[test]
fn data_is_bounded() {
    let mut room = Room::with(Config { data_bytes_max: 5, ..config() });
    let mut data = Data::new();
    data.set("case", "42").unwrap();
    let requested = SwitchRequest::MakeCall { device: device("1001"), to: number("1002"), data };
    let text = "the size of the data in bytes is 6; the maximum is 5";
    assert_eq!(room.request(requested), [format!("1: refused failed: {text}")]);
}

#[test]
fn a_callers_name_is_bounded() {
    let body = json!({"to": "7700", "name": "x".repeat(257)});
    let (status, problem) = Room::open().http("POST", "/calls", &body);
    let text = "the size of the caller's name in bytes is 257; the maximum is 256";
    assert_eq!((status, problem["detail"].as_str()), (429, Some(text)));
}

#[test]
fn a_body_is_bounded() {
    let body = json!({"to": "7700", "data": {"x": "y".repeat(1 << 20)}});
    let (status, problem) = Room::open().http("POST", "/calls", &body);
    assert_eq!((status, problem["code"].as_str()), (429, Some("too-many")));
}

#[test]
fn answers_that_are_remembered_are_bounded() {
    let mut room = Room::with(Config { answers_max: 1, ..config() });
    room.given(make("1001", "1002"));
    room.given(clear("1001", 1));
    assert_eq!(room.request_as(1, make("1001", "1002"))[0], "1: done c2", "the answer was forgotten");
}

#[test]
fn devices_and_queues_are_bounded() {
    let devices = (0..100_001).map(|id| device(&id.to_string())).collect();
    let error = Switch::new(Config { devices, ..Config::default() }).unwrap_err().to_string();
    assert_eq!(error, "the number of devices is 100001; the maximum is 100000");
    let queues = (0..10_001).map(|id| crate::room::queue(&id.to_string())).collect();
    let error = Switch::new(Config { queues, ..Config::default() }).unwrap_err().to_string();
    assert_eq!(error, "the number of queues is 10001; the maximum is 10000");
}

#[test]
fn a_phone_that_answers_has_to_be_a_phone() {
    let config = Config { auto_answer: vec![device("4711")], ..Config::default() };
    assert_eq!(Switch::new(config).unwrap_err().to_string(), "device 4711 does not exist");
}

#[test]
fn what_is_over_leaves_nothing_behind() {
    let mut room = talking();
    room.call_in(json!({"from": CUSTOMER, "to": "1002", "patience_ms": 1_000_000}));
    room.given(clear("1001", 1));
    room.given(clear("1002", 2));
    assert_eq!(room.deadline(), None, "no alarm outlives its call");
}
