//! The telephony end: the vectors of crm-connector.md §9, and faulty pages.
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use crate::support;

use std::time::Duration;

use model::{Card, Code, Rejection, Verb};
use serde_json::{Value, json};
use support::{CRM, ID, Rig, becomes, click, completes, completes_unanswered, crm_data, id, opens};

fn clicks() -> Value {
    json!({"SoftphoneOptions": {"clickToDial": "Y"}})
}

fn logs() -> Value {
    json!({"LogOptions": {"callLogEnabled": "Y", "transactionLogCustomField1": "case_id", "transactionLogCustomField2": ""}})
}

fn dialled(rig: &mut Rig) -> Vec<String> {
    let to = |verb| match verb {
        Verb::Dial { to, .. } => Some(to.to_string()),
        _ => None,
    };
    rig.verbs().into_iter().filter_map(to).collect()
}

#[test]
fn ready_is_sent_until_it_is_answered_and_then_one_request() {
    let mut rig = Rig::new();
    assert_eq!(rig.sent("ready"), [Value::Null]);
    rig.pass(Duration::from_secs(2));
    assert_eq!(rig.sent("ready").len(), 2);
    rig.client("ready", Some(json!({})));
    rig.client("ready", Some(json!({})));
    rig.client("ready", None);
    assert_eq!(rig.sent("requestCrmData"), [Value::Null]);
    rig.pass(Duration::from_secs(2));
    assert_eq!(rig.sent("ready"), [] as [Value; 0]);
}

#[test]
fn the_greeting_slows_down_after_a_minute() {
    let mut rig = Rig::new();
    rig.pass(Duration::from_secs(60));
    rig.posts.clear();
    rig.pass(Duration::from_secs(20));
    assert_eq!(rig.sent("ready").len(), 4);
}

#[test]
fn a_page_that_sends_no_configuration_gets_the_defaults() {
    let mut rig = Rig::new();
    rig.client("ready", None);
    rig.pass(Duration::from_secs(19));
    assert_eq!(rig.sent("requestCrmData").len(), 4);
    rig.page_messages.clear();
    rig.pass(Duration::from_secs(2));
    assert_eq!(rig.page_messages.iter().filter(|message| message["phase"] == "active").count(), 1);
    assert_eq!(rig.shown("notice").len(), 1);
}

#[test]
fn a_page_that_begins_again_is_queried_again() {
    let mut rig = Rig::active(clicks());
    rig.posts.clear();
    rig.client("ready", None);
    assert_eq!(rig.posts.len(), 1);
    assert_eq!(rig.sent("requestCrmData").len(), 1);
    rig.client("crmData", Some(crm_data(clicks())));
    assert_eq!(rig.sent("requestEnableClickToDial"), [json!({"isEnabled": true})]);
}

#[test]
fn clicks_are_enabled_when_the_settings_and_the_agent_allow() {
    let mut rig = Rig::active(clicks());
    assert_eq!(
        rig.sent("requestEnableClickToDial"),
        [json!({"isEnabled": false}), json!({"isEnabled": true})]
    );
    rig.event(
        json!({"type": "agent-signed-out", "agent": "1001", "from": {"state": "ready"}, "from_since": 0}),
    );
    assert_eq!(rig.sent("requestEnableClickToDial"), [json!({"isEnabled": false})]);
    let mut rig = Rig::active(json!({"SoftphoneOptions": {"clickToDial": "N"}}));
    assert_eq!(rig.sent("requestEnableClickToDial"), [json!({"isEnabled": false})]);
}

#[test]
fn a_page_that_ends_while_clicks_are_enabled_reports_that_they_are_not() {
    let mut rig = Rig::active(clicks());
    let off = json!({"type": "CRMConnectMessage", "action": "requestEnableClickToDial", "data": {"isEnabled": false}});
    assert_eq!(rig.on_close, Some(off));
    rig.event(
        json!({"type": "agent-signed-out", "agent": "1001", "from": {"state": "ready"}, "from_since": 0}),
    );
    assert_eq!(rig.sent("requestEnableClickToDial").last(), Some(&json!({"isEnabled": false})));
    assert_eq!(rig.on_close, None, "it was said");
}

