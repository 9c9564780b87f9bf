//! Transfer and conference: two calls become one.

use model::SwitchRequest;

use crate::{
    room::{CUSTOMER, FRIEND, Room, call, device},
    services::{answer, clear, consult, hold, make, talking},
};

fn transfer(at: &str, primary: u64, consult: u64) -> SwitchRequest {
    SwitchRequest::TransferCall { device: device(at), primary: call(primary), consult: call(consult) }
}

fn conference(at: &str, primary: u64, consult: u64) -> SwitchRequest {
    SwitchRequest::ConferenceCall { device: device(at), primary: call(primary), consult: call(consult) }
}

/// 1001 holds the customer's call 1 and calls 1002 in call 2, which rings.
fn consulting() -> Room {
    let mut room = talking();
    room.given(consult("1001", 1, "1002"));
    room
}

/// 1001, the customer and 1002 are in call 1.
fn three() -> Room {
    let mut room = consulting();
    room.given(answer("1002", 2));
    room.given(conference("1001", 1, 2));
    room
}

fn picture(room: &mut Room) -> String {
    room.request(SwitchRequest::Snapshot).pop().unwrap()
}

#[test]
fn a_transfer_after_the_answer_joins_the_others() {
    let mut room = consulting();
    room.given(answer("1002", 2));
    let expected = format!("transferred 1001 c1 and c2 into c1 [{CUSTOMER} 1002]");
    assert_eq!(room.request(transfer("1001", 1, 2)), ["4: done", &expected]);
    assert_eq!(picture(&mut room), format!("link-up [c1: {CUSTOMER} connected + 1002 connected]"));
}

#[test]
fn a_transfer_before_the_answer_plays_the_ringing_to_the_customer() {
    let mut room = consulting();
    let expected = format!("transferred 1001 c1 and c2 into c1 [{CUSTOMER} 1002]");
    assert_eq!(room.request(transfer("1001", 1, 2)), ["3: done", &expected]);
    assert_eq!(picture(&mut room), format!("link-up [c1: {CUSTOMER} initiated + 1002 alerting]"));
    assert_eq!(room.request(answer("1002", 1)), ["5: done", "established c1 1002"]);
    assert_eq!(picture(&mut room), format!("link-up [c1: {CUSTOMER} connected + 1002 connected]"));
}

#[test]
fn a_transfer_that_is_refused_at_the_end_loses_the_customer() {
    let mut room = consulting();
    room.given(transfer("1001", 1, 2));
    let expected = ["4: done", "cleared c1 1002 rejected", &format!("cleared c1 {CUSTOMER} rejected")];
    assert_eq!(room.request(clear("1002", 1)), expected);
}

#[test]
fn a_transfer_to_somebody_outside_goes_on_by_itself() {
    let mut room = talking();
    room.given(consult("1001", 1, FRIEND));
    room.given(transfer("1001", 1, 2));
    assert_eq!(room.wait(100), [format!("established c1 {FRIEND}")]);
    assert_eq!(picture(&mut room), format!("link-up [c1: {CUSTOMER} connected + {FRIEND} connected]"));
}

#[test]
fn a_transfer_to_a_queue_has_the_customer_wait_there() {
    let mut room = talking();
    room.given(consult("1001", 1, "7700"));
    let transferred = format!("transferred 1001 c1 and c2 into c1 [{CUSTOMER}]");
    let queued = format!("queued c1 7700 caller {CUSTOMER} dialled 1001");
    assert_eq!(room.request(transfer("1001", 1, 2)), ["3: done", &transferred, &queued]);
    assert_eq!(picture(&mut room), format!("link-up [c1: {CUSTOMER} queued]"));
}

#[test]
fn a_transfer_of_a_call_that_the_phone_made_names_who_is_left_as_caller() {
    let mut room = Room::open();
    room.given(make("1001", FRIEND));
    room.wait(100);
    room.given(consult("1001", 1, "7700"));
    let lines = room.request(transfer("1001", 1, 2));
    assert_eq!(lines[2], format!("queued c1 7700 caller {FRIEND} dialled {FRIEND}"));
}

