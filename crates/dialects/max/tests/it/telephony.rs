//! What the telephony end promises beyond the vectors: whose messages are accepted, which call a command is for, contact cards, and how
//! a frame continues after the connection to the hub was lost.

use crate::support;

use model::{
    AgentState, Cause, Code, ConversationState, DetailEvent, Direction, Event, InteractionEvent, Leg, Party,
    PartyKind, Principal, Rejection, Role, Verb,
};
use serde_json::{Value, json};
use session::suite::Step;
use support::*;

#[test]
fn a_document_of_another_origin_gets_nothing_and_does_nothing() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.frame(2, "unheard-of", None, None);
    for _ in 0..2 {
        stage.post_from(1, "https://evil.example", registration(&["all"]));
        stage.post_from(1, "null", json!({"messageType": "HangupEvent"}));
        stage.post(2, registration(&["all"]));
    }
    stage.leg(1, ConversationState::Held);
    let sent = stage.sent();
    assert!(sent.posts.is_empty() && sent.verbs().is_empty());
    assert_eq!(sent.warnings.len(), 2, "each frame is told of once: {:?}", sent.warnings);
    assert!(sent.warnings[0].contains(ORIGIN) && sent.warnings[0].contains("https://evil.example"));
    stage.register(1, &["agent"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null, InboundContact"]);
}

#[test]
fn each_frame_has_a_subscription_of_its_own_until_it_is_gone() {
    let mut stage = Stage::ready();
    for frame in 1..=2 {
        stage.workspace(frame);
        stage.register(frame, &["contacts"]);
    }
    stage.sent();
    stage.bench.page(stage.page, session::FromPage::FrameClosed { frame: session::Frame(1) });
    stage.ring(1);
    let sent = stage.sent();
    assert!(sent.to(1).is_empty());
    assert_eq!(sent.brief(2), ["call 1 Incoming"]);
    stage.workspace(1);
    stage.register(1, &["contacts"]);
    assert_eq!(
        stage.sent().brief(1),
        ["ack OK Success null, call 1 Incoming"],
        "another document registers again"
    );
}

/// Agent 1001 consults a colleague about call 1. Returns the contact ID of the consult.
fn consulted(stage: &mut Stage) -> String {
    stage.leg(1, ConversationState::Held);
    stage.consult(1, ConversationState::Dialing);
    let sent = stage.sent();
    let events = sent.to(1).last().unwrap()["events"].as_array().unwrap().clone();
    let contact = events.iter().find(|event| event["CallType"] == "Consult").unwrap();
    contact["ContactID"].as_str().unwrap().to_owned()
}

#[test]
fn a_consult_is_a_contact_of_its_own_until_it_ends() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contacts", "agent"]);
    let contact = consulted(&mut stage);
    assert!(contact.parse::<u64>().unwrap() < 1 << 53, "a whole number in JavaScript: {contact}");
    stage.consult(1, ConversationState::Talking);
    let sent = stage.sent();
    let event = &sent.envelope(1)["events"][0];
    assert_eq!((&event["ContactID"], &event["Status"]), (&json!(contact), &json!("Active")));
    assert_eq!((&event["MasterID"], &event["ParentContactId"]), (&json!("1"), &json!("1")));
    assert_eq!(
        (&event["ANI"], &event["DNIS"], &event["IsInbound"]),
        (&json!("1001"), &json!("1002"), &json!("False"))
    );
    // Buttons apply to the contact that they name.
    let number: u64 = contact.parse().unwrap();
    stage.post(1, json!({"messageType": "HoldEvent", "contactId": number}));
    assert_eq!(stage.sent().commands[0].verb, Verb::Hold { leg: Some(Leg::Consult) });
    stage.post(1, json!({"messageType": "RecordEvent", "contactId": number}));
    assert!(stage.sent().verbs().is_empty(), "a recording is one of the customer's call");
    stage.post(1, json!({"messageType": "HangupEvent", "contactId": number}));
    assert_eq!(stage.sent().commands[0].verb, Verb::HangUp { leg: Some(Leg::Consult) });
    stage.close_consult(1, Cause::Normal);
    assert_eq!(stage.sent().brief(1), [format!("call {contact} Disconnected final, InboundContact")]);
}