#[test]
fn a_click_dials_and_the_card_bears_the_name() {
    let mut rig = Rig::active(clicks());
    rig.posts.clear();
    rig.client("clickToDialResponse", Some(click("+1 (415) 555-0100")));
    let verbs = rig.verbs();
    assert!(
        matches!(&verbs[..], [Verb::Dial { to, data }] if to.as_str() == "+14155550100" && data.get("crm.recordId") == Some("17"))
    );
    rig.event(opens("outbound", "dialing"));
    let name = Some("Bo Customer".into());
    assert_eq!(rig.verbs(), [Verb::SetCard { card: Card { name, image: None } }]);
    assert_eq!(rig.posts, [] as [Value; 0]);
    rig.send(json!({"type": "navigate", "interaction": ID}));
    let sent = rig.sent("requestNavigateToClickToDialResult");
    assert_eq!(sent[0]["recordId"], 17);
}

#[test]
fn a_second_click_counts_when_the_first_has_come_to_something() {
    let mut rig = Rig::active(clicks());
    let click_on = |number: &str, rig: &mut Rig| {
        rig.client("clickToDialResponse", Some(click(number)));
        dialled(rig).len()
    };
    assert_eq!(click_on("+14155550100", &mut rig), 1);
    assert_eq!(click_on("+14155550101", &mut rig), 0, "the first one is being dialled");
    rig.requested(7);
    rig.event(json!({"type": "switch-answered", "request": 8, "switch": "pbx", "agent": "1001", "answer": refused()}));
    assert_eq!(click_on("+14155550101", &mut rig), 0, "another request was refused");
    rig.event(json!({"type": "switch-answered", "request": 7, "switch": "pbx", "agent": "1001", "answer": refused()}));
    assert_eq!(click_on("+14155550101", &mut rig), 1);
    rig.pass(Duration::from_secs(31));
    assert_eq!(click_on("+14155550101", &mut rig), 1, "no result in time");
}

fn refused() -> Value {
    json!({"result": "refused", "cause": "failed", "text": "no line is free"})
}

#[test]
fn clicks_that_cannot_be_dialled_are_explained() {
    let mut rig = Rig::active(clicks());
    let mut unwanted = click("+14155550100");
    unwanted["doNotCall"] = json!(true);
    let mut empty = click("+14155550100");
    empty["onClickToDialResponse"]["number"] = Value::Null;
    empty["crmPhones"] = json!([]);
    for (click, words) in [
        (click("+1-800-FLOWERS"), "\"+1-800-FLOWERS\" cannot be dialed: number contains 'F'"),
        (unwanted, "Bo Customer does not want to be called"),
        (empty, "the click has no number to call"),
        (json!("a string"), "the click has no number to call"),
    ] {
        rig.client("clickToDialResponse", Some(click));
        let shown = rig.shown("notice");
        assert!(shown[0]["text"].as_str().unwrap().starts_with(words), "{shown:?}");
    }
    assert_eq!(rig.verbs(), []);
    rig.rejects = Some(Rejection::new(Code::NumberRefused, "the dial policy denies +19005550100"));
    rig.client("clickToDialResponse", Some(click("+19005550100")));
    assert_eq!(rig.shown("notice")[0]["text"], "the dial policy denies +19005550100");
    rig.rejects = None;
    rig.verbs();
    rig.client("clickToDialResponse", Some(click("+14155550100")));
    assert_eq!(dialled(&mut rig), ["+14155550100"], "nothing is stuck");
}

#[test]
fn clicks_are_passed_over_while_they_are_not_enabled() {
    let mut rig = Rig::active(json!({}));
    rig.client("clickToDialResponse", Some(click("+14155550100")));
    assert_eq!(rig.verbs(), []);
}

