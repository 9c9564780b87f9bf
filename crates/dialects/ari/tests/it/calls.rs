//! Whole calls against an Asterisk in memory: the requests to Asterisk, and what the hub gets.

use crate::play;

use http::StatusCode;
use model::{
    Cause, Digits, Number, PartyKind, RequestId, SwitchAnswer, SwitchEvent, SwitchRequest, Timestamp,
    switch::ConnectionState,
};
use play::{Play, asterisk, phone, waits};
use scripted_asterisk::Kind;
use serde_json::json;
use session::{FromHub, Input, Session};

#[test]
fn a_call_waits_with_music_and_carries_allowed_data_only() {
    let mut play = Play::new();
    let (call, _) = play.offered();
    let waits = [
        format!("POST /channels/{call}/answer"),
        "POST /bridges/cordboard-queue-7700".to_owned(),
        "POST /bridges/cordboard-queue-7700/addChannel".to_owned(),
        "POST /bridges/cordboard-queue-7700/moh".to_owned(),
    ];
    assert_eq!(play.requests()[..4], waits);
    let reported = play.reported();
    let [SwitchEvent::LinkUp { .. }, SwitchEvent::Queued { queue, data, .. }] = &reported[..] else {
        panic!("{reported:?}")
    };
    assert_eq!(queue.as_str(), "7700");
    assert_eq!(data.iter().collect::<Vec<_>>(), [("account", "4711")]);
}

#[test]
fn a_waiting_caller_gets_its_place_over_and_over() {
    let mut play = Play::new();
    let (call, _) = play.offered();
    play.requests();
    let waiting = |call: &str, priority: u8| {
        json!({"type": "queue-changed", "queue": "7700", "change": "entered", "waiting": {
            "switch": "pbx", "call": call, "linkage": "00000000-0000-7000-8000-000000000001", "dialled": "7700",
            "caller": {"at": "withheld"}, "priority": priority, "since": 0}})
    };
    // The other one has a higher weight, and is not Asterisk's.
    play.happened(waiting(call.as_str(), 3));
    play.happened(waiting("elsewhere", 5));
    let reported = || format!("POST /channels/{call}/play {}", json!({"media": ["number:2"]}));
    assert_eq!(play.pass(29_000), [] as [String; 0]);
    assert_eq!(play.pass(1_000), [reported()]);
    assert_eq!(play.pass(30_000), [reported()]);
    play.happened(json!({"type": "queue-changed", "queue": "7700", "change": "left", "switch": "pbx", "call": "elsewhere",
        "cause": "abandoned", "waited_ms": 1}));
    let first = format!("POST /channels/{call}/play {}", json!({"media": ["number:1"]}));
    assert_eq!(play.pass(30_000), [first]);
}

#[test]
fn an_offer_is_answered_once_the_phone_rings() {
    let mut play = Play::new();
    let (call, channel) = play.offered();
    assert_eq!(play.answers, []);
    play.rings(&channel);
    assert_eq!(play.answers, [(1, SwitchAnswer::Done { call: None })]);
    play.reported();
    play.answers(&channel);
    assert_eq!(play.reported(), [SwitchEvent::Established { call, at: PartyKind::Device(phone()) }]);
}

#[test]
fn a_phone_that_cannot_be_called_is_refused_and_the_caller_waits_on() {
    let mut play = Play::new();
    let (_, channel) = play.offered();
    play.reported();
    play.busy(&channel);
    assert!(matches!(play.answers[..], [(1, SwitchAnswer::Refused { .. })]), "{:?}", play.answers);
    assert_eq!(play.reported(), []);
    play.request(SwitchRequest::Snapshot);
    let reported = play.reported();
    let [SwitchEvent::LinkUp { calls, .. }] = &reported[..] else { panic!("{reported:?}") };
    assert_eq!(calls[0].connections.len(), 1);
    assert_eq!(calls[0].connections[0].state, ConnectionState::Queued);
}

#[test]
fn a_phone_that_never_rings_is_given_up() {
    let mut play = Play::new();
    play.offered();
    let (at, _) = play.desk.deadline().unwrap();
    assert!(at <= Timestamp(8_000), "{at:?}");
    play.now = Timestamp(8_000);
    play.give(Input::Tick);
    assert!(matches!(play.answers[..], [(1, SwitchAnswer::Refused { .. })]), "{:?}", play.answers);
    let requests = play.requests();
    assert!(
        requests.iter().any(|request| request.starts_with("DELETE /channels/cordboard-")),
        "{requests:?}"
    );
}