#[test]
fn the_contact_of_a_consult_is_joined_until_the_conference_is_over() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contacts", "agent"]);
    let contact = consulted(&mut stage);
    stage.consult(1, ConversationState::Talking);
    stage.sent();
    stage.merge(1);
    let joined = format!("call 1 Joined, Conference, call {contact} Joined, InboundContact");
    assert_eq!(stage.sent().brief(1), [joined]);
    stage.leg(1, ConversationState::Held);
    assert_eq!(stage.sent().brief(1), ["call 1 Holding"], "the conference continues");
    stage.leg(1, ConversationState::Talking);
    assert_eq!(stage.sent().brief(1), ["call 1 Joined, Conference"]);
    stage.alone(1);
    assert_eq!(stage.sent().brief(1), [format!("call {contact} Disconnected final, call 1 Active")]);
}

#[test]
fn a_consult_continues_when_the_customer_leaves() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contacts", "agent"]);
    let contact = consulted(&mut stage);
    stage.consult(1, ConversationState::Talking);
    stage.sent();
    stage.close_primary(1);
    assert_eq!(stage.sent().brief(1), ["call 1 Disconnected"], "and not final: the work is not complete");
    stage.press(1, "HangupEvent");
    assert_eq!(stage.sent().commands[0].verb, Verb::HangUp { leg: Some(Leg::Consult) });
    stage.close_consult(1, Cause::Normal);
    assert_eq!(
        stage.sent().brief(1)[0].split(',').next().unwrap(),
        format!("call {contact} Disconnected final")
    );
}

#[test]
fn a_consulted_agent_has_a_contact_of_the_first_contact_s_chain() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["contacts", "agent"]);
    stage.sent();
    // Agent 1002 talks with the customer and consults agent 1001.
    let colleague = Party::new(PartyKind::Device("1002".parse().unwrap()));
    let mut first = ringing(7, stage.bench.now());
    (first.agent, first.device) = ("1002".parse().unwrap(), "1002".parse().unwrap());
    let mut work = ringing(8, stage.bench.now());
    (work.linkage, work.direction, work.customer) = (first.linkage, Direction::Internal, colleague);
    let opened =
        |interaction| Event::Interaction(InteractionEvent::Opened { interaction: Box::new(interaction) });
    stage.happen([opened(first)]);
    stage.open(work);
    let sent = stage.sent();
    assert_eq!(sent.brief(1).last().unwrap(), "call 8 Incoming, InboundConsult, leg Dialing");
    let event = &sent.to(1).last().unwrap()["events"][0];
    let words = |event: &Value| {
        ["CallType", "MasterID", "ParentContactId", "ANI"].map(|key| event[key].as_str().unwrap().to_owned())
    };
    assert_eq!(words(event), ["Consult", "7", "0", "1002"]);
    stage.happen([Event::Detail(DetailEvent::CustomerChanged {
        agent: agent(),
        interaction: id(8),
        customer: Party::new(PartyKind::Outside("+14155550100".parse().unwrap())),
        contact: None,
        candidates: Vec::new(),
        contact_pending: false,
    })]);
    let sent = stage.sent();
    assert_eq!(sent.brief(1), ["call 8 Incoming, InboundContact"]);
    assert_eq!(words(&sent.envelope(1)["events"][0]), ["Regular", "7", "0", "+14155550100"]);
}