#[test]
fn a_click_in_the_middle_of_a_call_consults_somebody() {
    let mut rig = Rig::active(clicks());
    rig.event(opens("inbound", "started"));
    rig.client("clickToDialResponse", Some(click("1002")));
    let verbs = rig.verbs();
    assert!(matches!(&verbs[0], Verb::Consult { to, .. } if to.as_str() == "1002"), "{verbs:?}");
    let mut rig =
        Rig::active(json!({"SoftphoneOptions": {"clickToDial": "Y", "clickToConsultEnabled": "N"}}));
    rig.posts.clear();
    rig.event(opens("inbound", "started"));
    assert_eq!(rig.sent("requestEnableClickToDial"), [json!({"isEnabled": false})]);
}

#[test]
fn the_dial_plan_of_the_settings_holds() {
    let dialing = json!({"reqOutsidePrefix": "9", "reqLongDistPrefix": "1", "reqInternationalPrefix": "011",
        "dialInternalLength": "4", "dialCountryCode": "1", "dialLocalLength": "7", "dialLongDistanceLength": "10"});
    let settings = json!({"SoftphoneOptions": {"clickToDial": "Y"}, "DialingOptions": dialing});
    for (mut rig, wanted) in [
        (Rig::active(settings.clone()), ["+14155550100", "+14155550100"]),
        (Rig::dialing_prefixes(settings), ["914155550100", "914155550100"]),
    ] {
        rig.client("clickToDialResponse", Some(click("+14155550100")));
        rig.pass(Duration::from_secs(31));
        rig.client("clickToDialResponse", Some(click("(415) 555-0100")));
        assert_eq!(dialled(&mut rig), wanted);
    }
}

#[test]
fn a_click_in_a_call_keeps_the_name_of_the_record() {
    let mut rig = Rig::active(clicks());
    rig.event(opens("inbound", "started"));
    rig.page_messages.clear();
    rig.client("clickToDialResponse", Some(click("1002")));
    rig.client("clickToDialResponse", Some(click("1003")));
    assert_eq!(rig.verbs().len(), 1, "the first one is being dialed");
    let leg = json!({"id": ID, "call": "c2", "state": "dialing", "parties": []});
    let opened = json!({"type": "conversation-opened", "agent": "1001", "interaction": ID, "leg": "consult", "conversation": leg});
    rig.event(opened);
    let consulted = json!({"type": "consulted", "interaction": ID, "live": true, "name": "Bo Customer"});
    assert_eq!(rig.shown("consulted"), [consulted]);
    assert_eq!(rig.verbs(), [], "the customer keeps the card");
    rig.send(json!({"type": "navigate", "interaction": ID}));
    assert_eq!(
        rig.sent("requestNavigateToClickToDialResult"),
        [] as [Value; 0],
        "the customer was not clicked"
    );
    rig.send(json!({"type": "navigate", "interaction": ID, "consult": true}));
    assert_eq!(rig.sent("requestNavigateToClickToDialResult")[0]["recordId"], 17);
    rig.event(json!({"type": "conversation-closed", "agent": "1001", "interaction": ID, "leg": "consult", "conversation": ID,
        "cause": "normal"}));
    assert_eq!(rig.shown("consulted")[0]["live"], false);
}

#[test]
fn a_withheld_number_shows_the_record_that_the_call_data_names() {
    let withheld = || {
        let mut event = opens("inbound", "alerting");
        event["interaction"]["customer"] = json!({"at": "withheld"});
        event
    };
    let mut rig = Rig::active(json!({"CallScreenPopOptions": {"customParam1": "case"}}));
    rig.event(withheld());
    let sent = rig.sent("requestPerformInteractionScreenPop");
    assert_eq!((&sent[0]["aniValues"], &sent[0]["customParams"]), (&json!([]), &json!({"case": "C-9"})));
    let mut rig = Rig::active(json!({"CallScreenPopOptions": {"customParam1": "order"}}));
    rig.event(withheld());
    assert_eq!(
        rig.sent("requestPerformInteractionScreenPop"),
        [] as [Value; 0],
        "nothing could find a record"
    );
}

