//! A node that is killed during work has every event afterwards that was shown to anybody.

use crate::support;

use std::{
    io::{BufRead, BufReader, Read, Write},
    iter,
    net::{SocketAddr, TcpStream},
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use serde_json::{Value, json};
use support::{Demo, Home, Listener, PATIENCE, free_port, until};

const CALLS: usize = 200;
const AGENTS: std::ops::RangeInclusive<u32> = 1001..=1020;

/// Sends a request to the native API. Returns the body of a successful answer.
fn post(to: SocketAddr, token: &str, path: &str, body: &Value) -> Option<Value> {
    let mut stream = TcpStream::connect(to).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let body = body.to_string();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {to}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all((head + &body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.contains(" 20").then(|| serde_json::from_str(body).unwrap_or(Value::Null))
}

fn token(demo: &Demo<'_>) -> String {
    let credentials = json!({ "account": "integration", "password": "demo" });
    let signed_in = post(demo.http, "", "/api/v1/sign-in", &credentials).unwrap();
    signed_in["token"].as_str().unwrap().to_owned()
}

/// A `cordboard tail` that reads the event stream over all restarts. Dropping this ends it.
struct Witness {
    tail: Child,
    seen: Arc<Mutex<Vec<Value>>>,
}

impl Witness {
    fn of(home: &Home, demo: &Demo<'_>) -> Self {
        let mut tail = home.program();
        tail.env("CORDBOARD_URL", format!("http://{}", demo.http))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut tail = tail.args(["--json", "tail", "--after", "0"]).spawn().unwrap();
        let seen: Arc<Mutex<Vec<Value>>> = Arc::default();
        let keep = Arc::clone(&seen);
        let lines = BufReader::new(tail.stdout.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                keep.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Self { tail, seen }
    }

    /// The number of events so far.
    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The events up to and including `last`.
    fn up_to(&self, last: u64) -> Vec<Value> {
        let seen = self.seen.lock().unwrap();
        let of_events = seen.iter().filter(|value| value["type"] == "event");
        of_events.filter(|event| event["seq"].as_u64().unwrap() <= last).cloned().collect()
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        // It does not matter if it has ended already.
        let _ = self.tail.kill();
        let _ = self.tail.wait();
    }
}

/// A client that sends one command after the other.
struct CommandSender {
    stop: Arc<AtomicBool>,
    /// The numbers of the accepted commands.
    taken: Arc<Mutex<Vec<u64>>>,
    thread: JoinHandle<()>,
}

impl CommandSender {
    fn begin(to: SocketAddr, token: String) -> Self {
        let (stop, taken): (Arc<AtomicBool>, Arc<Mutex<Vec<u64>>>) = Default::default();
        let (stopped, keep) = (Arc::clone(&stop), Arc::clone(&taken));
        let verbs = (0..).flat_map(|round| ["not-ready", "ready"].map(|verb| (1001 + round % 20, verb)));
        let thread = thread::spawn(move || {
            for (agent, verb) in verbs.take_while(|_| !stopped.load(Ordering::Relaxed)) {
                let path = format!("/api/v1/agents/{agent}/commands");
                let answer = post(to, &token, &path, &json!({ "verb": verb }));
                keep.lock().unwrap().extend(answer.map(|answer| answer["seq"].as_u64().unwrap()));
            }
        });
        Self { stop, taken, thread }
    }

    fn count(&self) -> usize {
        self.taken.lock().unwrap().len()
    }

    fn end(self) -> Vec<u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
        std::mem::take(&mut *self.taken.lock().unwrap())
    }
}

/// The complete journal.
fn journal(demo: &Demo<'_>) -> Vec<Value> {
    let last = demo.json(&["status"])[0]["seq"].as_u64().unwrap();
    let events = demo.json(&["tail", "--after", "0", "--limit", &last.to_string()]);
    events.into_iter().filter(|value| value["type"] == "event").collect()
}

#[test]
fn a_kill_in_the_middle_of_200_calls_loses_nothing_that_was_shown() {
    let home = Home::new();
    let ports = (free_port(), free_port());
    let demo = home.demo(ports);
    let token = token(&demo);
    let witness = Witness::of(&home, &demo);
    for agent in AGENTS {
        post(demo.http, &token, &format!("/api/v1/simulated/phones/{agent}"), &json!({ "action": "auto" }))
            .unwrap();
        for verb in ["sign-in", "ready"] {
            let path = format!("/api/v1/agents/{agent}/commands");
            post(demo.http, &token, &path, &json!({ "verb": verb })).unwrap();
        }
    }
    for index in 0..CALLS {
        let call = json!({ "from": format!("+1415556{index:04}"), "to": "7700", "talk_ms": 400 });
        post(demo.http, &token, "/api/v1/simulated/calls", &call).unwrap();
    }
    let sending = CommandSender::begin(demo.http, token);
    until("work", || witness.count() > 2 * CALLS && sending.count() > 20);
    demo.kill();
    let taken = sending.end();

    let demo = home.demo(ports);
    demo.until(&["status"], |status| status[0]["switches"][0]["up"] == true);
    let after = journal(&demo);
    let numbers: Vec<u64> = after.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "numbers go on without a gap");
    let last = numbers.len() as u64;
    let seen = witness.up_to(last);
    assert!(seen.len() > CALLS, "{} events were seen", seen.len());
    for event in seen {
        let at = event["seq"].as_u64().unwrap() as usize;
        assert_eq!(event["event"], after[at - 1]["event"], "event {at} was seen otherwise");
    }
    assert!(taken.iter().all(|seq| *seq <= last), "a command that was taken is not there");
    nobody_is_left_in_a_call(&demo, &after);
}

/// The simulated switch ends with the node: its calls are over, and the history has the reason.
fn nobody_is_left_in_a_call(demo: &Demo<'_>, journal: &[Value]) {
    let agents = demo.until(&["agents"], |agents| agents.iter().all(|agent| agent["state"] != "busy"));
    assert_eq!(agents.iter().filter(|agent| agent["state"] != "signed-out").count(), 20);
    let opened = journal.iter().filter(|event| event["event"]["type"] == "interaction-opened").count();
    let history = demo.json(&["history", "--limit", "1000"]);
    assert_eq!(history.len(), opened, "every interaction that was opened is in the history, once");
    let lost = history.iter().filter(|one| one["interaction"]["cause"] == "lost").count();
    assert!(lost > 0, "calls that were going on are over because they are lost");
}

#[test]
fn an_ebs_that_is_away_costs_nobody_else_anything() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let (away, there) = (free_port(), Listener::new());
    for (agent, port) in [(1001, away), (1002, there.port)] {
        let line = format!("telesetNumber={agent}&agentID={}", agent + 6000);
        demo.done(&format!("FunctionName=Register&{line}&ipAddress=127.0.0.1&port={port}"));
        demo.done(&format!("FunctionName=Login&{line}&agentPassword=demo&agentQueue=7700"));
        demo.done(&format!("FunctionName=Ready&{line}"));
    }
    let call = |to: &str| drop(demo.json(&["call", "--from", "+14155550100", "--to", to]));
    call("1001");
    call("1002");
    assert_eq!(there.next().0, "ScreenPop", "nobody waits for the one who is away");
    demo.json(&["phone", "1001", "answer"]);
    demo.until(&["agents"], |agents| agents[0]["state"] == "busy");
    demo.json(&["phone", "1001", "hang-up"]);
    let back = Listener::at(away);
    demo.json(&["call", "--from", "+14155550101", "--to", "1001"]);
    // Repeated events of the first call can arrive before it.
    let is_next = |(name, pairs): &(String, Vec<(String, String)>)| {
        name == "ScreenPop" && pairs.contains(&("occtANI".to_owned(), "14155550101".to_owned()))
    };
    assert!(iter::repeat_with(|| back.next()).any(|event| is_next(&event)), "who is back gets the next call");
}