#[test]
fn one_who_declines_sends_the_call_back() {
    let mut play = Play::new();
    let (call, channel) = play.offered();
    play.rings(&channel);
    play.reported();
    play.busy(&channel);
    let reported = play.reported();
    let [SwitchEvent::ConnectionCleared { cause, .. }, SwitchEvent::Queued { call: again, .. }] =
        &reported[..]
    else {
        panic!("{reported:?}")
    };
    assert_eq!((*cause, again), (Cause::Rejected, &call));
}

#[test]
fn what_is_reported_follows_what_was_done() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.requests();
    play.reported();
    play.request(SwitchRequest::HoldCall { call: call.clone(), device: phone() });
    let requests = play.requests();
    assert!(requests.contains(&"POST /bridges/cordboard-held/addChannel".to_owned()), "{requests:?}");
    assert!(requests.contains(&format!("POST /bridges/cordboard-call-{call}/removeChannel")), "{requests:?}");
    assert_eq!(play.reported(), [SwitchEvent::Held { call, device: phone() }]);
}

#[test]
fn what_fails_is_refused_and_not_reported() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.reported();
    play.asterisk.refuses = Some(("/removeChannel", StatusCode::UNPROCESSABLE_ENTITY));
    let request = play.request(SwitchRequest::HoldCall { call: call.clone(), device: phone() });
    assert!(
        matches!(play.answer(request), SwitchAnswer::Done { .. }),
        "what is out of a bridge already is done"
    );
    play.asterisk.refuses = Some(("/dtmf", StatusCode::UNPROCESSABLE_ENTITY));
    play.request(SwitchRequest::RetrieveCall { call: call.clone(), device: phone() });
    let tones = Digits::new("1").unwrap().into();
    let request = play.request(SwitchRequest::GenerateDigits { call, device: phone(), tones });
    assert!(matches!(play.answer(request), SwitchAnswer::Refused { .. }));
}

#[test]
fn a_recording_is_named_as_its_file_is() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.reported();
    play.requests();
    let request = play.request(SwitchRequest::StartRecording { call: call.clone(), device: phone() });
    assert!(matches!(play.answer(request), SwitchAnswer::Done { .. }));
    let name = format!("cordboard-{call}").into();
    let named = SwitchEvent::RecordingStarted { call: call.clone(), name };
    assert_eq!(play.reported(), std::slice::from_ref(&named));
    assert!(play.requests().iter().any(|request| request.ends_with("/record")));
    play.request(SwitchRequest::StartRecording { call, device: phone() });
    assert_eq!(play.reported(), [named], "a recording that runs already is named again");
}

#[test]
fn a_request_that_is_repeated_is_done_once() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    let made_before = play.originated();
    let to = Number::new("+14155550123").unwrap();
    let consult = SwitchRequest::ConsultationCall { call, device: phone(), to, data: Default::default() };
    let first = play.request(consult.clone());
    play.give(Input::Hub(FromHub::Requested { request: RequestId(first), requested: consult.clone() }));
    let second = play.request(consult);
    assert_eq!(play.originated(), made_before + 1);
    assert!(matches!(play.answer(first), SwitchAnswer::Done { call: Some(_) }));
    assert_eq!(play.answer(first), play.answer(second));
}

#[test]
fn the_caller_ends_it_and_everything_is_cleared_away() {
    let mut play = Play::new();
    let (call, channel) = play.answered();
    play.requests();
    play.reported();
    play.hangs_up(call.as_str());
    let mut requests = play.requests();
    requests.sort();
    assert_eq!(
        requests,
        [format!("DELETE /bridges/cordboard-call-{call}"), format!("DELETE /channels/{channel}")]
    );
    assert_eq!(play.reported().len(), 2);
}

#[test]
fn a_transfer_to_whom_nobody_can_reach_leaves_the_call_as_it_was() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.reported();
    let to = Number::new("+14155550123").unwrap();
    let request = play.request(SwitchRequest::SingleStepTransfer { call, device: phone(), to });
    let target = play.made();
    play.busy(&target);
    assert!(matches!(play.answer(request), SwitchAnswer::Refused { cause: Cause::Busy, .. }));
    assert_eq!(play.reported(), []);
}

