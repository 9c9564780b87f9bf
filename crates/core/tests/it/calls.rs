//! Calls from the first ring to completion.

use crate::floor;

use floor::*;
use model::{
    Cause, Code, ConversationState, Data, Direction, InteractionState, Leg, SwitchAnswer, SwitchEvent,
    SwitchRequest, Verb, switch::DeflectTo,
};

#[test]
fn a_call_goes_from_the_queue_to_the_longest_idle_agent_and_to_completion() {
    let mut hub = Hub::new();
    hub.ready("1002");
    hub.wait(10);
    hub.ready("1001");
    hub.queued("a");
    let to = DeflectTo::Device(device("1002"));
    assert_eq!(hub.take_requests(), [SwitchRequest::DeflectCall { call: call("a"), from: None, to }]);
    hub.delivered("a", "1002", caller(), None);
    assert_eq!(hub.state_of("1002"), "busy");
    assert_eq!(hub.of("1002").state, InteractionState::Alerting);
    assert_eq!(hub.can("1002")[..2], ["answer", "reject"]);
    hub.run("1002", Verb::Answer).unwrap();
    assert_eq!(hub.take_requests(), [SwitchRequest::AnswerCall { call: call("a"), device: device("1002") }]);
    hub.established("a", "1002");
    assert_eq!(hub.of("1002").state, InteractionState::Started);
    hub.cleared("a", caller().at, Cause::Normal);
    hub.cleared("a", phone("1002").at, Cause::Normal);
    assert_eq!(hub.state_of("1002"), "wrap-up");
    hub.run("1002", Verb::Complete { disposition: None, notes: Some("done".into()) }).unwrap();
    assert_eq!(hub.state_of("1002"), "ready");
    let completed = hub.completed();
    assert_eq!(completed.len(), 1);
    assert_eq!(completed[0].direction, Direction::Inbound);
}

#[test]
fn wrap_up_ends_by_itself() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.wait(29_999);
    assert_eq!(hub.state_of("1001"), "wrap-up");
    hub.wait(1);
    assert_eq!(hub.state_of("1001"), "ready");
}

#[test]
fn a_clock_that_jumps_an_hour_ends_a_wrap_up_once() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.wait(3_600_000);
    assert_eq!(hub.state_of("1001"), "ready");
    assert_eq!(hub.completed().len(), 1);
    hub.talk("b", "1001");
    hub.cleared("b", phone("1001").at, Cause::Normal);
    hub.wait(29_999);
    assert_eq!(hub.state_of("1001"), "wrap-up", "the next one has its whole time");
}

#[test]
fn a_call_that_is_not_answered_goes_to_the_next_agent() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.wait(10);
    hub.ready("1002");
    hub.queued("a");
    hub.take_requests();
    hub.delivered("a", "1001", caller(), None);
    hub.wait(20_000);
    assert_eq!(hub.state_of("1001"), "not-ready rona");
    let requests = hub.take_requests();
    let back = DeflectTo::Queue(queue("7700"));
    assert_eq!(
        requests[0],
        SwitchRequest::DeflectCall { call: call("a"), from: Some(device("1001")), to: back }
    );
    let on = DeflectTo::Device(device("1002"));
    assert_eq!(requests[1], SwitchRequest::DeflectCall { call: call("a"), from: None, to: on });
    assert_eq!(hub.completed()[0].cause, Some(Cause::NoAnswer));
}

#[test]
fn a_caller_who_gives_up_leaves_the_queue_and_frees_the_agent() {
    let mut hub = Hub::new();
    hub.ready("1001");
    hub.queued("a");
    hub.take_requests();
    hub.delivered("a", "1001", caller(), None);
    hub.cleared("a", caller().at, Cause::Abandoned);
    hub.cleared("a", phone("1001").at, Cause::Abandoned);
    assert_eq!(hub.state_of("1001"), "ready");
    hub.queued("b");
    assert_eq!(hub.take_requests().len(), 1);
}

