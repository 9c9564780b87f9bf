//! The desk end with a MAX: registrations, calls in all orders of events, buttons, and pages that come and go.

use crate::max_bench;

use max_bench::*;
use model::{AgentState, Cause, PartyKind, SwitchEvent, SwitchRequest, Verb};
use serde_json::{Value, json};
use session::{Frame, FromPage};

fn call(number: u64, status: &str) -> Value {
    json!({"Type": "CallContactEvent", "ContactID": number.to_string(), "Status": status, "IsInbound": "True",
           "ANI": "4155550100", "DNIS": "7700", "Skill": "Sales", "FinalState": "False"})
}

fn outbound(number: u64, status: &str) -> Value {
    let mut call = call(number, status);
    (call["IsInbound"], call["DNIS"]) = (json!("False"), json!("4155550199"));
    call
}

fn state(state: &str, reason: &str) -> Value {
    json!({"Type": "AgentState", "CurrentState": state, "CurrentOutReason": reason})
}

#[test]
fn a_page_registers_for_everything_and_the_switch_is_up() {
    let mut max_bench = MaxBench::new();
    let sent = max_bench.sent();
    assert_eq!(sent.posts[0].0, MAX);
    let wanted = json!({"messageType": "RegisterForClientEvents", "issuer": "Cordboard", "subscriptionTypes": ["all"]});
    assert_eq!(sent.posts[0].1, wanted);
    assert_eq!(sent.states, ["registering"]);
    max_bench.acknowledge(vec![call(5, "Active")]);
    let sent = max_bench.sent();
    assert_eq!(sent.states, ["registered"]);
    let [SwitchEvent::LinkUp { features, calls }] = sent.events.as_slice() else { panic!("{sent:?}") };
    assert_eq!((features.len(), calls.len()), (6, 1));
    assert_eq!(calls[0].queue.as_ref().unwrap().as_str(), "7700", "the skill is a queue by its name");
}

#[test]
fn a_registration_without_an_answer_is_taken_back_and_sent_again() {
    let mut max_bench = MaxBench::new();
    max_bench.sent();
    max_bench.pass(3);
    let sent = max_bench.sent();
    assert_eq!(sent.words(), ["UnregisterFromClientEvents", "RegisterForClientEvents"]);
    assert_eq!(sent.states, ["silent"]);
    max_bench.pass(3);
    assert!(max_bench.sent().posts.is_empty(), "the pause grows");
    max_bench.pass(3);
    assert_eq!(max_bench.sent().words(), ["UnregisterFromClientEvents", "RegisterForClientEvents"]);
    max_bench.acknowledge(Vec::new());
    max_bench.pass(600);
    assert!(max_bench.sent().posts.is_empty());
}

#[test]
fn a_refused_registration_is_sent_again_and_nothing_is_up() {
    let mut max_bench = MaxBench::new();
    max_bench.sent();
    max_bench.receive(vec![json!({"messageType": "ClientEventSubscriptionAcknowledge", "status": "ERROR", "reason": "Invalid Subscription Types."})]);
    assert!(!max_bench.bench.session().is_up());
    assert_eq!(max_bench.sent().states, ["refused"]);
    max_bench.pass(3);
    assert_eq!(max_bench.sent().words().last(), Some(&"RegisterForClientEvents"));
}

#[test]
fn only_that_max_is_accepted() {
    let mut max_bench = MaxBench::new();
    let ack = json!({"messageType": "ClientEventSubscriptionAcknowledge", "status": "OK"});
    let envelope = |issuer: &str| json!({"issuer": issuer, "events": [ack]});
    max_bench.post("https://evil.example", envelope("MAX"));
    max_bench.post(MAX, envelope("CXA"));
    for message in [
        json!({"issuer": "MAX"}),
        json!("x"),
        json!(null),
        json!({"messageType": "RegisterForClientEvents", "issuer": "MAX"}),
    ] {
        max_bench.post(MAX, message);
    }
    let sent = max_bench.sent();
    assert!(sent.events.is_empty() && !max_bench.bench.session().is_up());
    assert_eq!(sent.warnings.len(), 1, "once is enough: {:?}", sent.warnings);
}

#[test]
fn a_call_is_reported_from_the_ring_to_the_end() {
    let mut max_bench = MaxBench::registered(Vec::new());
    max_bench.sent();
    for (status, wanted) in [
        ("Incoming", vec!["delivered"]),
        ("Incoming", vec![]),
        ("Active", vec!["established"]),
        ("Holding", vec!["held"]),
        ("Active", vec!["retrieved"]),
        ("Masking", vec![]),
        ("Joined", vec![]),
        ("Disconnected", vec!["connection-cleared", "connection-cleared"]),
        ("Disconnected", vec![]),
    ] {
        max_bench.receive(vec![call(5, status)]);
        assert_eq!(max_bench.sent().brief(), wanted, "{status}");
    }
}

