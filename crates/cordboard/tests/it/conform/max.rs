//! Both ends of MAX hold every requirement, and deliberate mistakes are found.

use std::net::SocketAddr;

use conform::{Action, Report, Step, Steps, Terms, max};
use serde_json::{Value, json};

use super::{
    FLOOR, conversations, holds_all,
    pages::{Change, Relayed, browser, finds, origin, patience, unchanged},
    run,
    support::{Desk, Home, Node, free_port},
    terms,
};

const CUSTOMER: &str = "+14155550199";

fn command(at: SocketAddr, verb: Value) -> Action {
    Action::new(move || {
        Desk::new(at, "1001").command(&verb);
        Ok(())
    })
}

/// The steps at the desktop.
fn steps(at: SocketAddr) -> Steps {
    let ring = move || {
        Desk::new(at, "1001").until_agent(|agent| agent["state"] == "ready");
        let call = json!({ "from": CUSTOMER, "to": "7700", "data": { "AccountCode": "A-1" } });
        Desk::new(at, "integration").request("POST", "/api/v1/simulated/calls", &call);
        Ok(())
    };
    Steps::default()
        .with(Step::SignIn, command(at, json!({ "verb": "sign-in" })))
        .with(Step::Ready, command(at, json!({ "verb": "ready" })))
        .with(Step::Ring, Action::new(ring))
        .with(Step::SignOut, command(at, json!({ "verb": "sign-out" })))
}

/// Tests the desktop of a demo as MAX, with a mistake.
fn desktop(change: Change, terms: &Terms) -> Report {
    let (home, port) = (Home::new(), free_port());
    let demo = home.demo((0, 0));
    let admin = Desk::new(demo.http, "admin");
    let mut floor = admin.request("GET", "/api/v1/floor", &Value::Null);
    let page = |id: &str, query: &str, place: &str| json!({ "id": id, "title": id, "url": format!("{}/{query}", origin(port)), "place": place });
    floor["pages"] = json!([page("kb", "", "workspace")]);
    admin.request("PUT", "/api/v1/floor", &json!({ "floor": floor }));
    let relayed = Relayed {
        node: demo.http,
        name: "max",
        token: Desk::new(demo.http, "1001").token,
        frame: (1, "kb"),
        first: None,
        query: "",
        change,
    };
    let tested =
        max::Max { browser: browser(port), issuer: "MAX".to_owned(), customer: Some(CUSTOMER.to_owned()) };
    let steps = steps(demo.http);
    run(async {
        tokio::select! {
            report = max::telephony(tested, &steps, terms) => report.unwrap(),
            _ = async { relayed.with(port).await; std::future::pending::<()>().await } => unreachable!(),
        }
    })
}

#[test]
fn the_max_telephony_end_holds_every_requirement() {
    let report = desktop(unchanged, &terms());
    // The panel is in the browser's trial.
    let report = without(report, "MAX-T-33");
    holds_all(&report);
    conversations::is_on_its_page(&report);
}

/// The report without one requirement, which was not reached.
fn without(mut report: Report, id: &str) -> Report {
    report.outcomes.retain(|outcome| outcome.requirement.id != id);
    report
}

/// A node whose agent's phone is in the MAX that the run plays.
fn far(home: &Home, port: u16) -> Node {
    std::fs::write(home.path().join("floor.toml"), FLOOR.replace("softphone", "far")).unwrap();
    let config = format!(
        "[floor]\nfile = \"floor.toml\"\n[max.desk]\nid = \"far\"\norigins = [\"{}\"]\n",
        origin(port)
    );
    home.serve(free_port(), &config)
}

/// Tests the page of a node for a real MAX, with a mistake.
fn page(change: Change, terms: &Terms) -> Report {
    let (home, port) = (Home::new(), free_port());
    let node = far(&home, port);
    let relayed = Relayed {
        node: node.http,
        name: "max-desk",
        token: Desk::new(node.http, "1001").token,
        frame: (0, "around"),
        first: None,
        query: "",
        change,
    };
    let at = node.http;
    let does = |verb: Value| {
        Action::new(move || {
            let desk = Desk::new(at, "1001");
            desk.until(|one| one["primary"]["state"].is_string());
            desk.command(&verb);
            Ok(())
        })
    };
    let verbs = [
        (Step::Answer, json!({ "verb": "answer" })),
        (Step::Hold, json!({ "verb": "hold" })),
        (Step::Resume, json!({ "verb": "resume" })),
        (Step::Mute, json!({ "verb": "mute", "on": true })),
        (Step::Record, json!({ "verb": "record" })),
        (Step::Mask, json!({ "verb": "mask", "on": true })),
        (Step::HangUp, json!({ "verb": "hang-up" })),
        (Step::Refuse, json!({ "verb": "reject" })),
    ];
    let add = |steps: Steps, (step, verb)| steps.with(step, does(verb));
    let steps = verbs.into_iter().fold(Steps::default(), add);
    let tested = max::Page {
        to: format!("http://{}/max-desk", node.http),
        browser: browser(port),
        issuer: "MAX".to_owned(),
        customer: CUSTOMER.to_owned(),
    };
    run(async {
        tokio::select! {
            report = max::desk(tested, &steps, terms) => report.unwrap(),
            _ = async { relayed.with(port).await; std::future::pending::<()>().await } => unreachable!(),
        }
    })
}

