//! The desk end with a connector as the vendor's pages describe it: how calls end, and what happens to logs.
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use crate::support;

use std::{sync::Arc, time::Duration};

use cordboard_crm_connector::{DeskConfig, DeskSession};
use model::{
    Accepted, CallId, Cause, Code, Command, DeviceId, Event, Number, PartyKind, Record, Rejection, RequestId,
    Role, Seq, Snapshot, SwitchEvent, SwitchId, SwitchRequest, Timestamp, Verb,
};
use serde_json::{Value, json};
use session::{
    Frame, FrameContext, FromHub, FromPage, Output, Page, PageOutput, Pages, ToHub, ToPage,
    suite::{self, Step, TestBench},
};
use support::{ID, agent, id, opens};
use uuid::Uuid;

const CONNECTOR: &str = "https://connector.example";
/// The record for a log that belongs to no call.
const OWN: &str = "00000000-0000-7000-8000-000000000009";

/// A page that hosts the vendor's connector, with a hub that accepts everything.
struct Hosted {
    bench: TestBench<DeskSession>,
    page: Page,
    frame: Frame,
    reported: Vec<SwitchEvent>,
    posts: Vec<Value>,
    commands: Vec<Command>,
    notices: Vec<String>,
    /// The answers to the next commands; when empty, each is accepted.
    refuses: Vec<Option<Code>>,
}

impl Hosted {
    fn new() -> Self {
        let mut hosted = Self::loaded();
        hosted.forget();
        hosted
    }

    /// Like `new`, with everything that was sent during the handshake.
    fn loaded() -> Self {
        let config = DeskConfig {
            url: format!("{CONNECTOR}/connector/").into(),
            custom_params: vec!["case".into(), "order".into()],
            ..DeskConfig::default()
        };
        let desk = DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(1)).unwrap();
        let mut bench = TestBench::start(desk);
        bench.step(&Step::Hub(snapshot()));
        let page = bench.open_page(agent());
        let (reported, posts, commands) = (Vec::new(), Vec::new(), Vec::new());
        let mut hosted = Self {
            bench,
            page,
            frame: Frame(1),
            reported,
            posts,
            commands,
            notices: Vec::new(),
            refuses: Vec::new(),
        };
        hosted.greets(Frame(1));
        hosted
    }

    /// A connector loads in a frame and does the handshake.
    fn greets(&mut self, frame: Frame) {
        self.page_input(opened(frame));
        self.frame = frame;
        self.send("ready", Value::Null);
        self.send("requestCrmData", Value::Null);
        self.send("requestEnableClickToDial", json!({"isEnabled": true}));
    }

    /// The page is closed and opened again.
    fn reloads(&mut self) {
        self.page_input(FromPage::Closed { why: "gone".into() });
        self.page = self.bench.open_page(agent());
        self.pump();
    }

    /// The connector sends a message.
    fn send(&mut self, action: &str, data: Value) {
        let message = json!({"type": "CRMConnectMessage", "action": action, "data": data});
        let origin = CONNECTOR.to_owned();
        self.page_input(FromPage::Posted { frame: self.frame, origin, message });
    }

    /// The hub requests a click on a number, and the interaction opens.
    fn dials(&mut self, request: u64, number: &str) -> CallId {
        let call = self.make_call(request, number, &[]);
        self.rings(&call, number, json!({}));
        self.forget();
        call
    }

    /// The hub requests a click on a number, with data.
    fn make_call(&mut self, request: u64, number: &str, data: &[(&str, &str)]) -> CallId {
        let to = Number::new(number).unwrap();
        let data = data.iter().copied().collect();
        let requested = SwitchRequest::MakeCall { device: device(), to, data };
        self.bench.step(&Step::Hub(FromHub::Requested { request: RequestId(request), requested }));
        self.pump();
        let Some(SwitchEvent::Originated { call, .. }) = self.reported.last().cloned() else {
            panic!("{:?}", self.reported)
        };
        call
    }

    /// The interaction of a requested call opens.
    fn rings(&mut self, call: &CallId, number: &str, more: Value) {
        let mut event = opens("outbound", "dialing");
        event["interaction"]["customer"] = json!({"at": {"outside": number}});
        event["interaction"]["primary"] =
            json!({"id": ID, "call": call, "state": "dialing", "delivered": false, "parties": []});
        for (name, value) in more.as_object().unwrap() {
            event["interaction"][name] = value.clone();
        }
        self.event(event);
    }

    fn event(&mut self, event: Value) {
        let event: Event = serde_json::from_value(event).unwrap();
        let record = Record { seq: Seq(1), at: self.bench.now(), origin: None, event };
        self.bench.step(&Step::Hub(FromHub::Event(Arc::new(record))));
        self.pump();
    }

    fn page_input(&mut self, reported: FromPage) {
        self.bench.page(self.page, reported);
        self.pump();
    }

    fn pass(&mut self, span: Duration) {
        self.bench.pass(span);
        self.pump();
    }

    fn pump(&mut self) {
        loop {
            let outputs = self.bench.take();
            if outputs.is_empty() {
                return;
            }
            outputs.into_iter().for_each(|output| self.take(output));
        }
    }

    fn take(&mut self, output: Output<Pages>) {
        match output {
            Output::Peer(PageOutput { message: ToPage::Post { message, .. }, .. }) => {
                self.posts.push(message)
            }
            Output::Hub(ToHub::Switch(event)) => self.reported.push(event),
            Output::Hub(ToHub::Notice { notice, .. }) => self.notices.push(notice.text.to_string()),
            Output::Hub(ToHub::Command(command)) => {
                let opened = (command.verb.name() == model::VerbName::Notify).then(|| id(OWN));
                let interaction = opened.or(command.interaction);
                self.commands.push(*command);
                let refused = if self.refuses.is_empty() { None } else { self.refuses.remove(0) };
                let result = match refused {
                    Some(code) => Err(Rejection::new(code, "not now")),
                    None => Ok(Accepted { seq: Seq(9), interaction }),
                };
                self.bench.step(&Step::Answer(0, result));
            }
            Output::Peer(PageOutput { message: ToPage::Message { .. }, .. })
            | Output::Hub(ToHub::Subscribe | ToHub::SwitchAnswer { .. }) => {}
            other => panic!("unexpected {other:?}"),
        }
    }

    fn forget(&mut self) {
        (self.reported, self.posts, self.commands) = Default::default();
    }

    /// The messages that this action sent to the connector.
    fn sent(&self, action: &str) -> Vec<&Value> {
        self.posts.iter().filter(|post| post["action"] == action).map(|post| &post["data"]).collect()
    }
}