#[test]
fn what_an_agent_requests_while_busy_is_done_afterwards() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", Verb::NotReady { reason: None }).unwrap();
    assert_eq!(hub.state_of("1001"), "busy");
    hub.cleared("a", phone("1001").at, Cause::Normal);
    hub.wait(30_000);
    assert_eq!(hub.state_of("1001"), "not-ready unspecified");
}

#[test]
fn an_agent_who_was_not_ready_is_so_again_after_a_call_of_its_own() {
    let mut hub = Hub::new();
    hub.run("1001", Verb::SignIn { device: None, queues: None }).unwrap();
    hub.run("1001", Verb::Dial { to: number("+14155550100"), data: Data::new() }).unwrap();
    let again = hub.run("1001", Verb::Dial { to: number("+14155550101"), data: Data::new() });
    assert_eq!(again.unwrap_err().code, Code::WrongState);
    hub.take_requests();
    let device = device("1001");
    hub.report(SwitchEvent::Originated {
        call: call("o"),
        device,
        to: caller(),
        linked: None,
        data: Data::new(),
    });
    assert_eq!(hub.of("1001").direction, Direction::Outbound);
    hub.report(SwitchEvent::Established { call: call("o"), at: caller().at });
    assert_eq!(hub.of("1001").state, InteractionState::Started);
    hub.cleared("o", phone("1001").at, Cause::Normal);
    assert_eq!(hub.state_of("1001"), "not-ready signed-in");
}

/// 1001 is connected with the customer and has a consultation with 1002.
fn consulting() -> Hub {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1002", Verb::SignIn { device: None, queues: None }).unwrap();
    hub.run("1001", Verb::Consult { to: number("1002"), data: Data::new() }).unwrap();
    assert!(matches!(hub.take_requests()[0], SwitchRequest::ConsultationCall { .. }));
    hub.report(SwitchEvent::Held { call: call("a"), device: device("1001") });
    hub.report(SwitchEvent::Originated {
        call: call("b"),
        device: device("1001"),
        to: phone("1002"),
        linked: Some(call("a")),
        data: Data::new(),
    });
    hub.delivered("b", "1002", phone("1001"), Some("a"));
    assert!(hub.of("1001").consult.as_ref().unwrap().delivered);
    hub.run("1002", Verb::Answer).unwrap();
    hub.take_requests();
    hub.established("b", "1002");
    assert_eq!(hub.of("1001").active(), Some(Leg::Consult));
    assert_eq!(hub.of("1001").linkage, hub.of("1002").linkage);
    hub
}

#[test]
fn a_consult_is_completed_as_a_transfer() {
    let mut hub = consulting();
    hub.run("1001", Verb::CompleteTransfer).unwrap();
    assert!(matches!(hub.take_requests()[0], SwitchRequest::TransferCall { .. }));
    hub.report(SwitchEvent::Transferred {
        device: device("1001"),
        primary: call("a"),
        consult: Some(call("b")),
        into: call("a"),
        parties: vec![caller(), phone("1002")],
    });
    assert_eq!(hub.state_of("1001"), "wrap-up");
    assert_eq!(hub.of("1001").cause, Some(Cause::Transferred));
    assert_eq!(hub.of("1002").customer, caller());
    assert_eq!(hub.of("1002").primary.unwrap().call, call("a"));
    hub.cleared("a", phone("1002").at, Cause::Normal);
    assert!(hub.all_of("1002").is_empty(), "internal calls leave no wrap-up on this floor");
}

#[test]
fn a_consult_is_completed_as_a_conference_of_which_each_may_leave() {
    let mut hub = consulting();
    hub.run("1001", Verb::Merge).unwrap();
    hub.take_requests();
    hub.report(SwitchEvent::Conferenced {
        device: device("1001"),
        primary: call("a"),
        consult: call("b"),
        into: call("a"),
        parties: vec![caller(), phone("1001"), phone("1002")],
    });
    let first = hub.of("1001");
    assert_eq!(first.consult, None);
    assert_eq!(first.primary.as_ref().unwrap().state, ConversationState::Talking);
    assert_eq!(first.primary.unwrap().parties, [caller(), phone("1002")]);
    hub.cleared("a", phone("1001").at, Cause::Normal);
    assert_eq!(hub.of("1002").primary.unwrap().parties, [caller()]);
    assert_eq!(hub.of("1002").customer, caller());
}

