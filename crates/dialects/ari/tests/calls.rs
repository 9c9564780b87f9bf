//! Calls from beginning to end, played against an Asterisk that does whatever it is asked: what it is asked, and what the hub is told.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod play;

use model::{
    Cause, Digits, Number, Party, PartyKind, RequestId, SwitchAnswer, SwitchEvent, SwitchRequest, Timestamp,
    switch::ConnectionState,
};
use play::{CALLER, Play, channel, phone};
use serde_json::json;
use session::{FromHub, FromPeer, Input, Session};

#[test]
fn a_call_waits_with_music_and_carries_allowed_data_only() {
    let mut play = Play::new();
    play.offered();
    let waits = [
        format!("POST /channels/{CALLER}/answer"),
        "POST /bridges/cordboard-queue-7700".to_owned(),
        "POST /bridges/cordboard-queue-7700/addChannel".to_owned(),
        "POST /bridges/cordboard-queue-7700/moh".to_owned(),
    ];
    assert_eq!(play.asked()[..4], waits);
    let told = play.told();
    let [SwitchEvent::LinkUp { .. }, SwitchEvent::Queued { queue, data, .. }] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(queue.as_str(), "7700");
    assert_eq!(data.iter().collect::<Vec<_>>(), [("account", "4711")]);
}

#[test]
fn who_waits_is_told_its_place_over_and_over() {
    let mut play = Play::new();
    play.offered();
    play.asked();
    let waiting = |call: &str, priority: u8| {
        json!({"type": "queue-changed", "queue": "7700", "change": "entered", "waiting": {
            "switch": "pbx", "call": call, "linkage": "00000000-0000-7000-8000-000000000001", "dialled": "7700",
            "caller": {"at": "withheld"}, "priority": priority, "since": 0}})
    };
    // The other one is of more weight, and not Asterisk's.
    play.happened(waiting(CALLER, 3));
    play.happened(waiting("elsewhere", 5));
    let told = || format!("POST /channels/{CALLER}/play {}", json!({"media": ["number:2"]}));
    assert_eq!(play.pass(29_000), [] as [String; 0]);
    assert_eq!(play.pass(1_000), [told()]);
    assert_eq!(play.pass(30_000), [told()]);
    play.happened(json!({"type": "queue-changed", "queue": "7700", "change": "left", "switch": "pbx", "call": "elsewhere",
        "cause": "abandoned", "waited_ms": 1}));
    let first = format!("POST /channels/{CALLER}/play {}", json!({"media": ["number:1"]}));
    assert_eq!(play.pass(30_000), [first]);
}

#[test]
fn an_offer_is_answered_once_the_phone_rings() {
    let mut play = Play::new();
    let (call, channel) = play.offered();
    assert_eq!(play.answers, []);
    play.happens("ChannelStateChange", &channel, "Ringing");
    assert_eq!(play.answers, [(1, SwitchAnswer::Done { call: None })]);
    play.told();
    play.happens("StasisStart", &channel, "Up");
    assert_eq!(play.told(), [SwitchEvent::Established { call, at: PartyKind::Device(phone()) }]);
}

#[test]
fn a_phone_that_cannot_be_called_is_refused_and_the_caller_waits_on() {
    let mut play = Play::new();
    let (_, channel) = play.offered();
    play.told();
    play.happens("ChannelDestroyed", &channel, "Down");
    assert!(matches!(play.answers[..], [(1, SwitchAnswer::Refused { .. })]), "{:?}", play.answers);
    assert_eq!(play.told(), []);
    play.ask(SwitchRequest::Snapshot);
    let told = play.told();
    let [SwitchEvent::LinkUp { calls, .. }] = &told[..] else { panic!("{told:?}") };
    assert_eq!(calls[0].connections.len(), 1);
    assert_eq!(calls[0].connections[0].state, ConnectionState::Queued);
}

#[test]
fn a_phone_that_never_rings_is_given_up() {
    let mut play = Play::new();
    play.offered();
    let (at, _) = play.desk.deadline().unwrap();
    assert!(at <= Timestamp(8_000), "{at:?}");
    play.now = 8_000;
    play.give(Input::Tick);
    assert!(matches!(play.answers[..], [(1, SwitchAnswer::Refused { .. })]), "{:?}", play.answers);
    let asked = play.asked();
    assert!(asked.iter().any(|asked| asked.starts_with("DELETE /channels/cordboard-")), "{asked:?}");
}