/// The contact of a consult for call 5.
fn consult(status: &str) -> Value {
    json!({"Type": "CallContactEvent", "ContactID": CONSULT, "Status": status, "IsInbound": "False",
           "CallType": "Consult", "MasterID": "5", "ParentContactId": "5", "ANI": "1001", "DNIS": "1002"})
}

const CONSULT: &str = "4503599627370573";

#[test]
fn a_consult_is_linked_to_the_call_for_which_it_was_made() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Active")]);
    max_bench.sent();
    max_bench.receive(vec![consult("Dialing"), call(5, "Holding")]);
    let sent = max_bench.sent();
    assert_eq!(sent.brief(), ["held", "originated"], "the customer's contact comes first");
    let SwitchEvent::Originated { linked, to, .. } = &sent.events[1] else { panic!("{sent:?}") };
    assert_eq!(linked.as_ref().unwrap().as_str(), "1001:5");
    assert_eq!(to.at, PartyKind::Outside("1002".parse().unwrap()));
    max_bench.receive(vec![consult("Active")]);
    assert_eq!(max_bench.sent().brief(), ["established"]);
    // A transfer ends both.
    max_bench.receive(vec![call(5, "Disconnected"), consult("Disconnected")]);
    assert_eq!(max_bench.sent().brief(), ["connection-cleared"; 4]);
}

#[test]
fn a_consult_that_is_joined_is_a_conference_with_the_customer() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Holding"), consult("Active")]);
    max_bench.sent();
    max_bench.receive(vec![call(5, "Joined"), consult("Joined")]);
    let sent = max_bench.sent();
    assert_eq!(sent.brief(), ["retrieved", "conferenced"]);
    let SwitchEvent::Conferenced { primary, consult: merged, into, parties, .. } = &sent.events[1] else {
        panic!("{sent:?}")
    };
    assert_eq!(
        [primary, merged, into].map(model::CallId::as_str),
        ["1001:5", &format!("1001:{CONSULT}"), "1001:5"]
    );
    assert_eq!(parties.len(), 3);
    max_bench.receive(vec![call(5, "Holding"), consult("Joined")]);
    assert_eq!(max_bench.sent().brief(), ["held"], "the conference continues");
    max_bench.receive(vec![consult("Disconnected"), call(5, "Active")]);
    let sent = max_bench.sent();
    assert_eq!(sent.brief(), ["retrieved", "connection-cleared"]);
    let SwitchEvent::ConnectionCleared { call: cleared, at, .. } = &sent.events[1] else {
        panic!("{sent:?}")
    };
    assert_eq!((cleared.as_str(), at), ("1001:5", &PartyKind::Outside("1002".parse().unwrap())));
    max_bench.receive(vec![call(5, "Disconnected")]);
    assert_eq!(max_bench.sent().brief(), ["connection-cleared"; 2]);
}

#[test]
fn a_conference_is_one_call_in_the_picture_and_ends_with_the_customer_s_contact() {
    let mut max_bench = MaxBench::registered(vec![consult("Joined"), call(5, "Holding")]);
    let sent = max_bench.sent();
    let [SwitchEvent::LinkUp { calls, .. }] = sent.events.as_slice() else { panic!("{sent:?}") };
    assert_eq!((calls.len(), calls[0].call.as_str(), calls[0].connections.len()), (1, "1001:5", 3));
    // The page is loaded again, and MAX does not report the consult any longer.
    max_bench.acknowledge(vec![call(5, "Holding")]);
    assert_eq!(max_bench.sent().brief(), ["connection-cleared"]);
    max_bench.receive(vec![consult("Joined")]);
    assert_eq!(max_bench.sent().brief(), ["originated", "established", "conferenced", "held"]);
    max_bench.receive(vec![call(5, "Disconnected"), consult("Disconnected")]);
    assert_eq!(max_bench.sent().brief(), ["connection-cleared"; 3]);
    // The colleague stays, and the customer leaves.
    max_bench.receive(vec![call(5, "Active"), consult("Joined")]);
    max_bench.sent();
    max_bench.receive(vec![call(5, "Disconnected")]);
    assert_eq!(max_bench.sent().brief(), ["connection-cleared"; 3]);
    max_bench.receive(vec![consult("Active")]);
    let sent = max_bench.sent();
    assert_eq!(sent.brief(), ["originated", "established"], "it is a call of its own");
    let SwitchEvent::Originated { linked, .. } = &sent.events[0] else { panic!("{sent:?}") };
    assert_eq!(linked.as_ref().unwrap().as_str(), "1001:5", "of the same customer");
}

