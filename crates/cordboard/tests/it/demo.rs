//! The built program: the demo, its commands, and an EBS that sends callouts.

use crate::support;

use std::{
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt as _,
    process::Stdio,
};

use serde_json::Value;
use support::{Demo, Home, Listener, free_port};

/// Signs in agent 1001 and makes it ready as EBS does, with the quirks of the one published sample.
fn signs_in(demo: &Demo<'_>, listener: &Listener) {
    let port = listener.port;
    let line = "telesetNumber=1001&agentID=7001";
    demo.done(&format!("FunctionName=Register&{line}&ipAddress=127.0.0.1&port={port} telesetNumber=1001&"));
    demo.done(&format!("FunctionName=Login&{line}&agentPassword=demo&agentQueue=7700"));
    demo.done(&format!("FunctionName=Ready&{line}"));
}

fn value(pairs: &[(String, String)], name: &str) -> String {
    pairs.iter().find(|(pair, _)| pair == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// One complete call: three events with one `occtSourceID`, in order.
fn takes_a_call(demo: &Demo<'_>, listener: &Listener, from: &str) {
    demo.json(&["call", "--from", from, "--to", "7700", "--data", "ServiceRequestNum=24531"]);
    let (name, pairs) = listener.next();
    assert_eq!(name, "ScreenPop");
    assert_eq!(value(&pairs, "occtANI"), from.trim_start_matches('+'));
    assert_eq!(value(&pairs, "occtDNIS"), "1001");
    assert_eq!(value(&pairs, "ServiceRequestNum"), "24531");
    let source = value(&pairs, "occtSourceID");
    demo.json(&["phone", "1001", "answer"]);
    assert_eq!(
        listener.next(),
        ("CallEstablished".to_owned(), vec![("occtSourceID".to_owned(), source.clone())])
    );
    demo.json(&["phone", "1001", "hang-up"]);
    assert_eq!(listener.next(), ("CallReleased".to_owned(), vec![("occtSourceID".to_owned(), source)]));
}

#[test]
fn an_ebs_agent_takes_calls_and_makes_one() {
    let (home, listener) = (Home::new(), Listener::new());
    let demo = home.demo((0, 0));
    signs_in(&demo, &listener);
    takes_a_call(&demo, &listener, "+14155550100");

    // There is no other call before the next Ready.
    demo.json(&["call", "--from", "+14155550101", "--to", "7700", "--patience", "1m"]);
    assert!(listener.is_silent());
    demo.done("FunctionName=Ready&telesetNumber=1001&agentID=7001");
    assert_eq!(listener.next().0, "ScreenPop");
    demo.json(&["phone", "1001", "answer"]);
    assert_eq!(listener.next().0, "CallEstablished");
    demo.json(&["phone", "1001", "hang-up"]);
    assert_eq!(listener.next().0, "CallReleased");

    demo.done("FunctionName=MakeCall&telesetNumber=1001&agentID=7001&dialString=(415)%20555-0123");
    let (name, pairs) = listener.next();
    assert_eq!((name.as_str(), value(&pairs, "occtANI").as_str()), ("ScreenPop", "4155550123"));
    assert_eq!(listener.next().0, "CallEstablished");
    demo.json(&["phone", "1001", "hang-up"]);
    assert_eq!(listener.next().0, "CallReleased");

    let history = demo.until(&["history"], |history| history.len() == 3);
    assert_eq!(history[0]["interaction"]["direction"], "outbound");
    assert_eq!(history[2]["interaction"]["customer"]["at"]["outside"], "+14155550100");
    assert_eq!(history[2]["interaction"]["contact"]["name"], "Carla Customer");
    demo.done("FunctionName=UnRegister&telesetNumber=1001&agentID=7001");
    demo.until(&["agents"], |agents| agents[0]["state"] == "signed-out");
}

#[test]
fn invalid_callouts_do_no_harm() {
    let (home, listener) = (Home::new(), Listener::new());
    let demo = home.demo((0, 0));
    signs_in(&demo, &listener);
    let refused = [
        ("FunctionName=Fly&telesetNumber=1001&agentID=7001", "UnknownFunction"),
        ("FunctionName=Ready&agentID=7001", "ExtensionNotSpecified"),
        ("FunctionName=Ready&telesetNumber=1001", "AgentACDIdNotSpecified"),
        ("FunctionName=Ready&telesetNumber=1001&agentID=7002", "AgentMismatch"),
        ("FunctionName=Ready&telesetNumber=1002&agentID=7002", "NotRegistered"),
        (
            "FunctionName=Register&telesetNumber=1002&agentID=7002&ipAddress=127.0.0.1&port=0",
            "InvalidParameter",
        ),
        (
            "FunctionName=Register&telesetNumber=1002&agentID=7002&ipAddress=127.0.0.1&port=70000",
            "InvalidParameter",
        ),
        ("FunctionName=Register&telesetNumber=1002&agentID=7002&ipAddress=192.0.2.1&port=8888", "NotAllowed"),
    ];
    for (query, token) in refused {
        let (status, body) = demo.callout(query);
        assert_eq!(status, 200, "{query}");
        assert!(body.contains(&format!("value=\"{token}: ")), "{query}: {body}");
    }
    let binary = demo.send(b"GET /?FunctionName=\xff\x00\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(binary.1.contains("occtErrorMsg"), "{binary:?}");
    let post = demo
        .send(b"POST /?FunctionName=CheckStatus HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assert_eq!((post.0, post.1.contains("occtErrorMsg")), (405, true));
    for long in [10_000, 1 << 20] {
        let (status, body) = demo.callout(&format!("FunctionName={}", "x".repeat(long)));
        assert_eq!((status, body.contains("occtErrorMsg")), (414, true), "{long} bytes");
    }
    takes_a_call(&demo, &listener, "+14155550100");
}

#[test]
fn a_killed_node_has_the_call_after_a_restart() {
    let (home, listener) = (Home::new(), Listener::new());
    let demo = home.demo((0, 0));
    signs_in(&demo, &listener);
    takes_a_call(&demo, &listener, "+14155550100");
    let before = demo.until(&["history"], |history| history.len() == 1);
    demo.json(&["call", "--from", "+14155550101", "--to", "7710"]);
    demo.kill();

    let demo = home.demo((0, 0));
    assert_eq!(demo.json(&["history"]), before);
    // The waiting call ended with the simulated switch, and the queue is empty.
    let status = demo.until(&["status"], |status| status[0]["switches"][0]["up"] == true);
    assert_eq!(status[0]["queues"][1]["waiting"], Value::Array(Vec::new()));
}

#[test]
fn tail_has_no_gap_after_a_restart() {
    let home = Home::new();
    let ports = (free_port(), free_port());
    let demo = home.demo(ports);
    // A caller who is not answered within a millisecond hangs up: two events for each caller.
    let somebody_calls = |demo: &Demo<'_>| drop(demo.json(&["call", "--to", "7700", "--patience", "1ms"]));
    somebody_calls(&demo);
    let mut tail = home.program();
    tail.env("CORDBOARD_URL", format!("http://{}", demo.http)).stdout(Stdio::piped());
    let mut tail = tail.args(["--json", "tail", "--after", "1", "--limit", "8"]).spawn().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    let mut next_event = || loop {
        let line: Value = serde_json::from_str(&lines.next()?.unwrap()).unwrap();
        if line["type"] == "event" {
            return line["seq"].as_u64();
        }
    };
    assert_eq!([next_event(), next_event()], [Some(2), Some(3)]);
    demo.kill();
    let demo = home.demo(ports);
    (0..3).for_each(|_| somebody_calls(&demo));
    let rest: Vec<u64> = std::iter::from_fn(next_event).collect();
    assert_eq!(rest, [4, 5, 6, 7, 8, 9]);
    assert!(tail.wait().unwrap().success());
}

#[test]
fn only_the_user_can_read_the_temporary_data() {
    let home = Home::new();
    let mut program = home.program();
    program.env("TMPDIR", home.path()).args(["--json", "demo"]);
    program.args(["--http-port", "0", "--uwq-port", "0", "--harmony-port", "0", "--crm-port", "0"]);
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let folders = std::fs::read_dir(home.path()).unwrap().map(|found| found.unwrap());
    let modes: Vec<u32> = folders
        .filter(|found| found.file_name().to_string_lossy().starts_with("cordboard-demo-"))
        .map(|found| found.metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(modes, [0o700]);
}
