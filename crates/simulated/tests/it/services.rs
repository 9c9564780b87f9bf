//! The services for one call: answers and events.

use model::{Data, SwitchRequest};
use serde_json::json;

use crate::room::{ABSENT, BRIEF, BUSY, CUSTOMER, FRIEND, Room, call, device, number};

pub(crate) fn make(from: &str, to: &str) -> SwitchRequest {
    SwitchRequest::MakeCall { device: device(from), to: number(to), data: Data::new() }
}

pub(crate) fn answer(at: &str, which: u64) -> SwitchRequest {
    SwitchRequest::AnswerCall { call: call(which), device: device(at) }
}

pub(crate) fn clear(at: &str, which: u64) -> SwitchRequest {
    SwitchRequest::ClearConnection { call: call(which), device: device(at) }
}

pub(crate) fn hold(at: &str, which: u64) -> SwitchRequest {
    SwitchRequest::HoldCall { call: call(which), device: device(at) }
}

pub(crate) fn retrieve(at: &str, which: u64) -> SwitchRequest {
    SwitchRequest::RetrieveCall { call: call(which), device: device(at) }
}

pub(crate) fn consult(at: &str, which: u64, to: &str) -> SwitchRequest {
    SwitchRequest::ConsultationCall {
        call: call(which),
        device: device(at),
        to: number(to),
        data: Data::new(),
    }
}

/// 1001 is connected with the customer in call 1.
pub(crate) fn talking() -> Room {
    let mut room = Room::open();
    room.customer("1001");
    room.given(answer("1001", 1));
    room
}

#[test]
fn a_phone_calls_a_phone() {
    let mut room = Room::open();
    let made = ["1: done c1", "originated c1 1001 to 1002", "delivered c1 at 1002 caller 1001 dialled 1002"];
    assert_eq!(room.request(make("1001", "1002")), made);
    assert_eq!(room.request(answer("1002", 1)), ["2: done", "established c1 1002"]);
    assert_eq!(
        room.request(clear("1001", 1)),
        ["3: done", "cleared c1 1001 normal", "cleared c1 1002 normal"]
    );
}

#[test]
fn a_call_carries_its_data() {
    let mut room = Room::open();
    let mut data = Data::new();
    data.set("case", "42").unwrap();
    let lines = room.request(SwitchRequest::MakeCall { device: device("1001"), to: number("1002"), data });
    let expected =
        ["originated c1 1001 to 1002 case=42", "delivered c1 at 1002 caller 1001 dialled 1002 case=42"];
    assert_eq!(lines[1..], expected);
}

#[test]
fn a_phone_calls_outside() {
    let mut room = Room::open();
    let delivered = format!("delivered c1 at {FRIEND} caller 1001 dialled {FRIEND}");
    let originated = format!("originated c1 1001 to {FRIEND}");
    assert_eq!(room.request(make("1001", FRIEND)), ["1: done c1", &originated, &delivered]);
    assert_eq!(room.wait(99), Vec::<String>::new());
    assert_eq!(room.wait(1), [format!("established c1 {FRIEND}")]);
}

#[test]
fn a_number_outside_hangs_up_after_its_talk_time() {
    let mut room = Room::open();
    room.given(make("1001", BRIEF));
    let lines = room.wait(2_000);
    assert_eq!(lines[1..], [format!("cleared c1 {BRIEF} normal"), "cleared c1 1001 normal".to_owned()]);
}

#[test]
fn a_busy_number_fails() {
    let originated = format!("originated c1 1001 to {BUSY}");
    assert_eq!(Room::open().request(make("1001", BUSY)), ["1: done c1", &originated, "failed c1 1001 busy"]);
}

#[test]
fn a_number_that_does_not_exist_fails() {
    let expected = ["1: done c1", "originated c1 1001 to 999", "failed c1 1001 invalid-number"];
    assert_eq!(Room::open().request(make("1001", "999")), expected);
}

#[test]
fn a_number_that_is_not_answered_fails_in_time() {
    let mut room = Room::open();
    room.given(make("1001", ABSENT));
    assert_eq!(room.wait(4_999), Vec::<String>::new());
    assert_eq!(
        room.wait(1),
        [format!("cleared c1 {ABSENT} no-answer"), "failed c1 1001 no-answer".to_owned()]
    );
}

#[test]
fn a_phone_calls_a_queue() {
    let expected = ["1: done c1", "originated c1 1001 to 7700", "queued c1 7700 caller 1001 dialled 7700"];
    assert_eq!(Room::open().request(make("1001", "7700")), expected);
}

#[test]
fn a_refused_call_fails_at_the_one_who_dialled() {
    let mut room = Room::open();
    room.given(make("1001", "1002"));
    assert_eq!(
        room.request(clear("1002", 1)),
        ["2: done", "cleared c1 1002 rejected", "failed c1 1001 rejected"]
    );
}

#[test]
fn who_stops_dialling_abandons() {
    let mut room = Room::open();
    room.given(make("1001", "1002"));
    assert_eq!(
        room.request(clear("1001", 1)),
        ["2: done", "cleared c1 1001 abandoned", "cleared c1 1002 abandoned"]
    );
}

#[test]
fn a_phone_that_talks_cannot_dial_or_answer() {
    let mut room = talking();
    room.call_in(json!({"from": FRIEND, "to": "1001"}));
    let text = "device 1001 is talking in call sim-0-000001; hold or clear that call first";
    assert_eq!(room.request(make("1001", "1002")), [format!("2: refused failed: {text}")]);
    assert_eq!(room.request(answer("1001", 2)), [format!("3: refused failed: {text}")]);
}