#[test]
fn the_picture_has_a_consult_after_its_call() {
    let sent = MaxBench::registered(vec![consult("Active"), call(5, "Holding")]).sent();
    let [SwitchEvent::LinkUp { calls, .. }] = sent.events.as_slice() else { panic!("{sent:?}") };
    let linked: Vec<_> = calls.iter().map(|call| (call.call.as_str(), call.linked.as_ref())).collect();
    assert_eq!(linked, [("1001:5", None), (&*format!("1001:{CONSULT}"), Some(&calls[0].call))]);
}

#[test]
fn a_contact_is_linked_to_the_first_one_of_its_chain_and_its_customer_can_change() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Active")]);
    max_bench.receive(vec![call(5, "Disconnected")]);
    max_bench.sent();
    let mut consulted = call(6, "Incoming");
    (consulted["CallType"], consulted["MasterID"]) = (json!("Consult"), json!("5"));
    consulted["ANI"] = json!("1002");
    max_bench.receive(vec![consulted.clone()]);
    let sent = max_bench.sent();
    let [SwitchEvent::Delivered(delivery)] = sent.events.as_slice() else { panic!("{sent:?}") };
    assert_eq!(delivery.linked.as_ref().unwrap().as_str(), "1001:5");
    // The colleague transfers the customer.
    (consulted["CallType"], consulted["ANI"]) = (json!("Regular"), json!("4155550100"));
    consulted["Status"] = json!("Active");
    max_bench.receive(vec![consulted.clone()]);
    let sent = max_bench.sent();
    let [SwitchEvent::Established { .. }, SwitchEvent::LinkUp { calls, .. }] = sent.events.as_slice() else {
        panic!("{sent:?}")
    };
    assert_eq!(calls[0].connections[1].party.at, PartyKind::Outside("4155550100".parse().unwrap()));
    consulted["ANI"] = json!("");
    max_bench.receive(vec![consulted]);
    assert!(max_bench.sent().events.is_empty(), "a missing number changes nothing");
}

#[test]
fn a_call_that_comes_from_nowhere_is_caught_up_with() {
    for (event, wanted) in [
        (call(5, "Holding"), vec!["delivered", "established", "held"]),
        (outbound(5, "Active"), vec!["originated", "established"]),
        (outbound(5, "Dialing"), vec!["originated"]),
        (call(5, "Disconnected"), vec![]),
    ] {
        let mut max_bench = MaxBench::registered(Vec::new());
        max_bench.sent();
        max_bench.receive(vec![event.clone()]);
        assert_eq!(max_bench.sent().brief(), wanted, "{event}");
    }
}

#[test]
fn an_end_before_the_answer_reports_who_was_not_reached() {
    let mut max_bench = MaxBench::registered(vec![]);
    max_bench.receive(vec![outbound(6, "Dialing"), call(5, "Incoming")]);
    max_bench.sent();
    max_bench.receive(vec![call(5, "Disconnected"), outbound(6, "Disconnected")]);
    let sent = max_bench.sent();
    assert!(sent.events.iter().any(|event| matches!(
        event,
        SwitchEvent::ConnectionCleared { cause: Cause::Abandoned, at: PartyKind::Device(_), .. }
    )));
    assert!(
        sent.events.iter().any(|event| matches!(event, SwitchEvent::Failed { cause: Cause::NoAnswer, .. }))
    );
}

#[test]
fn events_are_read_however_they_are_spelt() {
    let mut max_bench = MaxBench::registered(Vec::new());
    max_bench.sent();
    max_bench.receive(vec![
        json!({"type": "CallContactEvent", "contactId": 9_007_199_254_740_993_u64, "status": "active", "isInbound": true}),
        json!({"Type": "SomethingNew", "ContactID": "7"}),
        json!({"type": "NetworkOfflineEvent", "retryStatus": ""}),
        json!({"Type": "CallContactEvent", "Status": "Active"}),
        json!({"Type": "CallContactEvent", "ContactID": "8", "Status": "Pondering"}),
        json!(7),
    ]);
    assert_eq!(max_bench.sent().brief(), ["delivered", "established"]);
}

fn at(call: &str) -> (model::CallId, model::DeviceId) {
    (format!("1001:{call}").parse().unwrap(), "1001".parse().unwrap())
}