#[test]
fn the_held_and_the_talking_call_may_be_swapped_before_a_transfer() {
    let mut room = consulting();
    room.given(answer("1002", 2));
    room.given(SwitchRequest::AlternateCall { device: device("1001"), active: call(2), held: call(1) });
    let expected = format!("transferred 1001 c1 and c2 into c1 [{CUSTOMER} 1002]");
    assert_eq!(room.request(transfer("1001", 1, 2))[1], expected);
}

#[test]
fn a_conference_has_all_of_them() {
    let mut room = consulting();
    room.given(answer("1002", 2));
    let expected = format!("conferenced 1001 c1 and c2 into c1 [{CUSTOMER} 1001 1002]");
    assert_eq!(room.request(conference("1001", 1, 2)), ["4: done", &expected]);
    let all = format!("link-up [c1: {CUSTOMER} connected + 1001 connected + 1002 connected]");
    assert_eq!(picture(&mut room), all);
}

#[test]
fn a_conference_goes_on_until_one_is_left() {
    let mut room = three();
    assert_eq!(room.request(clear("1001", 1)), ["5: done", "cleared c1 1001 normal"]);
    let over = ["6: done", "cleared c1 1002 normal", &format!("cleared c1 {CUSTOMER} normal")];
    assert_eq!(room.request(clear("1002", 1)), over);
    assert_eq!(picture(&mut room), "link-up []");
}

#[test]
fn a_conference_may_call_a_fourth_and_take_it_in() {
    let mut room = three();
    room.given(consult("1001", 1, "1003"));
    room.given(answer("1003", 3));
    let expected = format!("conferenced 1001 c1 and c3 into c1 [{CUSTOMER} 1001 1002 1003]");
    assert_eq!(room.request(conference("1001", 1, 3)), ["7: done", &expected]);
}

#[test]
fn those_of_a_conference_go_on_while_one_of_them_is_replaced() {
    let mut room = three();
    let to = crate::room::number("1003");
    let expected = [
        "5: done".to_owned(),
        format!("transferred 1001 c1 into c1 [{CUSTOMER} 1002]"),
        format!("delivered c1 at 1003 caller {CUSTOMER} dialled 1001"),
    ];
    let requested = SwitchRequest::SingleStepTransfer { call: call(1), device: device("1001"), to };
    assert_eq!(room.request(requested), expected);
    assert_eq!(room.request(clear("1003", 1)), ["6: done", "cleared c1 1003 rejected"]);
}

#[test]
fn a_call_that_rings_cannot_be_taken_into_a_conference() {
    let text = "device 1001 is dialing in call sim-0-000002; expected talking or on hold";
    assert_eq!(consulting().request(conference("1001", 1, 2)), [format!("3: refused failed: {text}")]);
}

#[test]
fn what_would_be_in_a_call_twice_is_not_joined() {
    let mut room = three();
    room.given(consult("1001", 1, CUSTOMER));
    room.wait(100);
    let text = format!("number …9999 is already in call {}", call(1));
    assert_eq!(room.request(conference("1001", 1, 3)), [format!("6: refused failed: {text}")]);
    let text = format!("call {} cannot be joined with itself", call(1));
    assert_eq!(room.request(transfer("1001", 1, 1)), [format!("7: refused failed: {text}")]);
}

#[test]
fn a_conference_cannot_wait_in_a_queue() {
    let mut room = three();
    room.given(consult("1001", 1, "7700"));
    let text =
        format!("call {} has 2 other parties; only a single connected party can wait in a queue", call(1));
    assert_eq!(room.request(transfer("1001", 1, 3)), [format!("6: refused failed: {text}")]);
}

#[test]
fn a_phone_cannot_leave_two_that_only_ring() {
    let mut room = Room::open();
    room.given(make("1001", "1002"));
    room.given(answer("1002", 1));
    room.given(hold("1001", 1));
    room.given(make("1001", "1003"));
    // 1002 transfers with a single step, so 1001 holds a call that rings at 1004.
    let to = crate::room::number("1004");
    room.given(SwitchRequest::SingleStepTransfer { call: call(1), device: device("1002"), to });
    let text = "no parties would remain connected after device 1001 leaves";
    assert_eq!(room.request(transfer("1001", 1, 2)), [format!("6: refused failed: {text}")]);
}