fn opened(frame: Frame) -> FromPage {
    FromPage::FrameOpened {
        frame,
        about: FrameContext { place: "connector".into(), interaction: None },
        kept: None,
    }
}

fn snapshot() -> FromHub {
    let snapshot = Snapshot {
        seq: Seq(0),
        at: Timestamp(0),
        agents: Vec::new(),
        interactions: Vec::new(),
        queues: Vec::new(),
        switches: Vec::new(),
    };
    FromHub::Snapshot { snapshot: Arc::new(snapshot), floor: Arc::new(suite::floor()), resync: false }
}

fn device() -> DeviceId {
    DeviceId::new("70001").unwrap()
}

fn cleared(call: CallId, cause: Cause) -> SwitchEvent {
    SwitchEvent::ConnectionCleared { call, at: PartyKind::Device(device()), cause }
}

/// A log with only the members that the vendor's public client reads.
fn log(theirs: &str, from: &str, to: &str, comments: &str) -> Value {
    json!({"message": {"body": {"interactionId": theirs, "interactionData": {
        "updatedOriginatingAddress": from, "updatedDestinationAddress": to,
        "interaction": {"topic": "Sales", "intrinsics": {"START_TIME": "14:05:33", "START_DATE": "2026-11-21"}},
        "logDetails": {"subject": "Order", "comments": comments,
            "customFields": [{"logFieldName": "case_id", "currentValue": 17}, {"logFieldName": "vip", "currentValue": true}]},
    }}}})
}