#[test]
fn a_transferred_call_shows_its_record_when_the_settings_require_it() {
    const OTHER: &str = "00000000-0000-7000-8000-000000000002";
    let consulted = || {
        let mut event = opens("internal", "alerting");
        event["interaction"]["id"] = json!(OTHER);
        event["interaction"]["customer"] = json!({"at": {"device": "70002"}});
        event
    };
    for (option, wanted) in [("Consult", 1), ("Completed", 0), ("C", 0)] {
        let mut rig = Rig::active(json!({"CallScreenPopOptions": {"screenPopOnConsultOrCompleted": option}}));
        let mut customer = opens("inbound", "started");
        customer["interaction"]["agent"] = json!("1002");
        rig.event(customer);
        rig.event(consulted());
        let sent = rig.sent("requestPerformInteractionScreenPop");
        assert_eq!(sent.len(), wanted, "{option}");
        assert!(
            sent.iter().all(|pop| pop["aniValues"][0] == "+14155550100" && pop["interactionId"] == OTHER)
        );
    }
}

#[test]
fn a_record_shown_at_the_consult_is_not_shown_again_after_the_transfer() {
    const OTHER: &str = "00000000-0000-7000-8000-000000000002";
    let receives = |number: &str| {
        json!({"type": "customer-changed", "agent": "1001", "interaction": OTHER,
        "customer": {"at": {"outside": number}}, "contact": null})
    };
    let shown = |rig: &mut Rig| -> Vec<Value> {
        let sent = rig.sent("requestPerformInteractionScreenPop");
        sent.iter().map(|pop| pop["aniValues"][0].clone()).collect()
    };
    for (option, at_consult, after) in [("Consult", 1, 0), ("C", 0, 1)] {
        let mut rig = Rig::active(json!({"CallScreenPopOptions": {"screenPopOnConsultOrCompleted": option}}));
        let mut customer = opens("inbound", "started");
        customer["interaction"]["agent"] = json!("1002");
        rig.event(customer);
        let mut consulted = opens("internal", "started");
        consulted["interaction"]["id"] = json!(OTHER);
        consulted["interaction"]["customer"] = json!({"at": {"device": "70002"}});
        rig.event(consulted);
        assert_eq!(shown(&mut rig).len(), at_consult, "{option}");
        rig.event(receives("+14155550100"));
        assert_eq!(shown(&mut rig).len(), after, "{option}: the customer whose record is open");
        rig.event(receives("+14155550177"));
        assert_eq!(shown(&mut rig), ["+14155550177"], "{option}: another customer");
    }
}

#[test]
fn a_click_within_the_debounce_time_is_the_same_click() {
    let mut rig = Rig::active(
        json!({"SoftphoneOptions": {"clickToDial": "Y", "debounceTime": "2000", "reportsEnabled": "Y"}}),
    );
    rig.rejects = Some(Rejection::new(Code::NumberRefused, "no"));
    let both = |rig: &mut Rig| {
        rig.client("clickToDialResponse", Some(click("+14155550100")));
        rig.send(json!({"type": "reports"}));
        (dialled(rig).len(), rig.sent("requestOpenReports").len())
    };
    assert_eq!(both(&mut rig), (1, 1));
    rig.pass(Duration::from_secs(1));
    assert_eq!(both(&mut rig), (0, 0));
    rig.pass(Duration::from_secs(1));
    assert_eq!(both(&mut rig), (1, 1));
}

#[test]
fn a_click_is_given_up_after_the_response_time_of_the_settings() {
    let mut rig =
        Rig::active(json!({"SoftphoneOptions": {"clickToDial": "Y", "serverResponseTimeout": "5"}}));
    rig.client("clickToDialResponse", Some(click("+14155550100")));
    rig.pass(Duration::from_secs(4));
    rig.client("clickToDialResponse", Some(click("+14155550100")));
    assert_eq!(dialled(&mut rig).len(), 1);
    rig.pass(Duration::from_secs(2));
    rig.client("clickToDialResponse", Some(click("+14155550100")));
    assert_eq!(dialled(&mut rig).len(), 1);
}

