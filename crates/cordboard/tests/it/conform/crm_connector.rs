//! Both ends of the CRM Connector hold every requirement, and deliberate mistakes are found.

use std::net::SocketAddr;

use conform::{Action, Report, Step, Steps, Terms, crm_connector};
use serde_json::{Value, json};

use super::{
    conversations, holds_all,
    pages::{Change, Relayed, browser, finds, origin, patience, unchanged},
    run,
    support::{Desk, Home, free_port},
    terms,
};

const CUSTOMER: &str = "+14155550199";
const NUMBER: &str = "+14155550123";

/// The steps at the softphone.
fn steps(at: SocketAddr) -> Steps {
    let command = |verb: Value| {
        Action::new(move || {
            Desk::new(at, "1001").command(&verb);
            Ok(())
        })
    };
    let ring = |patience_ms: Option<u64>| {
        Action::new(move || {
            Desk::new(at, "1001").until_agent(|agent| agent["state"] == "ready");
            let mut call = json!({ "from": CUSTOMER, "to": "7700", "data": {} });
            if let Some(patience_ms) = patience_ms {
                call["patience_ms"] = json!(patience_ms);
            }
            Desk::new(at, "integration").request("POST", "/api/v1/simulated/calls", &call);
            Ok(())
        })
    };
    let does = |verb: &'static str, fits: fn(&Value) -> bool| {
        Action::new(move || {
            let desk = Desk::new(at, "1001");
            desk.until(|one| fits(&one["primary"]["state"]));
            desk.command(&json!({ "verb": verb }));
            Ok(())
        })
    };
    Steps::default()
        .with(Step::SignIn, command(json!({ "verb": "sign-in" })))
        .with(Step::Ready, command(json!({ "verb": "ready" })))
        .with(Step::Ring, ring(None))
        .with(Step::GiveUp, ring(Some(300)))
        .with(Step::Answer, does("answer", |state| state == "alerting"))
        .with(Step::HangUp, does("hang-up", |state| state.is_string() && state != "alerting"))
}

/// Tests the connector of a demo, with a mistake.
fn connector(change: Change, steps: impl Fn(SocketAddr) -> Steps, terms: &Terms) -> Report {
    let (home, port) = (Home::new(), free_port());
    let demo = home.demo((0, 0));
    let admin = Desk::new(demo.http, "admin");
    let mut floor = admin.request("GET", "/api/v1/floor", &Value::Null);
    floor["crm_origins"] = json!([origin(port)]);
    admin.request("PUT", "/api/v1/floor", &json!({ "floor": floor }));
    let relayed = Relayed {
        node: demo.http,
        name: "connector",
        token: Desk::new(demo.http, "1001").token,
        frame: (0, "around"),
        first: Some(json!({ "type": "around", "origin": origin(port), "offset_min": 0 })),
        query: "",
        change,
    };
    let tested = crm_connector::Connector {
        to: format!("http://{}/connector/", demo.http),
        browser: browser(port),
        customer: Some(CUSTOMER.to_owned()),
        number: NUMBER.to_owned(),
    };
    let steps = steps(demo.http);
    run(async {
        tokio::select! {
            report = crm_connector::telephony(tested, &steps, terms) => report.unwrap(),
            _ = async { relayed.with(port).await; std::future::pending::<()>().await } => unreachable!(),
        }
    })
}

#[test]
fn the_crm_connector_telephony_end_holds_every_requirement() {
    let report = connector(unchanged, steps, &terms());
    holds_all(&report);
    conversations::is_on_its_page(&report);
}