#[test]
fn call_data_comes_with_the_contact_and_again_when_it_changes() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contacts"]);
    let first = stage.sent();
    let call = &first.envelope(1)["events"][1];
    assert_eq!((&call["CustomData"], call.get("ScreenPopUrlVariables")), (&json!(""), None));
    let change = |value: &str| {
        let set = [("AccountCode", value)].into_iter().collect();
        let (agent, interaction) = (agent(), id(1));
        Event::Detail(DetailEvent::DataChanged { agent, interaction, set, unset: Vec::new() })
    };
    stage.happen([change("A-1")]);
    stage.pass(1);
    let sent = stage.sent();
    let call = &sent.envelope(1)["events"][0];
    assert_eq!(call["Status"], "Active");
    assert_eq!(call["CustomData"], r#"{"AccountCode":"A-1"}"#);
    assert_eq!(call["ScreenPopUrlVariables"], json!([{"AccountCode": "A-1"}]));
}

#[test]
fn types_add_up_and_a_contact_comes_once() {
    let mut stage = Stage::talking();
    stage.panel(1, 1);
    stage.register(1, &["contact", "contacts", "sessioninfo", "agent"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success 1, InboundContact, call 1 Active, SessionInfo"]);
    stage.panel(2, 1);
    stage.register(2, &["all"]);
    assert_eq!(stage.sent().brief(2), ["ack OK Success 1, InboundContact, call 1 Active, SessionInfo"]);
}

#[test]
fn events_of_a_contact_that_the_page_names_are_sent_whatever_the_types() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    let mut message = registration(&["agent"]);
    message["contactId"] = json!(1);
    stage.post(1, message);
    assert_eq!(stage.sent().brief(1), ["ack OK Success 1, Available"], "there is no such contact yet");
    stage.ring(1);
    assert_eq!(stage.sent().brief(1), ["call 1 Incoming, InboundContact, leg Dialing"]);
    stage.panel(2, 1);
    stage.register(2, &["agent"]);
    assert_eq!(
        stage.sent().brief(2),
        ["ack OK Success 1, InboundContact"],
        "one of the panel only when it is asked for"
    );
}

#[test]
fn nobody_else_s_call_is_a_panel_s_or_a_contact() {
    let mut stage = Stage::ready();
    let mut foreign = ringing(7, model::Timestamp(1));
    foreign.agent = "1002".parse().unwrap();
    stage.happen([model::Event::Interaction(model::InteractionEvent::Opened {
        interaction: Box::new(foreign),
    })]);
    stage.panel(1, 7);
    stage.register(1, &["all"]);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null, Available, SessionInfo"]);
    let press = json!({"messageType": "AnswerEvent", "contactId": 7});
    stage.post(1, press);
    assert!(stage.sent().verbs().is_empty());
}

#[test]
fn an_account_without_an_agent_has_no_calls() {
    let mut stage = Stage::ready();
    let by = Principal { account: "boss".parse().unwrap(), role: Role::Supervisor, agent: None };
    stage.bench.open_page(by);
    assert!(stage.sent().closed.unwrap().contains("boss"));
}

/// The verb that a button becomes for a call in this state.
fn pressed(prepare: impl Fn(&mut Stage), word: &str) -> Vec<&'static str> {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.ring(1);
    prepare(&mut stage);
    stage.sent();
    stage.press(1, word);
    stage.sent().verbs()
}

#[test]
fn a_button_can_be_pressed_where_max_s_could() {
    let rings = |_: &mut Stage| {};
    let active = |stage: &mut Stage| stage.answer(1);
    let holding = |stage: &mut Stage| {
        stage.answer(1);
        stage.leg(1, ConversationState::Held);
    };
    let masking = |stage: &mut Stage| {
        stage.answer(1);
        stage.controls(1, false, true, true);
    };
    let muted = |stage: &mut Stage| {
        stage.answer(1);
        stage.controls(1, true, false, false);
    };
    let joined = |stage: &mut Stage| {
        stage.answer(1);
        stage.join(1);
    };
    let over = |stage: &mut Stage| {
        stage.answer(1);
        stage.end(1);
    };
    let words =
        ["AnswerEvent", "RefuseEvent", "HoldEvent", "MuteEvent", "MaskEvent", "RecordEvent", "HangupEvent"];
    let row = |prepare: &dyn Fn(&mut Stage)| {
        words.map(|word| pressed(prepare, word).first().copied().unwrap_or("-")).join(" ")
    };
    assert_eq!(row(&rings), "answer reject - - - - -");
    assert_eq!(row(&active), "- - hold mute mask record hang-up");
    assert_eq!(row(&holding), "- - resume mute - - -");
    assert_eq!(row(&masking), "- - - mute mask - -");
    assert_eq!(row(&muted), "- - hold mute mask record hang-up");
    assert_eq!(row(&joined), "- - - mute mask record hang-up");
    assert_eq!(row(&over), "- - - - - - -");
}