#[test]
fn a_call_that_nobody_answered_is_logged_as_such_and_only_at_its_end() {
    for (direction, cause, logged) in [
        ("inbound", "abandoned", 1),
        ("inbound", "no-answer", 0),
        ("inbound", "rejected", 0),
        ("outbound", "no-answer", 1),
    ] {
        let mut rig = Rig::active(logs());
        rig.posts.clear();
        rig.event(completes_unanswered(direction, cause));
        let sent = rig.sent("requestSaveInteractionLog");
        assert_eq!(sent.len(), logged, "{direction} {cause}");
        for log in sent {
            let data = &log["message"]["body"]["interactionData"];
            assert_eq!(
                (&data["interaction"]["answered"], &data["logDetails"]["subject"]),
                (&json!(false), &json!("Not answered"))
            );
            assert_eq!(data["interaction"]["intrinsics"]["DURATION"], 0);
        }
    }
    let mut rig = Rig::active(
        json!({"LogOptions": {"callLogEnabled": "Y"}, "LabelOptions": {"notAnswered": "Verpasst"}}),
    );
    rig.event(completes_unanswered("inbound", "abandoned"));
    let log = rig.sent("requestSaveInteractionLog").remove(0);
    assert_eq!(log["message"]["body"]["interactionData"]["logDetails"]["subject"], "Verpasst");
}

#[test]
fn an_inbound_call_shows_its_record_once() {
    let mut rig =
        Rig::active(json!({"CallScreenPopOptions": {"screenPopOnDnis": "Y", "customParam1": "case"}}));
    rig.event(opens("inbound", "alerting"));
    rig.event(becomes("alerting", "started"));
    let sent = rig.sent("requestPerformInteractionScreenPop");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["aniValues"], json!(["+14155550100", "4155550100"]));
    assert_eq!(sent[0]["dnisValues"], json!(["7700"]));
    assert_eq!(sent[0]["customParams"], json!({"case": "C-9"}));
    assert_eq!(sent[0]["interactionId"], ID);
}

#[test]
fn records_are_shown_as_the_settings_require() {
    let mut rig = Rig::active(json!({"CallScreenPopOptions": {"suppressScreenPop": "Y"}}));
    rig.event(opens("inbound", "started"));
    assert_eq!(rig.sent("requestPerformInteractionScreenPop"), [] as [Value; 0]);
    let mut rig = Rig::active(
        json!({"CallScreenPopOptions": {"waitBeforePerformScreenpop": "Y", "screenPopOnAni": "N"}}),
    );
    rig.event(opens("inbound", "alerting"));
    assert_eq!(rig.sent("requestPerformInteractionScreenPop"), [] as [Value; 0]);
    rig.event(becomes("alerting", "started"));
    assert_eq!(rig.sent("requestPerformInteractionScreenPop")[0]["aniValues"], json!([]));
    let mut rig = Rig::active(json!({}));
    rig.event(opens("outbound", "dialing"));
    assert_eq!(rig.sent("requestPerformInteractionScreenPop"), [] as [Value; 0]);
}

#[test]
fn a_connection_made_anew_shows_no_record_twice() {
    let mut rig = Rig::active(json!({}));
    rig.event(opens("inbound", "alerting"));
    let kept = rig.kept.clone();
    let mut rig = Rig::opened(kept);
    rig.event(opens("inbound", "alerting"));
    rig.send(json!({"type": "around", "origin": CRM}));
    rig.client("ready", None);
    rig.client("crmData", Some(crm_data(json!({}))));
    assert_eq!(rig.sent("requestPerformInteractionScreenPop"), [] as [Value; 0]);
}

#[test]
fn what_is_completed_is_logged_and_comes_back_once() {
    let mut rig = Rig::active(logs());
    assert_eq!(
        rig.sent("requestCustomFieldsValues"),
        [json!({"object": {"voice": ["case_id"], "digital": ["case_id"]}})]
    );
    rig.event(opens("inbound", "started"));
    rig.event(completes());
    let log = rig.sent("requestSaveInteractionLog").remove(0);
    insta::assert_json_snapshot!(log);
    let item = json!({"taskId": "T1", "data": {"logParameters": {"caller": "+14155550100"}, "msgData": {"message": log["message"]}}});
    rig.client("createHistoryItem", Some(item.clone()));
    rig.client("createHistoryItem", Some(item));
    let shown = rig.shown("history");
    assert_eq!(
        shown.last().unwrap()["items"],
        json!([
            {"task_id": "T1", "interaction": ID, "parameters": [["caller", "+14155550100"]]},
        ])
    );
}