#[test]
fn one_who_declines_sends_the_call_back() {
    let mut play = Play::new();
    let (call, channel) = play.offered();
    play.happens("ChannelStateChange", &channel, "Ringing");
    play.told();
    play.happens("ChannelDestroyed", &channel, "Ringing");
    let told = play.told();
    let [SwitchEvent::ConnectionCleared { cause, .. }, SwitchEvent::Queued { call: again, .. }] = &told[..]
    else {
        panic!("{told:?}")
    };
    assert_eq!((*cause, again), (Cause::Rejected, &call));
}

#[test]
fn what_is_told_follows_what_was_done() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.asked();
    play.told();
    play.ask(SwitchRequest::HoldCall { call: call.clone(), device: phone() });
    let asked = play.asked();
    assert!(asked.contains(&"POST /bridges/cordboard-held/addChannel".to_owned()), "{asked:?}");
    assert!(asked.contains(&format!("POST /bridges/cordboard-call-{CALLER}/removeChannel")), "{asked:?}");
    assert_eq!(play.told(), [SwitchEvent::Held { call, device: phone() }]);
}

#[test]
fn what_fails_is_refused_and_not_told() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.told();
    play.refuses = Some("/removeChannel");
    let request = play.ask(SwitchRequest::HoldCall { call: call.clone(), device: phone() });
    assert!(
        matches!(play.answer(request), SwitchAnswer::Done { .. }),
        "what is out of a bridge already is done"
    );
    play.refuses = Some("/dtmf");
    play.ask(SwitchRequest::RetrieveCall { call: call.clone(), device: phone() });
    let tones = Digits::new("1").unwrap().into();
    let request = play.ask(SwitchRequest::GenerateDigits { call, device: phone(), tones });
    assert!(matches!(play.answer(request), SwitchAnswer::Refused { .. }));
}

#[test]
fn a_recording_is_named_as_its_file_is() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.told();
    play.asked();
    let request = play.ask(SwitchRequest::StartRecording { call: call.clone(), device: phone() });
    assert!(matches!(play.answer(request), SwitchAnswer::Done { .. }));
    let name = format!("cordboard-{call}").into();
    let named = SwitchEvent::RecordingStarted { call: call.clone(), name };
    assert_eq!(play.told(), std::slice::from_ref(&named));
    assert!(play.asked().iter().any(|asked| asked.ends_with("/record")));
    play.ask(SwitchRequest::StartRecording { call, device: phone() });
    assert_eq!(play.told(), [named], "a recording that runs already is named again");
}

#[test]
fn a_request_that_is_repeated_is_done_once() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    let made_before = play.originated();
    let to = Number::new("+14155550123").unwrap();
    let asked = SwitchRequest::ConsultationCall { call, device: phone(), to, data: Default::default() };
    let first = play.ask(asked.clone());
    play.give(Input::Hub(FromHub::Requested { request: RequestId(first), asked: asked.clone() }));
    let second = play.ask(asked);
    assert_eq!(play.originated(), made_before + 1);
    assert!(matches!(play.answer(first), SwitchAnswer::Done { call: Some(_) }));
    assert_eq!(play.answer(first), play.answer(second));
}

#[test]
fn the_caller_ends_it_and_everything_is_cleared_away() {
    let mut play = Play::new();
    let (call, channel) = play.answered();
    play.asked();
    play.told();
    play.happens("StasisEnd", CALLER, "Up");
    let mut asked = play.asked();
    asked.sort();
    assert_eq!(
        asked,
        [format!("DELETE /bridges/cordboard-call-{call}"), format!("DELETE /channels/{channel}")]
    );
    assert_eq!(play.told().len(), 2);
}

#[test]
fn a_transfer_to_whom_nobody_can_reach_leaves_the_call_as_it_was() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.told();
    let to = Number::new("+14155550123").unwrap();
    let request = play.ask(SwitchRequest::SingleStepTransfer { call, device: phone(), to });
    let target = play.made();
    play.happens("ChannelDestroyed", &target, "Down");
    assert!(matches!(play.answer(request), SwitchAnswer::Refused { cause: Cause::Busy, .. }));
    assert_eq!(play.told(), []);
}

