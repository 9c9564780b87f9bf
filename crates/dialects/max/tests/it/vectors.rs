//! The checks of the telephony end (max.md §11), each under its number.

use crate::support;

use model::{AgentState, ConversationState, NextState};
use serde_json::json;
use support::*;

#[test]
fn vector_1_a_workspace_gets_the_agent_and_its_calls() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["agent", "contacts"]);
    let sent = stage.sent();
    assert_eq!(sent.brief(1), ["ack OK Success null, InboundContact, call 1 Active"]);
    let envelope = sent.envelope(1);
    assert_eq!((&envelope["issuer"], &envelope["contactId"]), (&json!("MAX"), &json!(null)));
    assert_eq!(sent.posts[0].1, ORIGIN);
}

#[test]
fn vector_2_types_are_read_in_any_case() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["AGENT"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null, Available"]);
}

#[test]
fn vector_3_a_type_that_is_none_is_shown_on_the_console() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["foo", "agent"]);
    let sent = stage.sent();
    assert_eq!(sent.brief(1), ["ack OK Success null, Available"]);
    assert!(sent.warnings.len() == 1 && sent.warnings[0].ends_with("foo"), "{:?}", sent.warnings);
}

#[test]
fn vector_4_no_type_at_all_is_an_error_and_may_be_tried_again() {
    for message in [
        registration(&[]),
        registration(&["foo"]),
        json!({"messageType": "RegisterForClientEvents"}),
        json!({"messageType": "RegisterForClientEvents", "subscriptionTypes": "all"}),
        json!({"messageType": "RegisterForClientEvents", "subscriptionTypes": [1, null]}),
    ] {
        let mut stage = Stage::ready();
        stage.workspace(1);
        stage.post(1, message.clone());
        assert_eq!(stage.sent().brief(1), ["ack ERROR Invalid Subscription Types null"], "{message}");
        stage.ring(1);
        assert!(stage.sent().posts.is_empty(), "{message} is no registration");
        stage.register(1, &["contacts"]);
        assert_eq!(stage.sent().brief(1), ["ack OK Success null, call 1 Incoming"]);
    }
}

#[test]
fn vector_5_the_contact_is_looked_at_before_the_types() {
    for contact in [json!(0), json!("abc"), json!(-1), json!(1.5), json!({})] {
        let mut stage = Stage::ready();
        stage.workspace(1);
        stage.post(
            1,
            json!({"messageType": "RegisterForClientEvents", "subscriptionTypes": [], "contactId": contact}),
        );
        let sent = stage.sent();
        assert_eq!(sent.brief(1), ["ack ERROR Invalid Contact Id null"], "{contact}");
        assert!(sent.warnings.is_empty());
    }
}

#[test]
fn vector_5b_bad_types_with_a_good_contact_name_it() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.post(1, json!({"messageType": "RegisterForClientEvents", "subscriptionTypes": [], "contactId": 5}));
    let sent = stage.sent();
    assert_eq!(sent.brief(1), ["ack ERROR Invalid Subscription Types 5"]);
    assert_eq!(sent.envelope(1)["contactId"], 5);
}

#[test]
fn vector_6_digits_are_a_number() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    let message = json!({"messageType": "RegisterForClientEvents", "subscriptionTypes": ["contact"], "contactId": "304828365"});
    stage.post(1, message);
    let sent = stage.sent();
    assert_eq!(sent.envelope(1)["contactId"], 304_828_365);
    assert_eq!(sent.envelope(1)["events"][0]["contactId"], 304_828_365);
}

#[test]
fn vector_7_a_panel_gets_its_own_contact_only() {
    let mut stage = Stage::talking();
    stage.leg(1, ConversationState::Held);
    stage.ring(2);
    stage.panel(1, 2);
    stage.sent();
    stage.register(1, &["contact"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success 2, call 2 Incoming"]);
    stage.leg(1, ConversationState::Talking);
    assert!(stage.sent().posts.is_empty());
    stage.answer(2);
    assert_eq!(stage.sent().brief(1), ["call 2 Active"]);
}

#[test]
fn vector_8_a_workspace_has_no_contact_of_its_own() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contact"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null"]);
    stage.leg(1, ConversationState::Held);
    assert!(stage.sent().posts.is_empty());
}

#[test]
fn vector_9_who_is_registered_gets_nothing_and_the_console_shows_it() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["agent"]);
    stage.sent();
    stage.register(1, &["all"]);
    let sent = stage.sent();
    assert!(sent.posts.is_empty());
    assert!(sent.warnings[0].contains("[Sample] has already subscribed"), "{:?}", sent.warnings);
    stage.ring(1);
    assert_eq!(
        stage.sent().brief(1),
        ["InboundContact, leg Dialing"],
        "the first registration stays as it was"
    );
}