#[test]
fn a_second_call_is_answered_after_the_first_is_held() {
    let mut room = talking();
    room.call_in(json!({"from": FRIEND, "to": "1001"}));
    assert_eq!(room.request(hold("1001", 1)), ["2: done", "held c1 1001"]);
    assert_eq!(room.request(answer("1001", 2)), ["3: done", "established c2 1001"]);
    let swap = SwitchRequest::AlternateCall { device: device("1001"), active: call(2), held: call(1) };
    assert_eq!(room.request(swap), ["4: done", "held c2 1001", "retrieved c1 1001"]);
}

#[test]
fn a_held_call_is_taken_back_by_a_free_phone_only() {
    let mut room = talking();
    room.given(hold("1001", 1));
    room.given(make("1001", "1002"));
    let text = "device 1001 is dialing in call sim-0-000002; hold or clear that call first";
    assert_eq!(room.request(retrieve("1001", 1)), [format!("4: refused failed: {text}")]);
    room.given(clear("1001", 2));
    assert_eq!(room.request(retrieve("1001", 1)), ["6: done", "retrieved c1 1001"]);
}

#[test]
fn what_is_not_as_it_should_be_is_refused_with_both_states() {
    let mut room = talking();
    let cases = [
        (hold("1002", 1), "failed: device 1002 is not in call sim-0-000001"),
        (hold("1001", 9), "lost: call sim-0-000009 does not exist"),
        (
            make("1001", "1001"),
            "failed: device 1001 is talking in call sim-0-000001; hold or clear that call first",
        ),
        (make("1002", "1002"), "busy: device 1002 is busy"),
        (make("4711", "1002"), "failed: device 4711 does not exist"),
    ];
    for (index, (requested, text)) in cases.into_iter().enumerate() {
        assert_eq!(room.request(requested), [format!("{}: refused {text}", index + 2)]);
    }
}

#[test]
fn a_request_whose_outcome_holds_already_is_done() {
    let mut room = talking();
    assert_eq!(room.request(retrieve("1001", 1)), ["2: done"]);
    assert_eq!(room.request(answer("1001", 1)), ["3: done"]);
    room.given(hold("1001", 1));
    assert_eq!(room.request(hold("1001", 1)), ["5: done"]);
    room.given(make("1001", "1002"));
    assert_eq!(room.request(make("1001", "1002")), ["7: done c2"]);
}

#[test]
fn a_consultation_parks_the_call_and_is_linked_to_it() {
    let expected = [
        "2: done c2",
        "held c1 1001",
        "originated c2 1001 to 1002 linked c1",
        "delivered c2 at 1002 caller 1001 dialled 1002 linked c1",
    ];
    let mut room = talking();
    assert_eq!(room.request(consult("1001", 1, "1002")), expected);
    assert_eq!(room.request(answer("1002", 2)), ["3: done", "established c2 1002"]);
}

#[test]
fn a_request_that_comes_twice_is_done_once() {
    let mut room = Room::open();
    assert_eq!(room.request_as(7, make("1001", "1002")).len(), 3);
    assert_eq!(room.request_as(7, make("1001", "1002")), ["7: done c1"]);
    let refused = room.request_as(8, make("1001", "1003"));
    room.given(clear("1001", 1));
    assert_eq!(room.request_as(8, make("1001", "1003")), refused, "an answer stays what it was");
}

#[test]
fn a_snapshot_has_everything() {
    let mut room = talking();
    room.given(consult("1001", 1, "1002"));
    let picture =
        format!("link-up [c1: {CUSTOMER} connected + 1001 held, c2: 1001 initiated + 1002 alerting]");
    assert_eq!(room.request(SwitchRequest::Snapshot), ["3: done", &picture]);
}

#[test]
fn a_call_takes_its_time_to_ring() {
    let config = cordboard_simulated::Config { delivery_ms: 200, ..crate::room::config() };
    let mut room = Room::with(config);
    assert_eq!(room.request(make("1001", "1002")), ["1: done c1", "originated c1 1001 to 1002"]);
    assert_eq!(room.request(SwitchRequest::Snapshot)[1], "link-up [c1: 1001 initiated]");
    assert_eq!(room.wait(200), ["delivered c1 at 1002 caller 1001 dialled 1002"]);
}

#[test]
fn a_call_that_reached_nobody_is_never_reported() {
    let config = cordboard_simulated::Config { delivery_ms: 200, ..crate::room::config() };
    let mut room = Room::with(config);
    room.call_in(json!({"from": CUSTOMER, "to": "1001", "patience_ms": 100}));
    assert_eq!(room.request(SwitchRequest::Snapshot), ["1: done", "link-up []"]);
    assert_eq!(room.wait(1_000), Vec::<String>::new());
}

#[test]
fn a_phone_that_was_not_reached_is_not_reported() {
    let config = cordboard_simulated::Config { delivery_ms: 200, ..crate::room::config() };
    let mut room = Room::with(config);
    room.given(make("1001", "1002"));
    let text = "device 1002 is being called in call sim-0-000001; expected ringing, dialing or in the call";
    assert_eq!(room.request(clear("1002", 1)), [format!("2: refused failed: {text}")]);
    assert_eq!(room.request(clear("1001", 1)), ["3: done", "cleared c1 1001 abandoned"]);
    assert_eq!(room.wait(1_000), Vec::<String>::new());
}