/// Tests the page of a demo that hosts a connector, with a mistake.
fn host(change: Change, terms: &Terms) -> Report {
    let (home, port) = (Home::new(), free_port());
    let url = format!("{}/", origin(port));
    let variables = [
        ("CORDBOARD_CRM_CONNECTOR__DESK__ID", "connector"),
        ("CORDBOARD_CRM_CONNECTOR__DESK__URL", url.as_str()),
    ];
    let demo = home.demo_with((0, 0), &variables);
    let admin = Desk::new(demo.http, "admin");
    let mut floor = admin.request("GET", "/api/v1/floor", &Value::Null);
    let agents = floor["agents"].as_array_mut().unwrap();
    agents.iter_mut().find(|agent| agent["id"] == "1001").unwrap()["switch"] = json!("connector");
    admin.request("PUT", "/api/v1/floor", &json!({ "floor": floor }));
    let relayed = Relayed {
        node: demo.http,
        name: "connector-desk",
        token: Desk::new(demo.http, "1001").token,
        frame: (1, "connector"),
        first: None,
        query: "",
        change,
    };
    let at = demo.http;
    let dial = move || {
        let desk = Desk::new(at, "1001");
        desk.command(&json!({ "verb": "dial", "to": NUMBER, "data": {} }));
        Ok(())
    };
    let steps = Steps::default().with(Step::Dial, Action::new(dial));
    let page = crm_connector::Page { browser: browser(port), customer: CUSTOMER.to_owned() };
    run(async {
        tokio::select! {
            report = crm_connector::desk(page, &steps, terms) => report.unwrap(),
            _ = async { relayed.with(port).await; std::future::pending::<()>().await } => unreachable!(),
        }
    })
}

#[test]
fn the_crm_connector_desk_end_holds_every_requirement() {
    holds_all(&host(unchanged, &terms()));
}

fn is(message: &Value, action: &str) -> bool {
    message["action"] == action
}

/// Wrong keys and values of a connector.
fn wrong_keys(mut message: Value) -> Vec<Value> {
    let action = message["action"].as_str().unwrap().to_owned();
    let data = &mut message["data"];
    match action.as_str() {
        "requestCrmData" => message["data"] = json!({}),
        "requestEnableClickToDial" => {
            data["isEnabled"] = json!("true");
            message["type"] = json!("CRMConnect");
        }
        "requestCustomFieldsValues" => {
            *data = json!({ "object": { "voice": ["other"] } });
            return vec![message, json!({ "type": "CRMConnectMessage", "action": "requestScreenPop" })];
        }
        "requestPerformInteractionScreenPop" => {
            *data = json!({ "aniValues": "+14155550199", "interactionType": "CALL" });
        }
        "interactionEvent" => data["channelType"] = json!("voice"),
        "requestSaveInteractionLog" => {
            let body = &mut data["message"]["body"];
            body["interactionData"]["updatedDestinationAddress"] = json!("");
            body["interactionData"]["logDetails"]["customFields"] = json!({});
            let interaction = &mut body["interactionData"]["interaction"];
            interaction["answered"] = Value::Null;
            interaction["topic"] = Value::Null;
            interaction["intrinsics"]["START_TIME"] = json!("1:02 PM");
        }
        _ => {}
    }
    vec![message]
}

/// A connector that leaves out messages.
fn missing(message: Value) -> Vec<Value> {
    let left_out = [
        "requestEnableClickToDial",
        "requestCustomFieldsValues",
        "requestPerformInteractionScreenPop",
        "interactionEvent",
    ];
    if left_out.iter().any(|action| is(&message, action)) { Vec::new() } else { vec![message] }
}

/// A connector that sends too much.
fn too_much(message: Value) -> Vec<Value> {
    let twice = ["requestCrmData", "requestPerformInteractionScreenPop", "requestSaveInteractionLog"];
    let ready = json!({ "type": "CRMConnectMessage", "action": "ready" });
    let reports = json!({ "type": "CRMConnectMessage", "action": "requestOpenReports" });
    match message["action"].as_str().unwrap() {
        "requestCrmData" => vec![message.clone(), message, ready],
        action if twice.contains(&action) => vec![message.clone(), message],
        "interactionEvent" if message["data"]["direction"] == "OUTBOUND" => vec![message, reports],
        _ => vec![message],
    }
}

/// A connector that posts JSON texts.
fn texts(message: Value) -> Vec<Value> {
    vec![json!(message.to_string())]
}

/// A connector that knows no log.
fn no_log(message: Value) -> Vec<Value> {
    if is(&message, "requestSaveInteractionLog") { Vec::new() } else { vec![message] }
}