#[test]
fn the_max_desk_end_holds_every_requirement() {
    holds_all(&page(unchanged, &terms()));
}

/// Changes each event of an envelope.
fn events(mut envelope: Value, change: impl Fn(&mut Value)) -> Value {
    envelope["events"].as_array_mut().unwrap().iter_mut().for_each(change);
    envelope
}

/// Leaves out events, and the envelope with the last one.
fn keeps(mut envelope: Value, kept: impl Fn(&Value) -> bool) -> Vec<Value> {
    let events = envelope["events"].as_array_mut().unwrap();
    events.retain(kept);
    if events.is_empty() { Vec::new() } else { vec![envelope] }
}

/// Wrong keys and values of MAX.
fn wrong_values(mut envelope: Value) -> Vec<Value> {
    if envelope["contactId"].is_null() {
        envelope["contactId"] = json!(7);
    }
    envelope["issuer"] = json!("max");
    vec![events(envelope, |event| match event["Type"].as_str().unwrap_or_default() {
        "AgentState" => {
            event["CurrentState"] = json!("Busy");
            event["IsAcw"] = json!(false);
        }
        "CallContactEvent" => {
            event["IsInbound"] = json!("False");
            event["IsLogging"] = json!("yes");
            event["ANI"] = json!("unknown");
            event["StartTimeUTC"] = json!("2023-11-14 22:13");
            event.as_object_mut().unwrap().remove("MasterID");
        }
        "AgentLeg" => event["Status"] = json!("Up"),
        "Mute" => event["Type"] = Value::Null,
        _ => {}
    })]
}

/// MAX sends less than it has to.
fn too_little(envelope: Value) -> Vec<Value> {
    keeps(envelope, |event| {
        let name = event["Type"].as_str().or(event["messageType"].as_str()).unwrap_or_default();
        !["AgentState", "Mute", "SessionInfo", "AgentSessionEnd"].contains(&name)
            && event["Status"] != "Masking"
            && event["IsLogging"] != "True"
    })
}

/// MAX accepts everything, and sends the acknowledgement last.
fn accepts(envelope: Value) -> Vec<Value> {
    let mut envelope = events(envelope, |event| {
        if event["messageType"] == "ClientEventSubscriptionAcknowledge" {
            event["status"] = json!("OK");
            event["reason"] = json!("Success");
        }
    });
    envelope["events"].as_array_mut().unwrap().reverse();
    vec![envelope]
}

/// MAX accepts nothing.
fn refuses(envelope: Value) -> Vec<Value> {
    vec![events(envelope, |event| {
        if event["messageType"] == "ClientEventSubscriptionAcknowledge" {
            event["status"] = json!("ERROR");
        }
    })]
}

fn texts(message: Value) -> Vec<Value> {
    vec![json!(message.to_string())]
}

#[test]
fn mistakes_of_max_are_found() {
    let mistakes: &[(Change, &[&str])] = &[
        (
            wrong_values,
            &[
                "MAX-T-02", "MAX-T-03", "MAX-T-05", "MAX-T-06", "MAX-T-07", "MAX-T-36", "MAX-T-37",
                "MAX-T-38", "MAX-T-39", "MAX-T-40", "MAX-T-42", "MAX-T-43",
            ],
        ),
        (too_little, &["MAX-T-28", "MAX-T-30", "MAX-T-35", "MAX-T-42", "MAX-T-46", "MAX-T-54"]),
        (accepts, &["MAX-T-09", "MAX-T-13", "MAX-T-14", "MAX-T-15", "MAX-T-16", "MAX-T-17"]),
        (refuses, &["MAX-T-08"]),
        (texts, &["MAX-T-01"]),
    ];
    finds(mistakes, |change| desktop(change, &patience()));
}

/// Wrong keys and values of a page.
fn wrong_keys(mut message: Value) -> Vec<Value> {
    message["issuer"] = json!(7);
    if message["messageType"] == "RegisterForClientEvents" {
        message["subscriptionTypes"] = json!(["everything"]);
        return vec![message.clone(), message];
    }
    message["contactId"] = json!("first");
    let mut unknown = message.clone();
    unknown["messageType"] = json!("ParkEvent");
    vec![message.clone(), message, unknown]
}

fn no_commands(message: Value) -> Vec<Value> {
    let kept = ["RegisterForClientEvents", "UnregisterFromClientEvents", "AnswerEvent"];
    if kept.iter().any(|kind| message["messageType"] == *kind) { vec![message] } else { Vec::new() }
}

fn nothing(_: Value) -> Vec<Value> {
    Vec::new()
}

#[test]
fn mistakes_of_a_page_for_max_are_found() {
    let mistakes: &[(Change, &[&str])] = &[
        (wrong_keys, &["MAX-D-02", "MAX-D-03", "MAX-D-04", "MAX-D-06", "MAX-D-07", "MAX-D-17", "MAX-D-18"]),
        (no_commands, &["MAX-D-10", "MAX-D-11", "MAX-D-13", "MAX-D-14", "MAX-D-16"]),
        (texts, &["MAX-D-01"]),
        (nothing, &["MAX-D-05"]),
    ];
    finds(mistakes, |change| page(change, &patience()));
}