#[test]
fn a_request_presses_a_button_and_is_done_when_max_shows_it() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Incoming")]);
    max_bench.sent();
    let (call_id, device) = at("5");
    let steps: Vec<(SwitchRequest, &str, Value)> = vec![
        (
            SwitchRequest::AnswerCall { call: call_id.clone(), device: device.clone() },
            "AnswerEvent",
            call(5, "Active"),
        ),
        (
            SwitchRequest::HoldCall { call: call_id.clone(), device: device.clone() },
            "HoldEvent",
            call(5, "Holding"),
        ),
        (
            SwitchRequest::RetrieveCall { call: call_id.clone(), device: device.clone() },
            "HoldEvent",
            call(5, "Active"),
        ),
        (
            SwitchRequest::SetMute { call: call_id.clone(), device: device.clone(), on: true },
            "MuteEvent",
            json!({"Type": "Mute", "AgentMuted": "True"}),
        ),
        (SwitchRequest::StartRecording { call: call_id.clone(), device: device.clone() }, "RecordEvent", {
            let mut recorded = call(5, "Active");
            recorded["IsLogging"] = json!("True");
            recorded
        }),
        (
            SwitchRequest::PauseRecording { call: call_id.clone(), device: device.clone() },
            "MaskEvent",
            call(5, "Masking"),
        ),
        (
            SwitchRequest::ResumeRecording { call: call_id.clone(), device: device.clone() },
            "MaskEvent",
            call(5, "Active"),
        ),
        (SwitchRequest::ClearConnection { call: call_id, device }, "HangupEvent", call(5, "Disconnected")),
    ];
    for (requested, word, shown) in steps {
        max_bench.request(requested);
        let sent = max_bench.sent();
        assert_eq!((sent.words(), sent.answers.len()), (vec![word], 0));
        assert_eq!(sent.posts[0].1["contactId"], 5);
        max_bench.receive(vec![shown]);
        assert_eq!(max_bench.sent().done(), [true], "{word}");
    }
}

#[test]
fn what_is_so_already_is_done_and_what_max_does_not_show_is_refused() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Active")]);
    max_bench.sent();
    let (call_id, device) = at("5");
    max_bench.request(SwitchRequest::RetrieveCall { call: call_id.clone(), device: device.clone() });
    let sent = max_bench.sent();
    assert_eq!((sent.done(), sent.posts.len()), (vec![true], 0), "a toggle is not pressed for nothing");
    let hold = SwitchRequest::HoldCall { call: call_id, device: device.clone() };
    max_bench.request_as(7, hold.clone());
    max_bench.request_as(7, hold.clone());
    assert_eq!(max_bench.sent().words(), ["HoldEvent"], "the same request is done once");
    max_bench.pass(10);
    assert_eq!(max_bench.sent().done(), [false]);
    max_bench.request_as(7, hold);
    assert_eq!(max_bench.sent().done(), [false], "and answered as before");
    let (other, _) = at("6");
    max_bench.request(SwitchRequest::AnswerCall { call: other, device: device.clone() });
    max_bench.request(SwitchRequest::MakeCall {
        device,
        to: "7700".parse().unwrap(),
        data: model::Data::new(),
    });
    assert_eq!(max_bench.sent().done(), [false, false]);
}

#[test]
fn a_call_that_rings_is_refused_and_not_hung_up() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Incoming")]);
    max_bench.sent();
    let (call_id, device) = at("5");
    max_bench.request(SwitchRequest::ClearConnection { call: call_id, device });
    assert_eq!(max_bench.sent().words(), ["RefuseEvent"]);
}

#[test]
fn a_page_that_is_reloaded_keeps_its_calls_and_one_that_stays_away_loses_them() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Active"), call(6, "Holding")]);
    max_bench.sent();
    max_bench.bench.page(max_bench.page, FromPage::Closed { why: "reload".into() });
    assert_eq!(max_bench.sent().brief(), ["link-down"]);
    max_bench.page = max_bench.bench.open_page(principal("1001"));
    max_bench.bench.page(max_bench.page, around());
    max_bench.acknowledge(vec![call(6, "Holding")]);
    let sent = max_bench.sent();
    let [SwitchEvent::LinkUp { calls, .. }] = sent.events.as_slice() else { panic!("{sent:?}") };
    assert_eq!(calls.len(), 1, "call 5 ended meanwhile");
    max_bench.bench.page(max_bench.page, FromPage::FrameClosed { frame: Frame(0) });
    max_bench.pass(29);
    assert_eq!(max_bench.sent().brief(), ["link-down"]);
    max_bench.pass(1);
    let sent = max_bench.sent();
    let is_lost =
        |event: &SwitchEvent| matches!(event, SwitchEvent::ConnectionCleared { cause: Cause::Lost, .. });
    assert_eq!(sent.events.len(), 2, "{sent:?}");
    assert!(sent.events.iter().all(is_lost), "the call ends while the switch is down: {sent:?}");
    assert!(!max_bench.bench.session().is_up());
    max_bench.bench.page(max_bench.page, around());
    max_bench.bench.page(max_bench.page, FromPage::Message { message: json!(1) });
    max_bench.set_state(AgentState::Ready);
    max_bench.acknowledge(Vec::new());
    let sent = max_bench.sent();
    assert!(matches!(&sent.events[0], SwitchEvent::LinkUp { calls, .. } if calls.is_empty()), "{sent:?}");
}