#[test]
fn vector_10_who_unregisters_may_register_again() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["agent"]);
    stage.sent();
    stage.post(1, json!({"messageType": "UnegisterFromClientEvents"}));
    stage.register(1, &["all"]);
    assert!(stage.sent().posts.is_empty(), "a slip of the pen unregisters nobody");
    stage.unregister(1);
    stage.ring(1);
    assert!(stage.sent().posts.is_empty());
    stage.register(1, &["contacts"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null, call 1 Incoming"]);
}

#[test]
fn vector_11_agent_is_everything_without_a_contact_but_the_token() {
    let mut stage = Stage::signed_out();
    stage.workspace(1);
    stage.register(1, &["agent"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null"]);
    stage.sign_in();
    assert_eq!(stage.sent().brief(1), ["AgentSessionStart, Unavailable"]);
    stage.ring(1);
    stage.answer(1);
    assert_eq!(stage.sent().brief(1), ["InboundContact, leg Dialing", "leg Active"]);
    stage.controls(1, true, false, false);
    assert_eq!(stage.sent().brief(1), ["mute True"]);
    stage.end(1);
    assert_eq!(stage.sent().brief(1), ["acw 30, leg Disconnected, mute False"]);
}

#[test]
fn vector_12_sessioninfo_is_the_token_and_the_end() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["sessioninfo"]);
    let sent = stage.sent();
    assert_eq!(sent.brief(1), ["ack OK Success null, SessionInfo"]);
    let token = sent.envelope(1)["events"][1]["sessionToken"].clone();
    stage.ring(1);
    assert!(stage.sent().posts.is_empty());
    stage.sign_out();
    assert_eq!(stage.sent().brief(1), ["AgentSessionEnd"]);
    stage.sign_in();
    let sent = stage.sent();
    assert_eq!(sent.brief(1), ["SessionInfo"]);
    assert_ne!(sent.envelope(1)["events"][0]["sessionToken"], token, "another session has another token");
}

#[test]
fn vector_13_contacts_is_nothing_without_a_contact() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["contacts"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null"]);
    stage.ring(1);
    stage.answer(1);
    assert_eq!(stage.sent().brief(1), ["call 1 Incoming", "call 1 Active"]);
    stage.controls(1, true, false, false);
    assert!(stage.sent().posts.is_empty());
}

#[test]
fn vector_14_hold_is_a_toggle() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contacts"]);
    stage.sent();
    stage.press(1, "HoldEvent");
    let sent = stage.sent();
    assert_eq!((sent.verbs(), sent.posts.len()), (vec!["hold"], 0));
    stage.leg(1, ConversationState::Held);
    assert_eq!(stage.sent().brief(1), ["call 1 Holding"]);
    stage.press(1, "HoldEvent");
    assert_eq!(stage.sent().verbs(), ["resume"]);
    stage.leg(1, ConversationState::Talking);
    assert_eq!(stage.sent().brief(1), ["call 1 Active"]);
}

#[test]
fn vector_15_record_starts_once() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.press(1, "RecordEvent");
    stage.press(1, "RecordEvent");
    assert_eq!(stage.sent().verbs(), ["record"], "the first has yet to show its effect");
    stage.controls(1, false, false, true);
    stage.press(1, "RecordEvent");
    assert!(stage.sent().verbs().is_empty());
}

#[test]
fn vector_16_hang_up_needs_no_confirmation_and_passes_a_held_call_over() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.leg(1, ConversationState::Held);
    stage.press(1, "HangupEvent");
    assert!(stage.sent().verbs().is_empty());
    stage.leg(1, ConversationState::Talking);
    stage.press(1, "HangupEvent");
    let sent = stage.sent();
    assert_eq!(sent.verbs(), ["hang-up"]);
    assert_eq!(sent.commands[0].by.account.as_str(), "1001");
    assert_eq!(sent.commands[0].interaction, Some(id(1)));
}

#[test]
fn vector_17_there_is_nothing_to_answer() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.press(1, "AnswerEvent");
    stage.press(1, "RefuseEvent");
    let sent = stage.sent();
    assert!(sent.verbs().is_empty() && sent.posts.is_empty());
}

#[test]
fn vector_18_a_message_in_another_case_is_none() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    for message in [
        json!({"messageType": "registerforclientevents", "subscriptionTypes": ["all"]}),
        json!({"MessageType": "RegisterForClientEvents", "subscriptionTypes": ["all"]}),
        json!("RegisterForClientEvents"),
        json!(null),
        json!([]),
        json!({"messageType": 7}),
    ] {
        stage.post(1, message);
    }
    let sent = stage.sent();
    assert!(sent.posts.is_empty() && sent.warnings.is_empty());
}

#[test]
fn vector_19_what_happens_at_one_moment_comes_in_one_envelope() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.workspace(2);
    stage.register(1, &["all"]);
    stage.register(2, &["agent"]);
    stage.sent();
    stage.end(1);
    let sent = stage.sent();
    assert_eq!(sent.brief(1), ["call 1 Disconnected, acw 30, leg Disconnected"]);
    assert_eq!(sent.brief(2), ["acw 30, leg Disconnected"]);
}

#[test]
fn vector_20_who_registers_before_the_agent_is_there_is_acknowledged_and_gets_events_later() {
    let mut stage = Stage::early();
    stage.workspace(1);
    stage.register(1, &["all"]);
    assert!(stage.sent().posts.is_empty(), "the hub has told nothing yet");
    stage.snapshot(false);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null"]);
    stage.sign_in();
    assert_eq!(stage.sent().brief(1), ["AgentSessionStart, Unavailable, SessionInfo"]);
    stage.become_(AgentState::NotReady { reason: "lunch".parse().unwrap() }, None);
    assert_eq!(stage.sent().brief(1), ["Unavailable Lunch"]);
    stage.become_(AgentState::Busy, Some(NextState::NotReady { reason: "lunch".parse().unwrap() }));
    let sent = stage.sent();
    let next = &sent.envelope(1)["events"][0]["NextStates"];
    assert_eq!(*next, json!([{"State": "Unavailable", "OutReason": "Lunch"}]));
}
