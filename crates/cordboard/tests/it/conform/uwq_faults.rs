//! A faulty softphone: a proxy before the demo that makes one mistake.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use conform::{Steps, uwq};

use super::{commands, deviations, run, softphone, steps, support::Home, terms};

/// Changes the response to a callout. Gets the first line of the callout and the whole response.
type Callout = fn(&str, String) -> String;

/// Changes an event. Gets it with the events that are held back, and returns what is sent in its place.
type Event = fn(&mut Vec<String>, String) -> Vec<String>;

/// A mistake, and the requirements from which it deviates.
struct Fault {
    callout: Callout,
    event: Event,
    found: &'static [&'static str],
}

/// Mistakes in responses. They are found without a call.
const CALLOUTS: &[(Callout, &[&str])] = &[
    (|_, response| response, &[]),
    // A wrong status.
    (
        |line, response| on(line, "CheckStatus", &response, "200 OK", "500 Oops"),
        &["UWQ-T-02", "UWQ-T-06", "UWQ-T-27"],
    ),
    (|line, response| on(line, "PUT", &response, "405", "200"), &["UWQ-T-10"]),
    (|line, response| on(line, "/other", &response, "404", "200"), &["UWQ-T-09"]),
    // A missing field.
    (|line, response| on(line, "PUT", &response, "allow: GET\r\n", ""), &["UWQ-T-10"]),
    (|_, response| response.replace("occtErrorMsg", "occtErrorTxt"), &ERRORS),
    (
        |line, response| on(line, "Dance", &response, "UnknownFunction: ", "UnknownFunction  "),
        &["UWQ-T-07", "UWQ-T-15"],
    ),
    // A wrong token.
    (|line, response| on(line, "Register", &response, "InvalidParameter", "InvalidParameteX"), &["UWQ-T-17"]),
    (|line, response| on(line, "Login", &response, "LoginFailed", "LoginBroken"), &["UWQ-T-19", "UWQ-T-20"]),
    // Wrong framing.
    (
        |line, response| on(line, "CheckStatus", &response, "content-length: ", "content-length: 1"),
        &["UWQ-T-03"],
    ),
    (|line, response| on(line, "CheckStatus", &response, "content-length", "x-length"), &["UWQ-T-03"]),
    (|_, response| response.replace("text/xml", "text/html"), &["UWQ-T-06"]),
];

/// The requirements whose refusals cannot be read without occtErrorMsg.
const ERRORS: [&str; 17] = [
    "UWQ-T-05", "UWQ-T-12", "UWQ-T-13", "UWQ-T-14", "UWQ-T-15", "UWQ-T-16", "UWQ-T-17", "UWQ-T-18",
    "UWQ-T-19", "UWQ-T-20", "UWQ-T-21", "UWQ-T-22", "UWQ-T-23", "UWQ-T-26", "UWQ-T-30", "UWQ-T-33",
    "UWQ-T-34",
];

/// Mistakes in events.
const EVENTS: &[(Event, &[&str])] = &[
    // A wrong path.
    (|_, event| vec![event.replace("POST / ", "POST /events ")], &["UWQ-T-36"]),
    // A missing field.
    (
        |_, event| vec![body(&event, |body| body.replace("occtDNIS", "dnis"))],
        &["UWQ-T-43", "UWQ-T-44", "UWQ-T-45"],
    ),
    // Another call.
    (
        |_, event| vec![body(&event, |body| only("CallReleased", body, "value=\"", "value=\"x"))],
        &["UWQ-T-47", "UWQ-T-48", "UWQ-T-50", "UWQ-T-59"],
    ),
    // Wrong framing.
    (|_, event| vec![event.replace("connection: close", "connection: keep-alive")], &["UWQ-T-39"]),
    (|_, event| vec![body(&event, |body| format!("<?xml version=\"1.0\"?>{body}"))], &["UWQ-T-38"]),
    (|_, event| vec![event.replace("text/xml; charset=UTF-8", "text/xml")], &["UWQ-T-37"]),
    // Twice.
    (
        |_, event| if event.contains("CallEstablished") { vec![event.clone(), event] } else { vec![event] },
        &["UWQ-T-49", "UWQ-T-57", "UWQ-T-59"],
    ),
    // A wrong order.
    (swapped, &["UWQ-T-43", "UWQ-T-48"]),
];

/// Replaces a text in responses to certain callouts.
fn on(line: &str, callout: &str, response: &str, from: &str, to: &str) -> String {
    if line.contains(callout) { response.replacen(from, to, 1) } else { response.to_owned() }
}

fn only(event: &str, body: &str, from: &str, to: &str) -> String {
    if body.contains(event) { body.replace(from, to) } else { body.to_owned() }
}

/// Changes the body of a message, and its length.
pub(crate) fn body(message: &str, change: impl Fn(&str) -> String) -> String {
    let (head, before) = message.split_once("\r\n\r\n").unwrap();
    let after = change(before);
    let (old, new) = (before.len(), after.len());
    format!(
        "{}\r\n\r\n{after}",
        head.replace(&format!("content-length: {old}"), &format!("content-length: {new}"))
    )
}