#[test]
fn mistakes_of_a_connector_are_found() {
    let mistakes: &[(Change, &[&str])] = &[
        (
            wrong_keys,
            &[
                "CRM-T-02", "CRM-T-03", "CRM-T-07", "CRM-T-11", "CRM-T-16", "CRM-T-17", "CRM-T-24",
                "CRM-T-25", "CRM-T-26", "CRM-T-31", "CRM-T-32", "CRM-T-33", "CRM-T-34", "CRM-T-35",
                "CRM-T-36", "CRM-T-43",
            ],
        ),
        (missing, &["CRM-T-13", "CRM-T-14", "CRM-T-15", "CRM-T-23", "CRM-T-28", "CRM-T-42"]),
        (too_much, &["CRM-T-09", "CRM-T-10", "CRM-T-27", "CRM-T-37", "CRM-T-40"]),
        (texts, &["CRM-T-01", "CRM-T-05"]),
        (no_log, &["CRM-T-29", "CRM-T-39"]),
    ];
    finds(mistakes, |change| connector(change, steps, &patience()));
}

/// Wrong keys and values of a page of a CRM.
fn wrong_values(mut message: Value) -> Vec<Value> {
    let action = message["action"].as_str().unwrap().to_owned();
    let data = &mut message["data"];
    match action.as_str() {
        "ready" => *data = json!({ "version": 1 }),
        "crmData" => {
            data["callCenterSettings"]["SoftphoneOptions"]["clickToDial"] = json!(true);
            data["callCenterSettings"]["LogOptions"] = json!([]);
            data["currentUser"]["Name"] = Value::Null;
            data["capabilities"]["name"] = Value::Null;
            data["capabilities"]["extensions"] = json!("interactionEvents");
        }
        "crmDirectory" => {
            data["count"] = json!(7);
            data["results"][0]["name"] = Value::Null;
        }
        "customFieldsDataResponse" => *data = json!({}),
        "clickToDialResponse" => {
            data.as_object_mut().unwrap().remove("nameObjects");
            data["onClickToDialResponse"]["number"] = json!(4_155_550_123_u64);
            data["crmPhones"] = Value::Null;
            data["relatedToObjects"] = Value::Null;
            data["doNotCall"] = Value::Null;
            message["type"] = json!("ClientApp");
        }
        "createHistoryItem" => {
            data["data"]["logParameters"] = Value::Null;
            data["data"]["msgData"]["message"]["body"]["interactionId"] = json!("other");
            return vec![message.clone(), message, json!({ "type": "ClientAppMessage", "action": "saved" })];
        }
        "displayErrorNotification" => data["textArray"] = json!("a text"),
        _ => {}
    }
    vec![message]
}

fn no_ready(message: Value) -> Vec<Value> {
    if is(&message, "ready") { Vec::new() } else { vec![message] }
}

fn no_data(message: Value) -> Vec<Value> {
    if is(&message, "crmData") { Vec::new() } else { vec![message] }
}

fn no_click(message: Value) -> Vec<Value> {
    if is(&message, "clickToDialResponse") { Vec::new() } else { vec![message] }
}

#[test]
fn mistakes_of_a_page_of_a_crm_are_found() {
    let mistakes: &[(Change, &[&str])] = &[
        (
            wrong_values,
            &[
                "CRM-D-02", "CRM-D-03", "CRM-D-07", "CRM-D-11", "CRM-D-12", "CRM-D-13", "CRM-D-14",
                "CRM-D-15", "CRM-D-18", "CRM-D-19", "CRM-D-20", "CRM-D-21", "CRM-D-22", "CRM-D-25",
                "CRM-D-26", "CRM-D-27", "CRM-D-28", "CRM-D-30", "CRM-D-31", "CRM-D-32",
            ],
        ),
        (texts, &["CRM-D-01"]),
        (no_ready, &["CRM-D-05", "CRM-D-06"]),
        (no_data, &["CRM-D-10"]),
        (no_click, &["CRM-D-17"]),
    ];
    finds(mistakes, |change| host(change, &patience()));
}