#[test]
fn an_outbound_call_ends_with_its_log_which_is_kept_before() {
    for (from, to) in
        [("70001", "+14155550100"), ("70001", "914155550100"), ("sip:4155550100@pbx:5060", "70001"), ("", "")]
    {
        let mut hosted = Hosted::new();
        let call = hosted.dials(5, "+14155550100");
        hosted.send("requestSaveInteractionLog", log("T-1", from, to, "wants two"));
        assert_eq!(hosted.reported, [cleared(call, Cause::Normal)], "{from} {to}");
        let [command] = &hosted.commands[..] else { panic!("{:?}", hosted.commands) };
        assert_eq!((command.interaction, command.agent.as_str()), (Some(id(ID)), "1001"));
        assert_eq!((command.by.account.as_str(), command.by.role), ("1001", Role::Agent));
        let Verb::Log { subject, text, fields } = &command.verb else { panic!("{:?}", command.verb) };
        assert_eq!((subject.as_str(), text.as_str()), ("Order", "wants two"));
        assert_eq!((fields.get("case_id"), fields.get("vip")), (Some("17"), Some("true")));
        assert_eq!(hosted.sent("createHistoryItem")[0]["taskId"], "T-1");
        assert_eq!(hosted.sent("displayErrorNotification").len(), 0);
    }
}

#[test]
fn the_log_comes_before_the_end_of_its_call() {
    let mut hosted = Hosted::new();
    hosted.dials(5, "+14155550100");
    let message = json!({"type": "CRMConnectMessage", "action": "requestSaveInteractionLog",
        "data": log("T-1", "70001", "+14155550100", "x")});
    let origin = CONNECTOR.to_owned();
    hosted.bench.page(hosted.page, FromPage::Posted { frame: Frame(1), origin, message });
    let order: Vec<bool> =
        hosted.bench.take().iter().map(|output| matches!(output, Output::Hub(ToHub::Command(_)))).collect();
    assert_eq!(order, [true, false]);
}

#[test]
fn a_log_of_another_call_ends_nothing_and_is_kept_as_a_record_of_its_own() {
    let mut hosted = Hosted::new();
    hosted.dials(5, "+14155550100");
    hosted.send("requestSaveInteractionLog", log("T-2", "+14155550199", "7700", "another one"));
    assert_eq!(hosted.reported, []);
    let [opens, logs, completes] = &hosted.commands[..] else { panic!("{:?}", hosted.commands) };
    let Verb::Notify { pop } = &opens.verb else { panic!("{:?}", opens.verb) };
    assert_eq!(pop.ani.as_ref().map(|number| number.as_str()), Some("+14155550199"));
    assert_eq!(opens.by.role, Role::Integration);
    assert!(matches!(&logs.verb, Verb::Log { text, .. } if text == "another one"));
    assert!(matches!(&completes.verb, Verb::Complete { .. }));
    assert_eq!((logs.interaction, completes.interaction), (Some(id(OWN)), Some(id(OWN))));
    assert_eq!(hosted.sent("createHistoryItem").len(), 1);
    assert_eq!(hosted.sent("displayErrorNotification")[0]["severity"], "WARNING");
}

#[test]
fn a_log_whose_interaction_is_completed_is_kept_as_a_record_of_its_own() {
    let mut hosted = Hosted::new();
    hosted.dials(5, "+14155550100");
    hosted.refuses = vec![Some(Code::UnknownInteraction)];
    hosted.send("requestSaveInteractionLog", log("T-1", "70001", "+14155550100", "late"));
    let verbs: Vec<&str> = hosted.commands.iter().map(|command| command.verb.name().as_str()).collect();
    assert_eq!(verbs, ["log", "notify", "log", "complete"]);
    assert_eq!(hosted.sent("createHistoryItem").len(), 1);
}

#[test]
fn a_log_that_cannot_be_kept_is_not_called_saved() {
    let mut hosted = Hosted::new();
    hosted.refuses = vec![Some(Code::TooMany)];
    hosted.send("requestSaveInteractionLog", log("T-1", "70001", "+14155550100", "x"));
    assert_eq!(hosted.sent("createHistoryItem").len(), 0);
    assert_eq!(hosted.sent("displayErrorNotification")[0]["severity"], "ERROR");
    assert_eq!(hosted.notices, ["The log could not be saved in Cordboard: not now"]);
    hosted.send("requestSaveInteractionLog", log("T-1", "70001", "+14155550100", "x"));
    assert_eq!(hosted.sent("createHistoryItem").len(), 1, "it may be saved again");
}

