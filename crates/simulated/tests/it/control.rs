//! The control interface: requests and errors.

use model::Code;
use serde_json::{Value, json};

use crate::{
    room::{CUSTOMER, FRIEND, Room, call},
    services::{make, talking},
};

/// Sends a request that is rejected. Returns the error.
fn refusal(room: &mut Room, method: &str, path: &str, body: &str) -> (u16, String, String) {
    let response = room.http_raw(method, path, body.to_owned().into());
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_slice(response.body()).unwrap();
    let text = |name: &str| problem[name].as_str().unwrap().to_owned();
    let code = text("code");
    assert!(Code::ALL.iter().any(|known| known.as_str() == code), "{code}");
    assert_eq!(problem["status"], json!(response.status().as_u16()));
    assert_eq!(text("type"), format!("urn:cordboard:problem:{code}"));
    assert!(!text("title").is_empty());
    (response.status().as_u16(), code, text("detail"))
}

#[test]
fn calls_are_made_listed_shown_and_ended() {
    let mut room = Room::open();
    let body = json!({"from": CUSTOMER, "to": "7700", "data": {"case": "42"}, "name": "Ada"});
    assert_eq!(room.http("POST", "/calls", &body), (201, json!({"call": call(1)})));
    let (status, list) = room.http("GET", "/calls", &Value::Null);
    assert_eq!((status, list["items"].as_array().unwrap().len()), (200, 1));
    let (_, shown) = room.http("GET", &format!("/calls/{}", call(1)), &Value::Null);
    assert_eq!(shown, list["items"][0]);
    assert_eq!(shown["caller"], json!({"at": {"outside": CUSTOMER}, "name": "Ada"}));
    assert_eq!((&shown["queue"], &shown["data"]), (&json!("7700"), &json!({"case": "42"})));
    assert_eq!(room.http("DELETE", &format!("/calls/{}", call(1)), &Value::Null).0, 204);
    assert_eq!(room.http("GET", "/calls", &Value::Null).1, json!({"items": []}));
}

#[test]
fn ending_a_call_ends_it_for_everybody() {
    let mut room = talking();
    let before = room.events.len();
    room.http("DELETE", &format!("/calls/{}", call(1)), &Value::Null);
    assert_eq!(room.events.len(), before + 2);
}

#[test]
fn phones_are_listed_with_their_calls() {
    let mut room = talking();
    let (_, list) = room.http("GET", "/phones", &Value::Null);
    assert_eq!(list["items"][0], json!({"device": "1001", "auto": false, "calls": [call(1)]}));
    assert_eq!(list["items"][5], json!({"device": "1009", "auto": true, "calls": []}));
}

#[test]
fn a_number_outside_gets_its_behavior() {
    let mut room = Room::open();
    assert_eq!(room.http("POST", "/outside", &json!({"number": FRIEND, "busy": true})).0, 204);
    assert_eq!(room.request(make("1001", FRIEND))[2], "failed c1 1001 busy");
    let body = json!({"number": FRIEND, "answers_after_ms": 7, "talk_ms": 3});
    assert_eq!(room.http("POST", "/outside", &body).0, 204);
    room.given(make("1001", FRIEND));
    assert_eq!(room.wait(7), [format!("established c2 {FRIEND}")]);
    assert_eq!(room.wait(3).len(), 2);
}

#[test]
fn a_path_may_be_percent_encoded() {
    let mut room = Room::open();
    assert_eq!(room.http("POST", "/phones/%31001", &json!({"action": "auto"})).1["auto"], json!(true));
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut room = Room::open();
    let cases = [
        ("GET", "/nowhere", "", "path /nowhere does not exist"),
        ("GET", "/", "", "path / does not exist"),
        ("GET", "/calls/x/y", "", "path /calls/x/y does not exist"),
        ("GET", "/calls/sim-0-9", "", "call sim-0-9 does not exist"),
        ("DELETE", "/calls/sim-0-9", "", "call sim-0-9 does not exist"),
        ("POST", "/phones/4711", r#"{"action":"answer"}"#, "device 4711 does not exist"),
    ];
    for (method, path, body, detail) in cases {
        let found = refusal(&mut room, method, path, body);
        assert_eq!(found, (404, "not-found".to_owned(), detail.to_owned()), "{method} {path}");
    }
}

#[test]
fn what_cannot_be_read_is_invalid() {
    let mut room = Room::open();
    let cases = [
        ("/calls", "", "EOF"),
        ("/calls", "{", "EOF"),
        ("/calls", "[1]", ""),
        ("/calls", r#"{"to":"12a"}"#, "number contains 'a'"),
        ("/calls", r#"{"to":""}"#, "number is empty"),
        ("/calls", r#"{"from":"+1"}"#, "missing field `to`"),
        ("/calls", r#"{"to":"7700","colour":"red"}"#, "unknown field `colour`"),
        ("/calls", r#"{"to":"7700","patience_ms":-1}"#, "invalid value"),
        ("/phones/1001", r#"{"action":"dance"}"#, "unknown variant `dance`"),
        ("/phones/%ff", r#"{"action":"answer"}"#, "invalid utf-8"),
        ("/phones/", r#"{"action":"answer"}"#, "device id is empty"),
        ("/outside", r#"{"number":"+14155550100","busy":true,"invalid":true}"#, "a number has 2 of"),
        ("/outside", r#"{"number":"+14155550100","buzzy":true}"#, "unknown field `buzzy`"),
    ];
    for (path, body, part) in cases {
        let (status, code, detail) = refusal(&mut room, "POST", path, body);
        assert_eq!((status, code.as_str()), (400, "invalid"), "{path} {body}");
        assert!(detail.contains(part), "{path} {body}: {detail}");
    }
    let (status, _, detail) = refusal(&mut room, "PUT", "/faults", r#"{"chances":{"lost_link":2}}"#);
    assert_eq!(status, 400);
    assert!(detail.contains("a chance is 2; expected 0 to 1"), "{detail}");
}

#[test]
fn a_number_that_nobody_inside_has_cannot_be_called_from_outside() {
    let (status, code, detail) = refusal(&mut Room::open(), "POST", "/calls", r#"{"to":"+14155550100"}"#);
    assert_eq!((status, code.as_str()), (400, "number-refused"));
    assert_eq!(detail, "number …0100 from outside does not exist");
}

#[test]
fn an_action_that_fits_no_call_is_a_conflict() {
    let mut room = Room::open();
    for (action, expected) in [
        ("answer", "ringing"),
        ("reject", "ringing"),
        ("hold", "talking"),
        ("retrieve", "on hold"),
        ("hangup", "talking, dialing, waiting or on hold"),
    ] {
        let body = json!({"action": action}).to_string();
        let (status, code, detail) = refusal(&mut room, "POST", "/phones/1001", &body);
        assert_eq!((status, code.as_str()), (409, "wrong-state"));
        assert_eq!(detail, format!("device 1001 has no call that is {expected}"));
    }
}

#[test]
fn another_method_is_named_with_those_allowed() {
    let mut room = Room::open();
    let paths = ["/calls", "/calls/x", "/phones", "/phones/1001", "/outside", "/faults"];
    for path in paths {
        assert_eq!(refusal(&mut room, "PATCH", path, "").0, 405, "{path}");
    }
    let response = room.http_raw("PATCH", "/faults", "".into());
    assert_eq!(response.headers()["allow"], "GET, PUT");
}
