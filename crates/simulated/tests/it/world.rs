//! What simulated parties do by themselves: callers, outside numbers, users of phones.

use model::{SwitchRequest, switch::DeflectTo};
use serde_json::json;

use crate::{
    room::{CUSTOMER, FRIEND, Room, call, device},
    services::{answer, clear, make, talking},
};

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_caller_rings_at_a_phone() {
    let expected = format!("delivered c1 at 1001 caller {CUSTOMER} dialled 1001");
    assert_eq!(Room::open().customer("1001"), [expected]);
}

#[test]
fn a_caller_may_withhold_the_number() {
    let expected = "delivered c1 at 1001 caller withheld dialled 1001";
    assert_eq!(Room::open().call_in(json!({"from": null, "to": "1001"})), [expected]);
}

#[test]
fn a_caller_in_a_queue_loses_patience() {
    let mut room = Room::open();
    room.call_in(json!({"from": CUSTOMER, "to": "7700", "patience_ms": 3_000}));
    assert_eq!(room.wait(2_999), none());
    assert_eq!(room.wait(1), [format!("cleared c1 {CUSTOMER} abandoned")]);
}

#[test]
fn patience_goes_on_while_a_call_is_sent_around() {
    let mut room = Room::open();
    room.call_in(json!({"from": CUSTOMER, "to": "7700", "patience_ms": 3_000}));
    room.wait(2_000);
    let to = DeflectTo::Device(device("1001"));
    room.given(SwitchRequest::DeflectCall { call: call(1), from: None, to });
    let expected = [format!("cleared c1 {CUSTOMER} abandoned"), "cleared c1 1001 abandoned".to_owned()];
    assert_eq!(room.wait(1_000), expected);
}

#[test]
fn a_caller_who_was_answered_hangs_up_after_the_talk_time() {
    let mut room = Room::open();
    room.call_in(json!({"from": CUSTOMER, "to": "1001", "patience_ms": 3_000, "talk_ms": 10_000}));
    room.given(answer("1001", 1));
    assert_eq!(room.wait(9_999), none());
    assert_eq!(room.wait(1), [format!("cleared c1 {CUSTOMER} normal"), "cleared c1 1001 normal".to_owned()]);
}

#[test]
fn a_caller_without_a_talk_time_stays() {
    assert_eq!(talking().wait(86_400_000), none());
}

#[test]
fn a_call_may_set_when_it_is_answered() {
    let mut room = Room::open();
    room.call_in(json!({"from": CUSTOMER, "to": "1001", "answer_after_ms": 700}));
    assert_eq!(room.wait(699), none());
    assert_eq!(room.wait(1), ["established c1 1001"]);
}

#[test]
fn an_auto_phone_answers_by_itself() {
    let mut room = Room::open();
    room.customer("1009");
    assert_eq!(room.wait(499), none());
    assert_eq!(room.wait(1), ["established c1 1009"]);
}

#[test]
fn an_auto_phone_answers_the_next_call_when_it_is_free() {
    let mut room = Room::open();
    room.customer("1009");
    room.wait(500);
    room.call_in(json!({"from": FRIEND, "to": "1009"}));
    assert_eq!(room.wait(10_000), none());
    room.given(clear("1009", 1));
    assert_eq!(room.wait(500), ["established c2 1009"]);
}

#[test]
fn a_ringing_phone_may_be_set_to_answer() {
    let mut room = Room::open();
    room.customer("1001");
    room.press("1001", "auto");
    assert_eq!(room.wait(500), ["established c1 1001"]);
}

#[test]
fn a_ringing_auto_phone_may_be_set_to_wait() {
    let mut room = Room::open();
    room.customer("1009");
    room.press("1009", "manual");
    assert_eq!(room.wait(10_000), none());
}

#[test]
fn hands_at_a_phone_do_what_requests_do() {
    let mut room = Room::open();
    room.customer("1001");
    assert_eq!(room.press("1001", "answer"), ["established c1 1001"]);
    assert_eq!(room.press("1001", "hold"), ["held c1 1001"]);
    assert_eq!(room.press("1001", "retrieve"), ["retrieved c1 1001"]);
    assert_eq!(
        room.press("1001", "hangup"),
        ["cleared c1 1001 normal", &format!("cleared c1 {CUSTOMER} normal")]
    );
}

#[test]
fn a_hand_refuses_what_rings() {
    let mut room = Room::open();
    room.customer("1001");
    let expected = ["cleared c1 1001 rejected", &format!("cleared c1 {CUSTOMER} rejected")];
    assert_eq!(room.press("1001", "reject"), expected);
}

#[test]
fn a_hand_hangs_up_what_is_parked_when_there_is_nothing_else() {
    let mut room = talking();
    room.press("1001", "hold");
    assert_eq!(room.press("1001", "hangup").len(), 2);
}

#[test]
fn who_comes_back_late_finds_everything_in_its_order() {
    let mut room = Room::open();
    room.call_in(json!({"from": CUSTOMER, "to": "1009", "talk_ms": 1_000}));
    room.given(make("1001", FRIEND));
    let expected = [
        format!("established c2 {FRIEND}"),
        "established c1 1009".to_owned(),
        format!("cleared c1 {CUSTOMER} normal"),
        "cleared c1 1009 normal".to_owned(),
    ];
    assert_eq!(room.oversleep(60_000), expected);
}