#[test]
fn a_consult_is_alternated_and_cancelled() {
    let mut hub = consulting();
    hub.run("1001", Verb::Alternate).unwrap();
    let (active, held) = (call("b"), call("a"));
    assert_eq!(hub.take_requests(), [SwitchRequest::AlternateCall { device: device("1001"), active, held }]);
    hub.report(SwitchEvent::Held { call: call("b"), device: device("1001") });
    hub.report(SwitchEvent::Retrieved { call: call("a"), device: device("1001") });
    assert_eq!(hub.of("1001").active(), Some(Leg::Primary));
    hub.run("1001", Verb::Alternate).unwrap();
    hub.take_requests();
    hub.report(SwitchEvent::Held { call: call("a"), device: device("1001") });
    hub.report(SwitchEvent::Retrieved { call: call("b"), device: device("1001") });
    hub.run("1001", Verb::CancelConsult).unwrap();
    let requests = hub.take_requests();
    assert_eq!(requests[0], SwitchRequest::ClearConnection { call: call("b"), device: device("1001") });
    assert_eq!(requests[1], SwitchRequest::RetrieveCall { call: call("a"), device: device("1001") });
}

#[test]
fn what_the_switch_refuses_is_reported() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    hub.run("1001", Verb::Hold { leg: None }).unwrap();
    let request = hub.requests.pop().unwrap().request;
    hub.answer(request, SwitchAnswer::Refused { cause: Cause::Failed, text: "no music".into() });
    assert!(hub.words().contains(&"notice-raised"));
    assert_eq!(hub.take_requests(), [SwitchRequest::Snapshot], "what was believed of the call is in doubt");
    assert_eq!(hub.of("1001").primary.unwrap().state, ConversationState::Talking);
}

#[test]
fn controls_follow_the_switch() {
    let mut hub = Hub::new();
    hub.talk("a", "1001");
    assert_eq!(hub.run("1001", Verb::Mask { on: true }).unwrap_err().code, Code::WrongState);
    for verb in [Verb::Record, Verb::Mute { on: true }] {
        hub.run("1001", verb).unwrap();
        hub.take_requests();
    }
    hub.run("1001", Verb::Mask { on: true }).unwrap();
    hub.take_requests();
    let one = hub.of("1001");
    assert!(one.recording && one.muted && one.masked);
}

#[test]
fn a_number_passes_the_dial_policy_on_every_way_out() {
    let mut floor = small_floor();
    floor.dial_policy = serde_json::from_str(r#"{"deny":["+1900."],"per_minute_max":2}"#).unwrap();
    let mut hub = Hub::on(floor);
    hub.talk("a", "1001");
    let denied = number("+19005550100");
    let ways = [
        Verb::Dial { to: denied.clone(), data: Data::new() },
        Verb::Consult { to: denied.clone(), data: Data::new() },
        Verb::Transfer { to: denied },
    ];
    hub.run("1001", Verb::Hold { leg: None }).unwrap();
    hub.take_requests();
    hub.report(SwitchEvent::Held { call: call("a"), device: device("1001") });
    for verb in ways {
        assert_eq!(hub.run("1001", verb.clone()).unwrap_err().code, Code::NumberRefused, "{verb:?}");
    }
    for _ in 0..2 {
        hub.run("1001", Verb::Dial { to: number("1002"), data: Data::new() }).unwrap();
        hub.take_requests();
    }
    let third = hub.run("1001", Verb::Dial { to: number("1002"), data: Data::new() });
    assert_eq!(third.unwrap_err().code, Code::TooMany);
}