#[test]
fn a_call_that_came_while_nobody_listened_is_taken_on() {
    let mut asterisk = asterisk();
    asterisk.call(Timestamp(0), &waits());
    let mut play = Play::with(asterisk);
    let reported = play.reported();
    assert!(matches!(reported[..], [SwitchEvent::LinkUp { .. }, SwitchEvent::Queued { .. }]), "{reported:?}");
}

#[test]
fn calls_are_understood_by_what_is_written_on_their_channels() {
    let mut play = Play::new();
    let (call, channel) = play.offered();
    play.rings(&channel);
    play.busy(&channel);
    play.reported();
    play.restart();
    let reported = play.reported();
    let [SwitchEvent::LinkUp { calls, .. }] = &reported[..] else { panic!("{reported:?}") };
    assert_eq!(calls[0].call, call);
    assert_eq!(calls[0].queue.as_ref().unwrap().as_str(), "7700");
    assert_eq!(calls[0].connections[0].state, ConnectionState::Queued);
    assert_eq!(calls[0].data.get("account"), Some("4711"));
}

#[test]
fn a_call_whose_channel_cannot_be_read_is_not_given_up() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    play.reported();
    play.asterisk.refuses = Some(("/variable", StatusCode::INTERNAL_SERVER_ERROR));
    play.restart();
    assert_eq!(play.reported(), []);
    play.asterisk.refuses = None;
    play.pass(1_000);
    let reported = play.reported();
    let [SwitchEvent::LinkUp { calls, .. }] = &reported[..] else { panic!("{reported:?}") };
    assert_eq!((&calls[0].call, calls[0].connections.len()), (&call, 2));
}

#[test]
fn a_phone_that_was_answered_before_that_was_written_down_talks() {
    let mut play = Play::new();
    let (call, channel) = play.offered();
    play.rings(&channel);
    play.asterisk.refuses = Some(("/variable", StatusCode::UNPROCESSABLE_ENTITY));
    play.answers(&channel);
    play.asterisk.refuses = None;
    play.reported();
    play.restart();
    let reported = play.reported();
    let established = SwitchEvent::Established { call: call.clone(), at: PartyKind::Device(phone()) };
    assert!(
        matches!(&reported[..], [SwitchEvent::LinkUp { .. }, event] if *event == established),
        "{reported:?}"
    );
    let (bridge, _) = play.asterisk.bridge_of(&channel).unwrap();
    assert_eq!(bridge, format!("cordboard-call-{call}"));
}

#[test]
fn a_caller_who_was_answered_before_that_was_written_down_talks() {
    let mut play = Play::new();
    let (call, channel) = play.offered();
    play.rings(&channel);
    assert_eq!(call.as_str(), "0.1");
    play.asterisk.refuses = Some(("/0.1/variable", StatusCode::UNPROCESSABLE_ENTITY));
    play.answers(&channel);
    play.asterisk.refuses = None;
    play.reported();
    play.restart();
    let reported = play.reported();
    let [SwitchEvent::LinkUp { calls, .. }] = &reported[..] else { panic!("{reported:?}") };
    let states: Vec<_> = calls[0].connections.iter().map(|one| one.state).collect();
    assert_eq!(states, [ConnectionState::Connected; 2]);
}

#[test]
fn what_failed_is_tried_again() {
    let mut play = Play::new();
    let (call, channel) = play.answered();
    play.asterisk.refuses = Some(("/addChannel", StatusCode::INTERNAL_SERVER_ERROR));
    play.request(SwitchRequest::HoldCall { call: call.clone(), device: phone() });
    let bridge = format!("cordboard-call-{call}");
    assert_eq!(play.asterisk.bridge_of(call.as_str()).unwrap().0, bridge);
    play.asterisk.refuses = None;
    play.pass(1_000);
    assert_eq!(play.asterisk.bridge_of(call.as_str()).unwrap().0, "cordboard-held");
    assert_eq!(play.asterisk.bridge_of(&channel), None);
}

#[test]
fn a_channel_that_could_not_be_hung_up_is_hung_up_later() {
    let mut play = Play::new();
    let (call, channel) = play.answered();
    play.asterisk.refuses = Some(("/channels/0.1", StatusCode::INTERNAL_SERVER_ERROR));
    play.hangs_up(&channel);
    assert!(play.asterisk.channels().contains_key(call.as_str()));
    play.asterisk.refuses = None;
    play.pass(1_000);
    assert!(play.asterisk.channels().is_empty());
}