#[test]
fn without_logging_nothing_is_logged_and_no_history_comes_from_nowhere() {
    let mut rig = Rig::active(json!({}));
    rig.event(opens("inbound", "started"));
    rig.event(completes());
    assert_eq!(rig.sent("requestSaveInteractionLog"), [] as [Value; 0]);
    let item = json!({"taskId": "T1", "data": {"msgData": {"message": {"body": {"interactionId": ID}}}}});
    rig.client("createHistoryItem", Some(item));
    assert_eq!(rig.shown("history"), [] as [Value; 0]);
}

#[test]
fn custom_fields_come_as_a_text_as_an_object_or_broken() {
    let fields = json!({"voice": {"case_id": {"customFieldInfo": {"customFieldType": "PICKLIST", "customFieldLabel": "Case",
        "picklistValues": [{"value": "a", "label": "A"}, "b"]}}}});
    for data in [json!(fields.to_string()), fields.clone()] {
        let mut rig = Rig::active(logs());
        rig.client("customFieldsDataResponse", Some(data));
        let voice = json!([{"key": "case_id", "label": "Case", "picks": ["a", "b"]}]);
        assert_eq!(rig.shown("fields"), [json!({"type": "fields", "voice": voice, "digital": []})]);
    }
    for data in [json!("{broken"), Value::Null, json!(7)] {
        let mut rig = Rig::active(logs());
        rig.client("customFieldsDataResponse", Some(data));
        assert_eq!(rig.shown("fields"), [json!({"type": "fields", "voice": [], "digital": []})]);
    }
}

#[test]
fn notifications_are_read_in_either_spelling_and_stay_text() {
    let mut rig = Rig::active(json!({}));
    rig.client(
        "displayErrorNotification",
        Some(json!({"type": "html", "serverity": "WARNING", "textArray": ["<b>User", "not found"],
        "title": "Search", "dialogId": 1, "persist": false, "store": true})),
    );
    assert_eq!(
        rig.shown("notification"),
        [json!({"type": "notification", "kind": "html", "severity": "WARNING", "title": "Search",
        "text": "<b>User not found", "dialog_id": "1", "persist": false, "store": true})]
    );
    rig.client(
        "displayErrorNotification",
        Some(json!({"type": "confetti", "severity": "LOUD", "textArray": "one"})),
    );
    let shown = rig.shown("notification");
    assert_eq!(
        (&shown[0]["kind"], &shown[0]["severity"], &shown[0]["text"]),
        (&json!("transient"), &json!("ERROR"), &json!("one"))
    );
    rig.client("displayErrorNotification", Some(json!("plain words")));
    assert_eq!(rig.shown("notification")[0]["text"], "plain words");
}

#[test]
fn the_directory_is_requested_and_may_stay_silent() {
    let mut rig = Rig::active(json!({}));
    rig.send(json!({"type": "directory"}));
    assert_eq!(rig.sent("requestGetCrmDirectory").len(), 1);
    rig.client(
        "crmDirectory",
        Some(json!({"count": "2", "results": [
        {"id": 7, "name": "Ann", "phone": "+14155550101", "email": null}, {"id": "8", "name": "Nobody"}]})),
    );
    let shown = rig.shown("directory");
    assert_eq!(
        shown[0]["entries"],
        json!([{"id": "7", "name": "Ann", "phone": "+14155550101", "email": null}])
    );
    rig.client("crmDirectory", Some(json!({"count": "0", "results": []})));
    assert_eq!(rig.shown("directory"), [] as [Value; 0], "it was not asked for");
    rig.send(json!({"type": "directory"}));
    rig.pass(Duration::from_secs(11));
    assert_eq!(rig.shown("directory"), [json!({"type": "directory", "answered": false, "entries": []})]);
    rig.client("crmDirectory", Some(json!({"count": "1", "results": [{"id": 7, "phone": "+14155550101"}]})));
    assert_eq!(rig.shown("directory")[0]["answered"], true, "late");
    rig.client("crmDirectory", Some(json!({"count": "0", "results": []})));
    assert_eq!(rig.shown("directory"), [] as [Value; 0], "it was answered");
}

