//! Tones, muting and recording.

use model::{Digits, SwitchRequest};
use serde_json::{Value, json};

use crate::{
    room::{Room, call, device},
    services::{hold, talking},
};

fn digits(text: &str) -> SwitchRequest {
    let tones = Digits::new(text).unwrap().into();
    SwitchRequest::GenerateDigits { call: call(1), device: device("1001"), tones }
}

/// The media of the customer, then of 1001.
fn media(room: &mut Room) -> (Value, Value) {
    let (status, body) = room.http("GET", &format!("/calls/{}", call(1)), &Value::Null);
    assert_eq!(status, 200);
    (body["media"][0].clone(), body["media"][1].clone())
}

#[test]
fn the_other_side_receives_the_tones() {
    let mut room = talking();
    assert_eq!(room.request(digits("12#")), ["2: done"]);
    room.given(digits("3"));
    let (customer, agent) = media(&mut room);
    assert_eq!((&customer["heard"], &agent["heard"]), (&json!("12#3"), &json!("")));
}

#[test]
fn only_the_last_tones_are_kept() {
    let mut room = talking();
    for _ in 0..5 {
        room.given(digits(&"1".repeat(64)));
    }
    room.given(digits("2"));
    let tones = media(&mut room).0["heard"].as_str().unwrap().to_owned();
    assert_eq!((tones.len(), tones.ends_with("12")), (256, true));
}

#[test]
fn tones_need_a_call_that_talks() {
    let mut room = talking();
    room.given(hold("1001", 1));
    let text = format!("device 1001 is on hold in call {}; expected talking", call(1));
    assert_eq!(room.request(digits("1")), [format!("3: refused failed: {text}")]);
}

#[test]
fn a_phone_is_muted_and_unmuted() {
    let mut room = talking();
    for on in [true, false] {
        room.given(SwitchRequest::SetMute { call: call(1), device: device("1001"), on });
        assert_eq!(media(&mut room).1["muted"], json!(on));
    }
}

#[test]
fn a_recording_starts_pauses_and_goes_on() {
    let mut room = talking();
    let (call, device) = (call(1), device("1001"));
    let start = SwitchRequest::StartRecording { call: call.clone(), device: device.clone() };
    let pause = SwitchRequest::PauseRecording { call: call.clone(), device: device.clone() };
    let resume = SwitchRequest::ResumeRecording { call: call.clone(), device };
    let text = format!("call {call} is not recorded");
    assert_eq!(room.request(pause.clone()), [format!("2: refused failed: {text}")]);
    let named = format!("recording c1 cordboard-{call}");
    assert_eq!(room.request(start), ["3: done".to_owned(), named]);
    for (requested, state) in [(pause, "paused"), (resume, "on")] {
        room.given(requested);
        assert_eq!(media(&mut room).1["recording"], json!(state));
    }
}