#[test]
fn a_recording_that_could_not_be_started_is_none() {
    let mut play = Play::new();
    let (call, _) = play.answered();
    let record = SwitchRequest::StartRecording { call, device: phone() };
    play.asterisk.refuses = Some(("/record", StatusCode::INTERNAL_SERVER_ERROR));
    let first = play.request(record.clone());
    assert!(matches!(play.answer(first), SwitchAnswer::Refused { .. }));
    play.reported();
    let second = play.request(record);
    assert!(matches!(play.answer(second), SwitchAnswer::Refused { .. }), "{:?}", play.reported());
}

#[test]
fn what_is_ours_and_nobodys_is_hung_up_and_what_is_not_ours_is_left_alone() {
    let mut play = Play::new();
    play.asterisk.has("cordboard-00-7", Some(&["leg"]));
    play.asterisk.has("1.0", None);
    play.asterisk.has_bridge("cordboard-call-9.0", Kind::Mixing);
    play.asterisk.has_bridge("theirs", Kind::Mixing);
    play.reconnect();
    let mut ended = play.requests();
    ended.retain(|request| request.starts_with("DELETE"));
    ended.sort();
    assert_eq!(ended, ["DELETE /bridges/cordboard-call-9.0", "DELETE /channels/cordboard-00-7"]);
}

#[test]
fn calls_that_ran_on_are_kept_and_others_are_gone() {
    let mut play = Play::new();
    play.answered();
    play.reported();
    play.reconnect();
    let reported = play.reported();
    let [SwitchEvent::LinkDown { .. }, SwitchEvent::LinkUp { calls, .. }] = &reported[..] else {
        panic!("{reported:?}")
    };
    assert_eq!(calls[0].connections.len(), 2);
    play.happens(|asterisk, now| asterisk.restart(now, 0));
    play.reconnect();
    let reported = play.reported();
    assert!(
        matches!(reported.last(), Some(SwitchEvent::LinkUp { calls, .. }) if calls.is_empty()),
        "{reported:?}"
    );
}

#[test]
fn another_program_that_takes_the_application_is_not_fought() {
    let mut play = Play::new();
    play.reported();
    play.happens(|asterisk, now| asterisk.replace(now));
    assert!(matches!(play.reported()[..], [SwitchEvent::LinkDown { .. }]));
    let (at, _) = play.desk.deadline().unwrap();
    assert!(at >= Timestamp(60_000), "{at:?}");
}

#[test]
fn a_session_that_stops_lets_calls_run_on() {
    let mut play = Play::new();
    play.answered();
    play.requests();
    play.give(Input::Hub(FromHub::Closing));
    assert_eq!(play.requests(), Vec::<String>::new());
    play.happens(|asterisk, now| asterisk.cut(now, 0));
    assert_eq!(play.desk.deadline(), None);
}

#[test]
fn a_phone_that_dials_its_own_number_by_hand_is_busy() {
    let mut play = Play::new();
    play.reported();
    play.happens(|asterisk, now| drop(asterisk.dial(now, "PJSIP/70001", "70001")));
    let reported = play.reported();
    let [SwitchEvent::Originated { .. }, .., over] = &reported[..] else { panic!("{reported:?}") };
    let is_busy = matches!(
        over,
        SwitchEvent::Failed { cause: Cause::Busy, .. }
            | SwitchEvent::ConnectionCleared { cause: Cause::Busy, .. }
    );
    assert!(is_busy, "{reported:?}");
    assert_eq!(play.originated(), 0);
}

#[test]
fn phones_are_those_endpoints_that_have_the_form_of_a_phone() {
    let mut asterisk = asterisk();
    asterisk.endpoints = vec!["1001".to_owned(), "1002".to_owned()];
    let mut play = Play::with(asterisk);
    let listed = |play: &mut Play| -> Vec<String> {
        let phones = |event: SwitchEvent| {
            let SwitchEvent::PhonesListed { phones } = event else { return None };
            Some(phones)
        };
        play.reported().into_iter().filter_map(phones).flatten().map(|phone| phone.to_string()).collect()
    };
    assert_eq!(listed(&mut play), ["1001", "1002"]);
    play.asterisk.endpoints.push("1003".to_owned());
    for _ in 0..7 {
        play.pass(10_000);
    }
    assert_eq!(listed(&mut play), ["1001", "1002", "1003"], "a phone that was added");
    play.asterisk.endpoints.clear();
    play.reconnect();
    assert_eq!(listed(&mut play), [] as [String; 0], "an Asterisk that does not list its endpoints");
}