#[test]
fn reports_are_opened_where_they_are_enabled() {
    let mut rig = Rig::active(json!({"SoftphoneOptions": {"reportsEnabled": "Y"}}));
    rig.send(json!({"type": "reports"}));
    assert_eq!(rig.sent("requestOpenReports"), [Value::Null]);
    let mut rig = Rig::active(json!({}));
    rig.send(json!({"type": "reports"}));
    assert_eq!(rig.sent("requestOpenReports"), [] as [Value; 0]);
}

#[test]
fn the_agent_starts_and_ends_work_as_the_settings_require() {
    let mut rig = Rig::new();
    rig.client("ready", None);
    rig.client(
        "crmData",
        Some(crm_data(json!({"SoftphoneOptions": {"autoStartWorkEnabled": "Y", "startWorkState": "R",
        "autoSignOutEnabled": "Y", "autoAcceptInteraction": "Y"}}))),
    );
    assert_eq!(rig.verbs(), [Verb::SignIn { device: None, queues: None }, Verb::Ready]);
    rig.event(opens("inbound", "alerting"));
    assert_eq!(rig.verbs(), [Verb::Answer]);
    rig.page_input(session::FromPage::Closed { why: "gone".into() });
    rig.pass(Duration::from_secs(10));
    assert_eq!(rig.verbs(), []);
    rig.pass(Duration::from_secs(10));
    assert_eq!(rig.verbs(), [Verb::SignOut { reason: None }]);
}

#[test]
fn a_page_that_lists_it_gets_the_progress_of_interactions() {
    let mut rig = Rig::new();
    rig.client("ready", None);
    let mut data = crm_data(json!({}));
    data["capabilities"]["extensions"] = json!(["interactionEvents"]);
    rig.client("crmData", Some(data));
    rig.event(opens("inbound", "alerting"));
    rig.event(becomes("alerting", "started"));
    rig.event(becomes("started", "ended"));
    let steps: Vec<Value> = rig.sent("interactionEvent").iter().map(|data| data["event"].clone()).collect();
    assert_eq!(steps, ["ALERTING", "CONNECTED", "ENDED"]);
}

#[test]
fn a_page_of_another_origin_is_refused_in_words() {
    let mut rig = Rig::opened(None);
    rig.send(json!({"type": "around", "origin": "https://evil.example"}));
    assert_eq!(rig.posts, [] as [Value; 0]);
    let refused = json!({"type": "origin-refused", "origin": "https://evil.example", "allowed": [CRM]});
    assert_eq!(rig.shown("origin-refused"), [refused]);
    rig.posted("https://evil.example", json!({"type": "ClientAppMessage", "action": "ready"}));
    assert_eq!(rig.posts, [] as [Value; 0]);
}

#[test]
fn what_comes_from_elsewhere_or_is_no_message_has_no_effect() {
    let mut rig = Rig::active(clicks());
    rig.posts.clear();
    rig.page_messages.clear();
    let good =
        json!({"type": "ClientAppMessage", "action": "clickToDialResponse", "data": click("+14155550100")});
    rig.posted("https://evil.example", good.clone());
    rig.posted("https://evil.example", good);
    assert_eq!(rig.shown("warn").len(), 1, "it is said once");
    for message in [
        Value::Null,
        json!("ready"),
        json!([]),
        json!({"action": "ready"}),
        json!({"type": "CRMConnectMessage", "action": "ready"}),
        json!({"type": "ClientAppMessage", "action": 7}),
        json!({"type": "ClientAppMessage", "action": "Ready"}),
        json!({"type": "ClientAppMessage", "action": "crmDirectory", "data": null}),
        json!({"type": "ClientAppMessage", "action": "createHistoryItem", "data": {"taskId": null}}),
    ] {
        rig.posted(CRM, message);
    }
    assert_eq!((rig.posts.len(), rig.page_messages.len(), rig.verbs().len()), (0, 0, 0));
    assert_eq!(id(ID).to_string(), ID);
}
