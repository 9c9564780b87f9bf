//! An independent CTI client against the bridge of the demo: a script that was written from the protocol's document alone.

use crate::support;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use serde_json::{Value, json};
use support::{Demo, Desk, Home};

/// The running script and its output.
struct Client {
    child: Child,
    lines: thread::JoinHandle<Vec<Value>>,
}

impl Client {
    fn start(demo: &Demo<'_>, script: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/harmony/client.py");
        let mut python = Command::new("python3");
        python.arg(file).arg(demo.harmony.to_string()).args(["--script", script]);
        let mut child = python.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let lines = thread::spawn(move || {
            out.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
        });
        Self { child, lines }
    }

    /// All messages. The script must have finished.
    fn end(mut self) -> Vec<Value> {
        let status = self.child.wait().unwrap();
        let lines = self.lines.join().unwrap();
        assert!(status.success(), "{:?}", lines.last());
        lines
    }
}

/// Checks that no event of an object arrives before the answer to its first query on the connection.
fn keeps_the_rule(lines: &[Value]) {
    let mut answered = std::collections::BTreeSet::new();
    for line in lines {
        if line["note"] == "drops the connection" {
            answered.clear();
        }
        let (kind, name) = (&line["header"]["type"], line["header"]["name"].as_str().unwrap_or_default());
        let target = line["header"]["target"].as_str().unwrap_or_default();
        if kind == "cti.response" && name.ends_with(".query.init") {
            answered.insert(target);
        }
        let free = !target.ends_with(".CONTROL") && kind == "cti.event";
        assert!(!free || answered.contains(target), "{line}");
    }
}

fn takes_a_call(demo: &Demo<'_>, script: &str) {
    let client = Client::start(demo, script);
    let desk = Desk::new(demo.http, "1101");
    desk.until_switch("harmony", true);
    desk.command(&json!({ "verb": "sign-in" }));
    desk.command(&json!({ "verb": "ready" }));
    let rings = desk.until(|one| one["state"] == "alerting");
    assert_eq!(rings["customer"]["at"]["outside"], "+14155550123");
    assert_eq!(rings["data"]["AccountCode"], "A-1001");
    desk.command(&json!({ "verb": "answer" }));
    desk.until(|one| one["state"] == "started");
    desk.command(&json!({ "verb": "consult", "to": "+14155550100" }));
    let before = desk.until_legs("held", "talking");
    desk.command(&json!({ "verb": "alternate" }));
    let alternated = desk.until_legs("talking", "held");
    if script == "drop" {
        desk.until_switch("harmony", false);
        desk.until_switch("harmony", true);
        let after = desk.until_legs("talking", "held");
        assert_eq!((&after["id"], &after["consult"]["id"]), (&before["id"], &alternated["consult"]["id"]));
    }
    desk.command(&json!({ "verb": "complete-transfer" }));
    desk.until(Value::is_null);
    desk.command(&json!({ "verb": "sign-out" }));
    keeps_the_rule(&client.end());
}

#[test]
fn a_client_from_the_document_takes_a_call_and_transfers_it() {
    let home = Home::new();
    takes_a_call(&home.demo((0, 0)), "plain");
}

#[test]
fn a_client_that_drops_in_a_consult_is_found_as_it_is() {
    let home = Home::new();
    takes_a_call(&home.demo((0, 0)), "drop");
}