#[test]
fn a_log_that_comes_again_is_kept_once_and_one_without_content_not_at_all() {
    let mut hosted = Hosted::new();
    hosted.dials(5, "+14155550100");
    for _ in 0..2 {
        hosted.send("requestSaveInteractionLog", log("T-1", "70001", "+14155550100", "x"));
    }
    assert_eq!((hosted.commands.len(), hosted.sent("createHistoryItem").len()), (1, 2));
    hosted.send("requestSaveInteractionLog", json!({"message": {"body": {"interactionId": "T-1"}}}));
    assert_eq!((hosted.commands.len(), hosted.sent("createHistoryItem").len()), (1, 3));
    hosted.send("requestSaveInteractionLog", json!({"message": {"body": {"interactionId": "T-3"}}}));
    assert_eq!((hosted.commands.len(), hosted.sent("createHistoryItem").len()), (1, 3), "nothing was saved");
}

#[test]
fn the_history_item_has_the_log_as_it_came() {
    let mut hosted = Hosted::new();
    hosted.dials(5, "+14155550100");
    let mut data = log("T-1", "70001", "+14155550100", "x");
    data["header"] = json!({"version": 2});
    hosted.send("requestSaveInteractionLog", data.clone());
    let item = hosted.sent("createHistoryItem")[0]["data"].clone();
    assert_eq!((&item["message"], &item["header"]), (&data["message"], &data["header"]));
    assert_eq!(item["msgData"], json!({"message": data["message"], "header": data["header"]}));
    assert_eq!(item["logParameters"]["case_id"], "17");
}

#[test]
fn signing_in_at_the_connector_signs_the_agent_in() {
    let hosted = Hosted::loaded();
    let verbs: Vec<&Verb> = hosted.commands.iter().map(|command| &command.verb).collect();
    assert_eq!(verbs, [&Verb::SignIn { device: None, queues: None }]);
    assert_eq!(hosted.commands[0].by.account.as_str(), "1001");
}

#[test]
fn the_connector_gets_all_eight_sections() {
    let hosted = Hosted::loaded();
    let data = hosted.sent("crmData")[0];
    let sections: Vec<&String> = data["callCenterSettings"].as_object().unwrap().keys().collect();
    assert_eq!(
        sections,
        [
            "CallScreenPopOptions",
            "DialingOptions",
            "LabelOptions",
            "LogOptions",
            "ReasonCodesEnabled",
            "ReqGeneralInfo",
            "ServerConfig",
            "SoftphoneOptions"
        ]
    );
    let pops = &data["callCenterSettings"]["CallScreenPopOptions"];
    assert_eq!(
        (&pops["screenPopOnDnis"], &pops["customParam1"], &pops["customParam2"]),
        (&json!("Y"), &json!("case"), &json!("order"))
    );
    let texts = data["callCenterSettings"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|section| section.as_object().unwrap().values());
    assert!(texts.into_iter().all(Value::is_string), "{data}");
}

#[test]
fn the_directory_has_the_people_and_queues_of_the_floor() {
    let mut hosted = Hosted::new();
    hosted.send("requestGetCrmDirectory", Value::Null);
    let directory = hosted.sent("crmDirectory")[0];
    let results = directory["results"].as_array().unwrap();
    assert_eq!(directory["count"], results.len().to_string());
    assert!(
        results.iter().any(|entry| entry["name"] == "Agent 2" && entry["phone"] == "70002"),
        "{results:?}"
    );
    assert!(results.iter().any(|entry| entry["name"] == "Sales"), "{results:?}");
    assert!(results.iter().all(|entry| entry["id"] != "1001"), "{results:?}");
}

#[test]
fn a_record_brings_its_custom_parameters_and_the_dialed_number() {
    let pop = json!({"aniValues": ["+14155550100"], "dnisValues": ["7700"], "customParams": {"case": "C-9"}});
    let mut hosted = Hosted::new();
    hosted.send("requestPerformInteractionScreenPop", pop.clone());
    let SwitchEvent::Delivered(delivery) = &hosted.reported[0] else { panic!("{:?}", hosted.reported) };
    assert_eq!((delivery.dialled.as_str(), delivery.data.get("case")), ("7700", Some("C-9")));
    let call = delivery.call.clone();
    hosted.forget();
    hosted.send("requestPerformInteractionScreenPop", pop);
    let data = [("case", "C-9")].into_iter().collect();
    assert_eq!(hosted.reported, [SwitchEvent::CallInformation { call, data }]);
}

