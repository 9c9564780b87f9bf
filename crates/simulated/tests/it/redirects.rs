//! Single-step transfer and deflection.

use model::{SwitchRequest, switch::DeflectTo};
use serde_json::json;

use crate::{
    room::{ABSENT, BUSY, CUSTOMER, FRIEND, Room, call, device, number, queue},
    services::{answer, clear, make, talking},
};

fn send(at: &str, which: u64, to: &str) -> SwitchRequest {
    SwitchRequest::SingleStepTransfer { call: call(which), device: device(at), to: number(to) }
}

fn to_phone(which: u64, from: Option<&str>, to: &str) -> SwitchRequest {
    let to = DeflectTo::Device(device(to));
    SwitchRequest::DeflectCall { call: call(which), from: from.map(device), to }
}

fn to_queue(which: u64, from: Option<&str>, to: &str) -> SwitchRequest {
    let to = DeflectTo::Queue(queue(to));
    SwitchRequest::DeflectCall { call: call(which), from: from.map(device), to }
}

/// The customer waits in queue 7700 in call 1.
fn waiting() -> Room {
    let mut room = Room::open();
    let expected = room.call_in(json!({"from": CUSTOMER, "to": "7700", "data": {"case": "42"}}));
    assert_eq!(expected, [format!("queued c1 7700 caller {CUSTOMER} dialled 7700 case=42")]);
    room
}

#[test]
fn a_step_to_a_phone() {
    let mut room = talking();
    let expected = [
        "2: done".to_owned(),
        format!("transferred 1001 c1 into c1 [{CUSTOMER}]"),
        format!("delivered c1 at 1002 caller {CUSTOMER} dialled 1001"),
    ];
    assert_eq!(room.request(send("1001", 1, "1002")), expected);
    assert_eq!(room.request(answer("1002", 1)), ["3: done", "established c1 1002"]);
}

#[test]
fn a_step_to_a_queue() {
    let expected = [
        "2: done".to_owned(),
        format!("transferred 1001 c1 into c1 [{CUSTOMER}]"),
        format!("queued c1 7701 caller {CUSTOMER} dialled 1001"),
    ];
    assert_eq!(talking().request(send("1001", 1, "7701")), expected);
}

#[test]
fn a_step_outside() {
    let mut room = talking();
    assert_eq!(
        room.request(send("1001", 1, FRIEND))[2],
        format!("delivered c1 at {FRIEND} caller {CUSTOMER} dialled 1001")
    );
    assert_eq!(room.wait(100), [format!("established c1 {FRIEND}")]);
}

#[test]
fn a_step_to_one_who_is_not_there_loses_the_customer() {
    let mut room = talking();
    room.given(send("1001", 1, ABSENT));
    let expected = [format!("cleared c1 {ABSENT} no-answer"), format!("cleared c1 {CUSTOMER} no-answer")];
    assert_eq!(room.wait(5_000), expected);
}

#[test]
fn a_step_to_nowhere_is_refused_and_changes_nothing() {
    let mut room = talking();
    let refused = |number: &str, request, cause| {
        format!("{request}: refused {cause}: number …{number} could not be reached")
    };
    assert_eq!(room.request(send("1001", 1, BUSY)), [refused("0102", 2, "busy")]);
    assert_eq!(room.request(send("1001", 1, "999")), [refused("999", 3, "invalid-number")]);
    assert_eq!(room.request(clear("1001", 1)).len(), 3);
}

#[test]
fn the_phone_stays_until_the_target_of_a_step_rings() {
    let config = cordboard_simulated::Config { delivery_ms: 200, ..crate::room::config() };
    let mut room = Room::with(config);
    room.customer("1001");
    room.wait(200);
    room.given(answer("1001", 1));
    assert_eq!(room.request(send("1001", 1, "1002")), Vec::<String>::new());
    let expected = [
        "2: done".to_owned(),
        format!("transferred 1001 c1 into c1 [{CUSTOMER}]"),
        format!("delivered c1 at 1002 caller {CUSTOMER} dialled 1001"),
    ];
    assert_eq!(room.wait(200), expected);
}

#[test]
fn a_waiting_call_is_sent_to_a_phone_with_its_queue_and_data() {
    let mut room = waiting();
    let expected = format!("delivered c1 at 1001 caller {CUSTOMER} dialled 7700 queue 7700 case=42");
    assert_eq!(room.request(to_phone(1, None, "1001")), ["1: done", &expected]);
    assert_eq!(room.request(answer("1001", 1)), ["2: done", "established c1 1001"]);
}

#[test]
fn a_waiting_call_is_sent_to_another_queue() {
    let expected = format!("queued c1 7701 caller {CUSTOMER} dialled 7700 case=42");
    assert_eq!(waiting().request(to_queue(1, None, "7701")), ["1: done", &expected]);
}

#[test]
fn a_ringing_call_goes_back_to_its_queue() {
    let mut room = waiting();
    room.given(to_phone(1, None, "1001"));
    let queued = format!("queued c1 7700 caller {CUSTOMER} dialled 7700 case=42");
    let expected = ["2: done", "cleared c1 1001 deflected", &queued];
    assert_eq!(room.request(to_queue(1, Some("1001"), "7700")), expected);
}

#[test]
fn a_ringing_call_goes_to_another_phone() {
    let mut room = waiting();
    room.given(to_phone(1, None, "1001"));
    let delivered = format!("delivered c1 at 1002 caller {CUSTOMER} dialled 7700 queue 7700 case=42");
    let expected = ["cleared c1 1001 deflected", "2: done", &delivered];
    assert_eq!(room.request(to_phone(1, Some("1001"), "1002")), expected);
}

#[test]
fn a_queued_call_that_is_refused_at_the_phone_waits_again() {
    let mut room = waiting();
    room.given(to_phone(1, None, "1001"));
    let queued = format!("queued c1 7700 caller {CUSTOMER} dialled 7700 case=42");
    assert_eq!(room.request(clear("1001", 1)), ["2: done", "cleared c1 1001 rejected", &queued]);
}

#[test]
fn a_deflection_names_what_does_not_fit() {
    let mut room = waiting();
    room.given(make("1001", "1002"));
    room.given(answer("1002", 2));
    let (c1, c2) = (call(1), call(2));
    let cases = [
        (to_queue(1, None, "9"), "failed: queue 9 does not exist".to_owned()),
        (to_phone(1, None, "4711"), "failed: device 4711 does not exist".to_owned()),
        (to_phone(9, None, "1001"), format!("lost: call {} does not exist", call(9))),
        (to_phone(1, Some("1001"), "1003"), format!("failed: device 1001 is not in call {c1}")),
        (
            to_phone(2, None, "1003"),
            format!("failed: device 1001 is talking in call {c2}; expected waiting in a queue"),
        ),
        (
            to_queue(2, Some("1001"), "7700"),
            format!("failed: device 1001 is talking in call {c2}; expected ringing"),
        ),
    ];
    for (index, (requested, text)) in cases.into_iter().enumerate() {
        assert_eq!(room.request(requested), [format!("{}: refused {text}", index + 3)]);
    }
}