#[test]
fn mute_and_mask_are_toggles() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    for (word, on) in [("MuteEvent", true), ("MaskEvent", true)] {
        stage.press(1, word);
        let verb = stage.sent().commands.pop().unwrap().verb;
        assert!(verb == Verb::Mute { on } || verb == Verb::Mask { on }, "{verb:?}");
    }
    stage.controls(1, true, true, true);
    for word in ["MuteEvent", "MaskEvent"] {
        stage.press(1, word);
        let verb = stage.sent().commands.pop().unwrap().verb;
        assert!(verb == Verb::Mute { on: false } || verb == Verb::Mask { on: false }, "{verb:?}");
    }
}

#[test]
fn a_command_is_for_the_named_call_or_the_panel_s_or_the_one_in_focus_or_the_only_one() {
    let mut stage = Stage::talking();
    stage.leg(1, ConversationState::Held);
    stage.ring(2);
    stage.answer(2);
    stage.workspace(1);
    stage.panel(2, 1);
    stage.sent();
    let target = |stage: &mut Stage, frame: u64, named: Option<u64>| {
        let mut message = json!({"messageType": "MuteEvent"});
        if let Some(number) = named {
            message["contactId"] = json!(number);
        }
        stage.post(frame, message);
        let command = stage.sent().commands.pop();
        stage.bench.pass(std::time::Duration::from_secs(5));
        command.map(|command| command.interaction.unwrap())
    };
    assert_eq!(target(&mut stage, 1, None), None, "there are two");
    assert_eq!(target(&mut stage, 1, Some(2)), Some(id(2)));
    assert_eq!(target(&mut stage, 2, None), Some(id(1)));
    assert_eq!(target(&mut stage, 1, Some(9)), None);
    stage.send(json!({"type": "focus", "interaction": id(2)}));
    assert_eq!(target(&mut stage, 1, None), Some(id(2)));
    stage.send(json!({"type": "focus", "interaction": null}));
    assert_eq!(target(&mut stage, 1, None), None);
    stage.end(2);
    assert_eq!(target(&mut stage, 1, None), Some(id(1)));
}

#[test]
fn of_several_that_ring_the_oldest_is_answered_unless_another_is_named() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.ring(1);
    stage.ring(2);
    stage.press(1, "AnswerEvent");
    assert_eq!(stage.sent().commands[0].interaction, Some(id(1)));
    stage.post(1, json!({"messageType": "RefuseEvent", "contactId": "2"}));
    assert_eq!(stage.sent().commands[0].interaction, Some(id(2)));
}

#[test]
fn a_button_that_was_refused_can_be_pressed_again_at_once() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.press(1, "HoldEvent");
    stage.press(1, "HoldEvent");
    assert_eq!(stage.sent().verbs(), ["hold"]);
    stage.bench.step(&Step::Answer(0, Err(Rejection::new(Code::SwitchUnavailable, "the switch is down"))));
    stage.press(1, "HoldEvent");
    assert_eq!(stage.sent().verbs(), ["hold"]);
}