#[test]
fn a_call_that_came_while_nobody_listened_is_taken_on() {
    let waits = json!([channel(CALLER, "Up", "cordboard,queue,7700,account=1")]);
    let mut play = Play::with(waits, json!([]), None);
    let told = play.told();
    assert!(matches!(told[..], [SwitchEvent::LinkUp { .. }, SwitchEvent::Queued { .. }]), "{told:?}");
}

#[test]
fn calls_are_understood_by_what_is_written_on_their_channels() {
    let who = Party::new(PartyKind::Outside(Number::new("14155550100").unwrap()));
    let place = json!({
        "call": CALLER, "state": "queued", "caller": who, "dialled": "7700", "queue": "7700", "data": { "account": "4711" },
    });
    let note = json!({ "party": who, "calls": [place] }).to_string();
    let waits = json!([channel(CALLER, "Up", "cordboard,queue,7700")]);
    let bridges = json!([{ "id": "cordboard-queue-7700", "channels": [CALLER] }]);
    let mut play = Play::with(waits, bridges, Some(note));
    let told = play.told();
    let [SwitchEvent::LinkUp { calls, .. }] = &told[..] else { panic!("{told:?}") };
    assert_eq!(calls[0].queue.as_ref().unwrap().as_str(), "7700");
    assert_eq!(calls[0].connections[0].state, ConnectionState::Queued);
    assert_eq!(calls[0].data.get("account"), Some("4711"));
}

#[test]
fn what_is_ours_and_nobodys_is_hung_up_and_what_is_not_ours_is_left_alone() {
    let ours = channel("cordboard-00-7", "Up", "cordboard,leg");
    let other =
        json!({ "id": "1.0", "name": "PJSIP/200-1", "state": "Up", "dialplan": { "app_name": "Dial" } });
    let mut play = Play::new();
    play.channels = json!([ours, other]);
    play.bridges =
        json!([{ "id": "cordboard-call-9.0", "channels": [] }, { "id": "theirs", "channels": [] }]);
    play.reconnect();
    let mut ended = play.asked();
    ended.retain(|asked| asked.starts_with("DELETE"));
    ended.sort();
    assert_eq!(ended, ["DELETE /bridges/cordboard-call-9.0", "DELETE /channels/cordboard-00-7"]);
}

#[test]
fn calls_that_ran_on_are_kept_and_others_are_gone() {
    let mut play = Play::new();
    let (call, phone) = play.answered();
    play.channels =
        json!([channel(CALLER, "Up", "cordboard,queue,7700"), channel(&phone, "Up", "cordboard,leg")]);
    play.bridges = json!([{ "id": format!("cordboard-call-{call}"), "channels": [CALLER, phone] }]);
    play.told();
    play.reconnect();
    let told = play.told();
    let [SwitchEvent::LinkDown { .. }, SwitchEvent::LinkUp { calls, .. }] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(calls[0].connections.len(), 2);
    (play.channels, play.bridges) = (json!([]), json!([]));
    play.reconnect();
    let told = play.told();
    assert!(matches!(told.last(), Some(SwitchEvent::LinkUp { calls, .. }) if calls.is_empty()), "{told:?}");
}

#[test]
fn another_program_that_takes_the_application_is_not_fought() {
    let mut play = Play::new();
    play.told();
    play.event(&json!({ "type": "ApplicationReplaced", "application": "cordboard" }));
    assert!(matches!(play.told()[..], [SwitchEvent::LinkDown { .. }]));
    let (at, _) = play.desk.deadline().unwrap();
    assert!(at >= Timestamp(60_000), "{at:?}");
}

#[test]
fn a_session_that_is_told_to_stop_lets_calls_run_on() {
    let mut play = Play::new();
    play.answered();
    play.asked();
    play.give(Input::Hub(FromHub::Closing));
    assert_eq!(play.asked(), Vec::<String>::new());
    let link = play.link;
    play.give(Input::Peer(FromPeer::Disconnected { link, why: "ended".into() }));
    assert_eq!(play.desk.deadline(), None);
}
