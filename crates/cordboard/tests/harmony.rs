//! A CTI client that we did not write the usual way: a script made from the protocol's document alone, against the demo's bridge.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod support;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Demo, Home, PATIENCE};

/// The script, and what it has written.
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

    /// Everything that was said; the script must have come to its end.
    fn end(mut self) -> Vec<Value> {
        let status = self.child.wait().unwrap();
        let lines = self.lines.join().unwrap();
        assert!(status.success(), "{:?}", lines.last());
        lines
    }
}

/// An agent's own desk.
struct Desk<'a> {
    demo: &'a Demo<'a>,
    agent: &'static str,
    token: String,
}

impl<'a> Desk<'a> {
    fn new(demo: &'a Demo<'a>, agent: &'static str) -> Self {
        let mut desk = Self { demo, agent, token: String::new() };
        let signed_in = desk.ask("POST", "/api/v1/sign-in", &json!({ "account": agent, "password": "demo" }));
        desk.token = signed_in["token"].as_str().unwrap().to_owned();
        desk
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let (body, token) = (body.to_string(), &self.token);
        let mut stream = TcpStream::connect(self.demo.http).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Authorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 2"), "{path}: {answer}");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    fn command(&self, verb: &Value) {
        self.ask("POST", &format!("/api/v1/agents/{}/commands", self.agent), verb);
    }

    /// Waits until the agent's interaction is as it should be.
    fn until(&self, fits: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let interactions = self.ask("GET", "/api/v1/interactions", &Value::Null);
            let one = interactions["items"][0].clone();
            if fits(&one) {
                return one;
            }
            assert!(began.elapsed() < PATIENCE, "{one}");
            thread::sleep(Duration::from_millis(30));
        }
    }

    fn until_legs(&self, primary: &str, consult: &str) -> Value {
        self.until(|one| one["primary"]["state"] == primary && one["consult"]["state"] == consult)
    }
}

fn switch_is(desk: &Desk<'_>, up: bool) {
    let began = Instant::now();
    loop {
        let switches = desk.ask("GET", "/api/v1/switches", &Value::Null);
        let harmony =
            switches["items"].as_array().unwrap().iter().find(|one| one["id"] == "harmony").cloned();
        if harmony.is_some_and(|one| one["up"] == up) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{switches}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// No event of an object came before the answer to its first query on that connection.
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
    let desk = Desk::new(demo, "1101");
    switch_is(&desk, true);
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
        switch_is(&desk, false);
        switch_is(&desk, true);
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