fn card(stage: &mut Stage, frame: u64, message: Value) -> (Option<model::Card>, Vec<String>) {
    stage.post(frame, message);
    let mut sent = stage.sent();
    assert!(sent.posts.is_empty(), "nothing is answered");
    let card = sent.commands.pop().map(|command| {
        let Verb::SetCard { card } = command.verb else { panic!("{command:?}") };
        card
    });
    (card, sent.warnings)
}

#[test]
fn a_card_is_that_of_the_call_it_is_for() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    let data = |data: Value| json!({"messageType": "ContactCardData", "contactCardData": data});
    let (set, warnings) =
        card(&mut stage, 1, data(json!({"name": "Ann", "userImg": "https://crm.example/a.png"})));
    let set = set.unwrap();
    assert_eq!((set.name.as_deref(), set.image.as_deref()), (Some("Ann"), Some("https://crm.example/a.png")));
    assert!(warnings.is_empty());
    let (set, _) = card(&mut stage, 1, data(json!({"userImg": ""})));
    assert_eq!(
        set,
        Some(model::Card { name: None, image: Some("".into()) }),
        "what is not given stays, what is empty is reset"
    );
    for image in ["javascript:alert(1)", "http://crm.example/a.png", "data:text/html,x"] {
        let (set, warnings) = card(&mut stage, 1, data(json!({"userImg": image})));
        assert_eq!((set, warnings.len()), (None, 1), "{image}");
    }
    for empty in [json!({}), json!(null), json!({"name": 7})] {
        assert_eq!(card(&mut stage, 1, data(empty)), (None, Vec::new()));
    }
    for contact in [json!(9), json!("abc")] {
        let message = json!({"messageType": "ContactCardData", "contactId": contact, "contactCardData": {"name": "Ann"}});
        let (set, warnings) = card(&mut stage, 1, message);
        assert_eq!((set, warnings.len()), (None, 1), "{contact}");
    }
}

#[test]
fn a_call_that_nobody_works_on_any_longer_is_over_at_once() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["all"]);
    stage.sent();
    stage.end(1);
    assert_eq!(stage.sent().brief(1), ["call 1 Disconnected, acw 30, leg Disconnected"]);
    stage.complete(1);
    assert_eq!(stage.sent().brief(1), ["call 1 Disconnected final, Available"]);
}

#[test]
fn a_conference_is_sent() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["all"]);
    stage.sent();
    stage.join(1);
    assert_eq!(stage.sent().brief(1), ["call 1 Joined, Conference"]);
}

#[test]
fn a_frame_goes_on_with_another_hub_and_gets_what_it_missed() {
    let mut first = Stage::talking();
    first.workspace(1);
    first.register(1, &["agent", "contacts"]);
    first.sent();
    let kept = first.kept();
    let mut second = Stage::early();
    second.frame(1, "kb", None, Some(kept.clone()));
    second.snapshot(false);
    assert_eq!(second.sent().brief(1), ["call 1 Disconnected final"], "call 1 ended meanwhile");
    second.sign_in();
    assert_eq!(second.sent().brief(1), ["AgentSessionStart, Unavailable"]);
    second.register(1, &["agent"]);
    assert!(second.sent().warnings[0].contains("already subscribed"));
    let mut third = Stage::talking();
    third.frame(1, "kb", None, Some(kept));
    assert_eq!(third.sent().brief(1), ["InboundContact, call 1 Active"], "call 1 goes on");
}

#[test]
fn a_document_that_registers_while_it_loads_gets_the_current_state_and_what_follows_once() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["agent", "contacts"]);
    stage.pass(60);
    stage.sent();
    stage.register(1, &["contacts"]);
    assert!(stage.sent().warnings[0].contains("already subscribed"), "nobody can tell yet");
    stage.loaded(1);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null, call 1 Active"]);
    stage.leg(1, ConversationState::Held);
    assert_eq!(stage.sent().brief(1), ["call 1 Holding"]);
}