/// The ScreenPop of a dialed call comes after its CallEstablished.
fn swapped(held: &mut Vec<String>, event: String) -> Vec<String> {
    if event.contains("ScreenPop") && event.contains("4155550123") {
        held.push(event);
        return Vec::new();
    }
    std::iter::once(event).chain(held.drain(..)).collect()
}

#[test]
fn mistakes_in_responses_are_found() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    for (index, (callout, found)) in CALLOUTS.iter().enumerate() {
        let fault = Fault { callout: *callout, event: |_, event| vec![event], found };
        check(&format!("response {index}"), fault, demo.uwq, &Steps::default());
    }
}

#[test]
fn mistakes_in_events_are_found() {
    thread::scope(|scope| {
        for (index, (event, found)) in EVENTS.iter().enumerate() {
            scope.spawn(move || {
                let home = Home::new();
                let demo = home.demo((0, 0));
                let fault = Fault { callout: |_, response| response, event: *event, found };
                check(&format!("event {index}"), fault, demo.uwq, &steps(&commands(&home, &demo)));
            });
        }
    });
}

fn check(name: &str, fault: Fault, softphone_at: SocketAddr, steps: &Steps) {
    let expected: BTreeSet<&str> = fault.found.iter().copied().collect();
    let proxy = Proxy::start(softphone_at, fault);
    let report = run(uwq::telephony(softphone(proxy), steps, &terms())).unwrap();
    assert_eq!(deviations(&report), expected, "{name}: {}", report.text());
}

/// The proxy: callouts go to the softphone, events go to the run.
struct Proxy {
    softphone: SocketAddr,
    fault: Fault,
    /// The ports for events, by the port of the run.
    ports: Mutex<BTreeMap<u16, u16>>,
    held: Mutex<Vec<String>>,
}

impl Proxy {
    fn start(softphone: SocketAddr, fault: Fault) -> SocketAddr {
        let proxy = Self { softphone, fault, ports: Mutex::default(), held: Mutex::default() };
        listen(Arc::new(proxy), |proxy, stream, request| proxy.callout(stream, &request))
    }

    fn callout(self: &Arc<Self>, mut stream: TcpStream, request: &str) {
        let line = request.lines().next().unwrap_or_default().to_owned();
        let request = self.aimed(request);
        let response = exchange(self.softphone, &request).unwrap_or_default();
        let response = (self.fault.callout)(&line, response);
        let _ = stream.write_all(response.as_bytes());
    }

    /// A callout whose port for events is one of the proxy.
    fn aimed(self: &Arc<Self>, request: &str) -> String {
        let Some((before, after)) = request.split_once("&port=") else { return request.to_owned() };
        let end = after.find(|one: char| !one.is_ascii_digit()).unwrap_or(after.len());
        let Ok(port) = after[..end].parse::<u16>() else { return request.to_owned() };
        if port == 0 {
            return request.to_owned();
        }
        let mut ports = self.ports.lock().unwrap();
        let here = *ports.entry(port).or_insert_with(|| {
            let run = SocketAddr::from(([127, 0, 0, 1], port));
            listen(Arc::clone(self), move |proxy, stream, event| proxy.event(stream, run, event)).port()
        });
        format!("{before}&port={here}{}", &after[end..])
    }

    fn event(&self, mut stream: TcpStream, run: SocketAddr, event: String) {
        let events = (self.fault.event)(&mut self.held.lock().unwrap(), event);
        let mut answer = Some("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned());
        for event in events {
            answer = sent(run, &event);
        }
        // Without an answer the connection ends, as if the listener were not there.
        let _ = stream.write_all(answer.unwrap_or_default().as_bytes());
    }
}

/// Accepts connections, each with one request. Returns the address.
fn listen(
    proxy: Arc<Proxy>,
    take: impl Fn(&Arc<Proxy>, TcpStream, String) + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let take = Arc::new(take);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, proxy, take) = (stream.unwrap(), Arc::clone(&proxy), Arc::clone(&take));
            thread::spawn(move || {
                let request = read(&mut stream);
                take(&proxy, stream, request);
            });
        }
    });
    address
}

/// Sends an event, for as long as the softphone would try again.
fn sent(run: SocketAddr, event: &str) -> Option<String> {
    (0..20).find_map(|_| {
        let answer = exchange(run, event);
        if answer.is_none() {
            thread::sleep(Duration::from_millis(150));
        }
        answer
    })
}

/// Sends a message and reads everything until the connection ends.
pub(crate) fn exchange(to: SocketAddr, message: &str) -> Option<String> {
    let mut stream = TcpStream::connect(to).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(message.as_bytes()).ok()?;
    let mut answer = Vec::new();
    // The bytes before an error are the answer.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).ok()
}

/// Reads a head, and a body of its length.
pub(crate) fn read(stream: &mut TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4_096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_ascii_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length:"));
            if body.len() >= length.map_or(0, |length| length.trim().parse().unwrap()) {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            Ok(_) | Err(_) => return text,
        }
    }
}