#[test]
fn a_record_of_a_withheld_number_is_a_call() {
    let mut hosted = Hosted::new();
    hosted.send(
        "requestPerformInteractionScreenPop",
        json!({"aniValues": [], "customParams": {"case": "C-9"}}),
    );
    let SwitchEvent::Delivered(delivery) = &hosted.reported[0] else { panic!("{:?}", hosted.reported) };
    assert_eq!(delivery.caller.at, PartyKind::Withheld);
    hosted.send("requestPerformInteractionScreenPop", json!({"aniValues": []}));
    assert_eq!(hosted.reported.len(), 2, "{:?}", hosted.reported);
}

#[test]
fn a_click_has_the_record_of_the_called_person() {
    let contact = json!({"id": "C-1", "name": "Carla", "data": {"url": "https://crm.example/c/1", "email": "c@crm.example"}});
    let result = |hosted: &Hosted| hosted.sent("clickToDialResponse")[0]["onClickToDialResponse"].clone();
    let mut hosted = Hosted::new();
    let call = hosted.make_call(5, "+14155550100", &[]);
    hosted.rings(&call, "+14155550100", json!({"contact_pending": true}));
    assert_eq!(hosted.sent("clickToDialResponse").len(), 0, "the directory is asked");
    hosted.event(json!({"type": "contact-resolved", "agent": "1001", "interaction": ID, "contact": contact, "candidates": []}));
    assert_eq!(
        result(&hosted),
        json!({"number": "+14155550100", "objectType": "Contact", "recordId": "C-1", "recordName": "Carla",
            "email": "c@crm.example", "url": "https://crm.example/c/1"})
    );
    let mut hosted = Hosted::new();
    let call = hosted.make_call(6, "+14155550100", &[("crm.recordId", "17"), ("crm.recordName", "Bo")]);
    hosted.rings(&call, "+14155550100", json!({}));
    assert_eq!((&result(&hosted)["recordId"], &result(&hosted)["recordName"]), (&json!("17"), &json!("Bo")));
    let mut hosted = Hosted::new();
    hosted.make_call(7, "+14155550100", &[]);
    hosted.pass(Duration::from_secs(1));
    assert_eq!(result(&hosted)["recordName"], "+14155550100", "nobody is known in time");
}

#[test]
fn a_reload_of_the_page_does_not_end_a_call() {
    let pop = json!({"aniValues": ["+14155550100"]});
    let mut hosted = Hosted::new();
    hosted.send("requestPerformInteractionScreenPop", pop);
    let SwitchEvent::Delivered(delivery) = hosted.reported[0].clone() else {
        panic!("{:?}", hosted.reported)
    };
    hosted.forget();
    hosted.reloads();
    hosted.pass(Duration::from_secs(5));
    hosted.greets(Frame(2));
    hosted.pass(Duration::from_secs(60));
    let ends = |reported: &SwitchEvent| matches!(reported, SwitchEvent::ConnectionCleared { .. });
    assert!(!hosted.reported.iter().any(ends), "{:?}", hosted.reported);
    hosted.send("requestSaveInteractionLog", log("T-1", "+14155550100", "7700", "later"));
    assert_eq!(hosted.reported.last(), Some(&cleared(delivery.call, Cause::Normal)));
}

#[test]
fn a_reload_ends_a_dialed_call_that_the_connector_does_not_report() {
    let mut hosted = Hosted::new();
    let call = hosted.dials(5, "+14155550100");
    hosted.reloads();
    assert!(!hosted.reported.contains(&cleared(call.clone(), Cause::Lost)));
    hosted.greets(Frame(2));
    assert!(hosted.reported.contains(&cleared(call, Cause::Lost)), "{:?}", hosted.reported);
}

