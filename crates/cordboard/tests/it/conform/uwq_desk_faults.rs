//! A faulty EBS: a proxy before the run that makes one mistake in callouts.

use std::{
    io::Write,
    net::{SocketAddr, TcpListener},
    thread,
};

use conform::uwq;

use super::{
    ebs, is_found, loopback, run,
    support::{Home, free_port},
    terms, uwq_desk, uwq_desk_steps,
    uwq_faults::{exchange, read},
};

/// Changes a callout.
type Change = fn(&str) -> String;

/// Mistakes, and the requirements from which they deviate.
const MISTAKES: &[(Change, &[&str])] = &[
    (|callout| callout.replace("GET /?", "GET /callout?"), &["UWQ-D-01"]),
    (|callout| callout.replace("FunctionName=Ready", "FunctionName=AgentReady"), &["UWQ-D-03", "UWQ-D-06"]),
    (|callout| on(callout, "Register", "ipAddress=", "ip="), &["UWQ-D-04"]),
    (|callout| on(callout, "Login", "agentQueue=", "queue="), &["UWQ-D-05"]),
    (|callout| on(callout, "MakeCall", "dialString=", "number="), &["UWQ-D-08"]),
    (|callout| on(callout, "Logout", "agentPassword=", "password="), &["UWQ-D-09"]),
    (|callout| on(callout, "Unregister", "agentID=", "agent="), &["UWQ-D-10"]),
    (|callout| on(callout, "CheckStatus", "=CheckStatus", "=CheckStatus&agentID=7001"), &["UWQ-D-11"]),
];

/// Replaces a text in the callouts of one function.
fn on(callout: &str, function: &str, from: &str, to: &str) -> String {
    if callout.contains(&format!("FunctionName={function}")) {
        callout.replacen(from, to, 1)
    } else {
        callout.to_owned()
    }
}

#[test]
fn mistakes_in_callouts_are_found() {
    thread::scope(|scope| {
        for (index, (change, found)) in MISTAKES.iter().enumerate() {
            scope.spawn(move || {
                let (home, at, to) = (Home::new(), free_port(), free_port());
                proxy(at, loopback(to), *change);
                let node = uwq_desk(&home, at);
                let report = run(uwq::desk(ebs(to), &uwq_desk_steps(node.http), &terms())).unwrap();
                assert!(is_found(found, &report), "callout {index}: {}", report.text());
            });
        }
    });
}

/// Accepts connections, each with one callout.
fn proxy(at: u16, to: SocketAddr, change: Change) {
    let listener = TcpListener::bind(("127.0.0.1", at)).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let callout = change(&read(&mut stream));
                // Without a response the connection ends, as that of the run did.
                let _ = stream.write_all(exchange(to, &callout).unwrap_or_default().as_bytes());
            });
        }
    });
}