#[test]
fn a_document_that_registers_after_it_was_loaded_is_not_a_second_one() {
    for (after, guessed) in [(1, true), (60, false)] {
        let mut stage = Stage::talking();
        stage.workspace(1);
        stage.register(1, &["agent"]);
        stage.pass(after);
        stage.sent();
        stage.loaded(1);
        assert!(stage.sent().posts.is_empty());
        assert_eq!(stage.kept() != Value::Null, guessed);
        stage.register(1, &["contacts"]);
        let sent = stage.sent();
        assert_eq!(sent.brief(1), ["ack OK Success null, call 1 Active"]);
        assert!(sent.warnings.is_empty());
        stage.leg(1, ConversationState::Held);
        assert_eq!(stage.sent().brief(1), ["call 1 Holding"]);
        stage.register(1, &["contacts"]);
        assert!(stage.sent().warnings[0].contains("already subscribed"), "the same document");
    }
}

#[test]
fn a_document_that_does_not_register_gets_nothing_of_what_the_one_before_subscribed_to() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["all"]);
    stage.pass(60);
    stage.loaded(1);
    stage.sent();
    assert_eq!(stage.kept(), Value::Null);
    stage.leg(1, ConversationState::Held);
    assert!(stage.sent().posts.is_empty());
}

#[test]
fn the_first_registration_of_a_frame_is_kept_when_its_second_document_made_it() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.pass(60);
    stage.register(1, &["contacts"]);
    stage.loaded(1);
    assert_eq!(stage.sent().brief(1), ["ack OK Success null, call 1 Active"]);
    stage.leg(1, ConversationState::Held);
    assert_eq!(stage.sent().brief(1), ["call 1 Holding"]);
}

#[test]
fn a_document_that_unregisters_first_is_the_one_that_is_accepted() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["agent"]);
    stage.pass(60);
    stage.unregister(1);
    stage.register(1, &["contacts"]);
    stage.sent();
    stage.loaded(1);
    stage.leg(1, ConversationState::Held);
    assert_eq!(stage.sent().brief(1), ["call 1 Holding"]);
}

#[test]
fn what_a_page_kept_is_nothing_when_it_is_no_subscription() {
    for kept in [
        json!(null),
        json!({}),
        json!({"types": ["all"], "contact": "abc"}),
        json!({"types": ["foo"]}),
        json!([1]),
        json!("x"),
    ] {
        let mut stage = Stage::ready();
        stage.frame(1, "kb", None, Some(kept.clone()));
        stage.ring(1);
        let sent = stage.sent();
        assert!(sent.posts.is_empty() && sent.warnings.is_empty(), "{kept}");
    }
}

#[test]
fn who_unregistered_is_not_kept() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["all"]);
    stage.unregister(1);
    stage.sent();
    assert_eq!(stage.kept(), Value::Null);
}

#[test]
fn events_that_were_left_out_are_made_up_for() {
    let mut stage = Stage::talking();
    stage.workspace(1);
    stage.register(1, &["contacts"]);
    stage.sent();
    stage.unseen(|calls| {
        calls.clear();
        calls.push(ringing(2, model::Timestamp(5)));
    });
    stage.snapshot(true);
    assert_eq!(stage.sent().brief(1), ["call 1 Disconnected final, call 2 Incoming"]);
}

#[test]
fn messages_that_come_too_early_are_bounded() {
    let mut stage = Stage::early();
    stage.workspace(1);
    for _ in 0..20 {
        stage.press(1, "HoldEvent");
    }
    assert_eq!(stage.sent().warnings.len(), 4);
    assert_eq!(stage.bench.session().held(), 16);
}

#[test]
fn an_agent_who_refused_is_unavailable_for_that_reason() {
    let mut stage = Stage::ready();
    stage.workspace(1);
    stage.register(1, &["agent"]);
    stage.sent();
    let reason = model::reason::code(model::reason::REJECTED);
    stage.become_(AgentState::NotReady { reason }, None);
    assert_eq!(stage.sent().brief(1), ["Unavailable Refused"]);
}