#[test]
fn a_max_that_answers_late_is_accepted_all_the_same() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Active")]);
    max_bench.bench.page(max_bench.page, FromPage::FrameClosed { frame: Frame(0) });
    max_bench.bench.page(max_bench.page, around());
    max_bench.pass(120);
    max_bench.sent();
    max_bench.acknowledge(vec![call(5, "Active")]);
    let sent = max_bench.sent();
    assert!(matches!(&sent.events[0], SwitchEvent::LinkUp { calls, .. } if calls.len() == 1), "{sent:?}");
}

#[test]
fn call_data_reaches_the_hub() {
    let mut max_bench = MaxBench::registered(Vec::new());
    max_bench.sent();
    let mut one = call(5, "Incoming");
    one["ScreenPopUrlVariables"] = json!([{"AccountCode": "A-1"}]);
    max_bench.receive(vec![one.clone()]);
    let sent = max_bench.sent();
    let [SwitchEvent::Delivered(delivery)] = sent.events.as_slice() else { panic!("{sent:?}") };
    assert_eq!(delivery.data.iter().collect::<Vec<_>>(), [("AccountCode", "A-1")]);
    one["CustomData"] = json!(r#"{"AccountCode":"A-1","Name":"Ada"}"#);
    max_bench.receive(vec![one.clone(), one]);
    let sent = max_bench.sent();
    let [SwitchEvent::CallInformation { data, .. }] = sent.events.as_slice() else { panic!("{sent:?}") };
    assert_eq!(data.iter().collect::<Vec<_>>(), [("Name", "Ada")], "only changes are told, once");
}

#[test]
fn with_a_second_page_there_is_one_switch_and_each_call_once() {
    let mut max_bench = MaxBench::registered(vec![call(5, "Active")]);
    let second = max_bench.bench.open_page(principal("1001"));
    max_bench.bench.page(second, around());
    max_bench.sent();
    let ack = json!({"messageType": "ClientEventSubscriptionAcknowledge", "status": "OK"});
    max_bench.post_to(second, MAX, json!({"issuer": "MAX", "events": [ack, call(5, "Active")]}));
    assert!(max_bench.sent().events.is_empty());
    max_bench.bench.page(max_bench.page, FromPage::Closed { why: "closed".into() });
    max_bench.pass(60);
    assert!(max_bench.sent().events.is_empty(), "the second page still tells");
}

#[test]
fn the_agent_at_the_hub_follows() {
    let mut max_bench = MaxBench::registered(vec![state("Unavailable", "")]);
    let sent = max_bench.sent();
    assert_eq!(sent.verbs(), ["sign-in", "not-ready"]);
    assert_eq!(sent.commands[0].by.account.as_str(), "1001");
    max_bench.set_state(AgentState::Ready);
    max_bench.receive(vec![state("available", "")]);
    max_bench.receive(vec![state("Available", "")]);
    max_bench.receive(vec![state("InboundContact", "")]);
    max_bench.receive(vec![json!({"Type": "AgentState", "CurrentState": "Unavailable", "IsAcw": "True"})]);
    assert_eq!(max_bench.sent().verbs(), ["ready"], "calls and what they leave the hub sees by itself");
    max_bench.receive(vec![json!({"type": "AgentSessionEnd", "success": "false"})]);
    let sent = max_bench.sent();
    assert!(matches!(sent.commands[0].verb, Verb::SignOut { .. }), "{sent:?}");
}

#[test]
fn an_agent_whose_phone_is_elsewhere_is_sent_away() {
    let mut max_bench = MaxBench::new();
    max_bench.sent();
    let page = max_bench.bench.open_page(principal("1009"));
    max_bench.bench.page(page, around());
    let sent = max_bench.sent();
    assert!(sent.closed[0].contains("1009") && sent.closed[0].contains("max"), "{sent:?}");
}
