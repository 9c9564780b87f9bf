//! Faults, requested and random.

use cordboard_simulated::{Chance, Chances};
use model::SwitchRequest;
use serde_json::{Value, json};

use crate::{
    room::{CUSTOMER, FRIEND, Room, call, config_with},
    services::{answer, clear, hold, make, retrieve, talking},
};

fn fault(room: &mut Room, fault: Value) {
    let (status, body) = room.http("PUT", "/faults", &json!({"once": [fault]}));
    assert_eq!(status, 200, "{body}");
}

fn always() -> Chance {
    Chance::try_from(1.0).unwrap()
}

#[test]
fn before_the_start_the_link_is_down() {
    let mut room = Room::closed(crate::room::config());
    assert_eq!(room.request(make("1001", "1002")), ["1: refused failed: the link is down"]);
    assert_eq!(room.start(), ["link-up []"]);
    assert_eq!(
        room.request_as(1, make("1001", "1002"))[0],
        "1: done c1",
        "what never arrived may be asked again"
    );
}

#[test]
fn a_lost_link_hides_what_goes_on_and_reports_everything_when_it_is_back() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "lost-link", "for_ms": 1_000}));
    assert_eq!(room.http("GET", "/faults", &Value::Null).1["link_up"], json!(false));
    assert_eq!(room.request(hold("1001", 1)), ["2: refused failed: the link is down"]);
    assert_eq!(room.press("1001", "hold"), Vec::<String>::new());
    assert_eq!(room.wait(1_000), [format!("link-up [c1: {CUSTOMER} connected + 1001 held]")]);
    assert_eq!(room.request_as(2, retrieve("1001", 1)), ["2: done", "retrieved c1 1001"]);
}

#[test]
fn a_lost_link_is_reported_once_and_lasts_as_long_as_the_longest_loss() {
    let mut room = Room::open();
    fault(&mut room, json!({"fault": "lost-link", "for_ms": 1_000}));
    fault(&mut room, json!({"fault": "lost-link", "for_ms": 3_000}));
    fault(&mut room, json!({"fault": "lost-link", "for_ms": 10}));
    assert_eq!(room.wait(2_999), Vec::<String>::new());
    assert_eq!(room.wait(1), ["link-up []"]);
    let downs = room.events.iter().filter(|event| matches!(event, model::SwitchEvent::LinkDown { .. }));
    assert_eq!(downs.count(), 1);
}

#[test]
fn a_late_event_holds_back_its_call_and_no_other() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "late-event", "by_ms": 300}));
    assert_eq!(room.request(hold("1001", 1)), ["2: done"]);
    assert_eq!(room.request(retrieve("1001", 1)), ["3: done"]);
    assert_eq!(room.request(make("1002", "1003")).len(), 3);
    assert_eq!(room.wait(299), Vec::<String>::new());
    assert_eq!(room.wait(1), ["held c1 1001", "retrieved c1 1001"]);
    assert_eq!(room.request(hold("1001", 1)), ["5: done", "held c1 1001"]);
}

#[test]
fn a_late_event_is_overtaken_when_that_is_requested() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "late-event", "by_ms": 300, "reorder": true}));
    assert_eq!(room.request(hold("1001", 1)), ["2: done"]);
    assert_eq!(room.request(retrieve("1001", 1)), ["3: done", "retrieved c1 1001"]);
    assert_eq!(room.wait(300), ["held c1 1001"]);
}

#[test]
fn what_is_late_is_reported_before_everything_is() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "late-event", "by_ms": 300}));
    room.given(hold("1001", 1));
    let expected = ["3: done", "held c1 1001", &format!("link-up [c1: {CUSTOMER} connected + 1001 held]")];
    assert_eq!(room.request(SwitchRequest::Snapshot), expected);
    assert_eq!(room.wait(300), Vec::<String>::new());
}

#[test]
fn what_is_late_is_lost_with_the_link() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "late-event", "by_ms": 300}));
    room.given(hold("1001", 1));
    fault(&mut room, json!({"fault": "lost-link", "for_ms": 1_000}));
    assert_eq!(room.wait(1_000), [format!("link-up [c1: {CUSTOMER} connected + 1001 held]")]);
}

#[test]
fn an_event_is_reported_twice() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "repeated-event"}));
    assert_eq!(room.request(hold("1001", 1)), ["2: done", "held c1 1001", "held c1 1001"]);
    assert_eq!(room.request(retrieve("1001", 1)), ["3: done", "retrieved c1 1001"]);
}

#[test]
fn a_request_is_refused_and_changes_nothing() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "refused-request"}));
    assert_eq!(room.request_as(7, hold("1001", 1)), ["7: refused failed: refused by a fault"]);
    assert_eq!(room.request_as(7, hold("1001", 1)), ["7: refused failed: refused by a fault"]);
    assert_eq!(room.request_as(8, hold("1001", 1)), ["8: done", "held c1 1001"]);
}

#[test]
fn a_call_vanishes_and_only_a_snapshot_shows_it() {
    let mut room = talking();
    fault(&mut room, json!({"fault": "vanished-call", "call": call(1)}));
    let text = format!("2: refused lost: call {} does not exist", call(1));
    assert_eq!(room.request(hold("1001", 1)), [text]);
    assert_eq!(room.request(SwitchRequest::Snapshot), ["3: done", "link-up []"]);
    assert_eq!(room.request(make("1001", "1002"))[0], "4: done c2", "the phone is free");
}

#[test]
fn a_call_that_is_not_there_cannot_vanish() {
    let body = json!({"once": [{"fault": "vanished-call", "call": "sim-0-9"}]});
    let (status, problem) = Room::open().http("PUT", "/faults", &body);
    assert_eq!((status, problem["detail"].as_str()), (404, Some("call sim-0-9 does not exist")));
}

#[test]
fn every_fault_happens_when_its_chance_is_certain() {
    let certain = |chances: Chances| Room::with(config_with(chances)).request(make("1001", FRIEND));
    let base = Chances::default();
    let refused = certain(Chances { refused_request: always(), ..base.clone() });
    assert_eq!(refused, ["1: refused failed: refused by a fault"]);
    let repeated = certain(Chances { repeated_event: always(), ..base.clone() });
    assert_eq!((repeated.len(), &repeated[1]), (5, &repeated[2]));
    assert_eq!(certain(Chances { late_event: always(), ..base.clone() }), ["1: done c1"]);
    let lost = certain(Chances { lost_link: always(), ..base.clone() });
    assert_eq!(lost[2..], ["link-down"]);
    let mut room = Room::with(config_with(Chances { vanished_call: always(), ..base }));
    assert_eq!(room.request(make("1001", FRIEND)).len(), 2);
    assert_eq!(room.request(SwitchRequest::Snapshot)[1], "link-up []");
}

#[test]
fn chances_may_be_changed_while_the_switch_runs() {
    let mut room = Room::open();
    let body = json!({"chances": {"refused_request": 1.0}});
    assert_eq!(room.http("PUT", "/faults", &body).1["chances"]["refused_request"], json!(1.0));
    assert!(room.request(make("1001", "1002"))[0].contains("refused by a fault"));
    room.http("PUT", "/faults", &json!({"chances": {}}));
    room.given(make("1001", "1002"));
    room.given(answer("1002", 1));
    room.given(clear("1002", 1));
}