#[test]
fn long_notes_go_on_in_further_entries() {
    let mut hosted = Hosted::new();
    hosted.dials(5, "+14155550100");
    let notes = "ä".repeat(10_000);
    hosted.send("requestSaveInteractionLog", log("T-1", "70001", "+14155550100", &notes));
    let texts = hosted.commands.iter().map(|command| match &command.verb {
        Verb::Log { text, .. } => text.as_str(),
        other => panic!("{other:?}"),
    });
    assert_eq!(texts.collect::<String>(), notes);
    assert_eq!(hosted.sent("createHistoryItem").len(), 1);
}

#[test]
fn a_record_shown_by_its_number_is_the_clicked_call() {
    let mut hosted = Hosted::new();
    let call = hosted.dials(5, "+14155550100");
    hosted.send("requestPerformInteractionScreenPop", json!({"aniValues": ["+14155550100", "4155550100"]}));
    let at = PartyKind::Outside(Number::new("+14155550100").unwrap());
    assert_eq!(hosted.reported, [SwitchEvent::Established { call, at }]);
}

#[test]
fn an_outbound_call_ends_with_its_page_and_with_its_frame() {
    let gone = [
        vec![FromPage::Closed { why: "gone".into() }],
        vec![FromPage::FrameClosed { frame: Frame(1) }],
        vec![FromPage::FrameClosed { frame: Frame(1) }, opened(Frame(2))],
    ];
    for steps in gone {
        let mut hosted = Hosted::new();
        let call = hosted.dials(5, "+14155550100");
        steps.into_iter().for_each(|step| hosted.page_input(step));
        assert!(matches!(hosted.reported[0], SwitchEvent::LinkDown { .. }), "{:?}", hosted.reported);
        hosted.pass(Duration::from_secs(29));
        assert!(!hosted.reported.contains(&cleared(call.clone(), Cause::Lost)), "the page may come back");
        hosted.pass(Duration::from_secs(2));
        assert!(hosted.reported.contains(&cleared(call, Cause::Lost)), "{:?}", hosted.reported);
    }
}

#[test]
fn a_connector_that_reports_how_calls_go_on_ends_them() {
    let reported = |event: &str, interaction: &str| {
        json!({"event": event, "interactionId": interaction, "channelType": "VOICE", "direction": "OUTBOUND",
            "originatingAddress": "70001", "destinationAddress": "9011-4155550100", "startTimestamp": 1})
    };
    for (steps, cause) in [
        (vec!["ALERTING", "CONNECTED", "HELD", "RESUMED", "ENDED"], Cause::Normal),
        (vec!["ALERTING", "ENDED"], Cause::Normal),
        (vec!["ALERTING", "CONNECTED", "TRANSFERRED"], Cause::Transferred),
    ] {
        let mut hosted = Hosted::new();
        let call = hosted.dials(5, "+14155550100");
        steps.iter().for_each(|step| hosted.send("interactionEvent", reported(step, "T-1")));
        assert_eq!(hosted.reported.last(), Some(&cleared(call, cause)), "{steps:?}");
        // Its log follows when it is completed there.
        hosted.send("requestSaveInteractionLog", log("T-1", "70001", "+14155550100", "later"));
        let [command] = &hosted.commands[..] else { panic!("{:?}", hosted.commands) };
        assert_eq!(command.interaction, Some(id(ID)));
    }
}

#[test]
fn a_click_without_a_call_is_given_up_when_the_connector_would_have_reported_it() {
    let ended = json!({"event": "ENDED", "interactionId": "T-0", "direction": "INBOUND"});
    for (reports_ends, failed) in [(true, 1), (false, 0)] {
        let mut hosted = Hosted::new();
        if reports_ends {
            hosted.send("interactionEvent", ended.clone());
        }
        let call = hosted.dials(5, "+14155550100");
        hosted.pass(Duration::from_secs(29));
        assert_eq!(hosted.reported, []);
        hosted.pass(Duration::from_secs(2));
        assert_eq!(hosted.reported.len(), failed, "{:?}", hosted.reported);
        let event = SwitchEvent::Failed { call, device: device(), cause: Cause::Failed };
        assert!(hosted.reported.iter().all(|reported| *reported == event), "{:?}", hosted.reported);
    }
}
