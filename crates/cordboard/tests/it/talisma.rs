//! Talisma over real sockets: quick answers to hostile requests, and a node that notifies another one of its calls over TLS.

use crate::support;

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rcgen::generate_simple_self_signed;
use serde_json::json;
use support::{Desk, Home, PATIENCE, free_port};
use talisma::wire::{
    Contract, Details, Notification, Outcome, PayLoad, Policies, Property, limits::MESSAGE, wsdl,
};
use wire::soap::{Head, Message, Token, Validity, Version, write};

/// The path of the service, in another letter case than in the documentation: IIS accepts any.
const PATH: &str = "/talismaWebNotificationServer/PostNotification.SVC";
/// How long any answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// How much the memory of a node may grow while it refuses requests. Bytes.
const GROWTH_MAX: u64 = 32 << 20;

fn notification() -> Notification {
    let properties = vec![Property { id: 2_000_104, value: "+14155550123".into() }];
    let details = Details {
        object_type: 20_005,
        object_id: 10,
        pay_load: vec![PayLoad { object_type: 26, properties }],
        ..Details::default()
    };
    Notification { user_id: 2, media_type: 1, details: Some(details) }
}

fn now() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A message with these credentials and this creation time.
fn message(account: &str, password: &str, at: u64) -> String {
    let token = Token { username: account.into(), password: password.into() };
    let head = Head { token: Some(&token), validity: Some(Validity::from(at)), ..Head::new(Version::Soap11) };
    write(&head, |xml| notification().write(xml, &Contract::default()))
}

fn good() -> String {
    message("integration", "demo", now())
}

/// A valid message in which the first occurrence of a part is replaced.
fn with(part: &str, other: &str) -> String {
    let good = good();
    assert!(good.contains(part), "{good}");
    good.replacen(part, other, 1)
}

/// An HTTP request; `more` are complete header lines.
fn request(more: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn soap(body: &str) -> Vec<u8> {
    let action = Contract::default().action();
    let more = format!("Content-Type: text/xml; charset=utf-8\r\nSOAPAction: \"{action}\"\r\n");
    request(&more, body.len(), body.as_bytes())
}

/// The answer: status and body.
fn send(to: SocketAddr, request: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server that has read enough closes the connection before the client has sent everything.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Sends a request that must be answered within a second.
fn soon(to: SocketAddr, what: &str, request: &[u8]) -> (u16, String) {
    let begun = Instant::now();
    let answer = send(to, request);
    assert!(begun.elapsed() < ANSWER_WITHIN, "{what} took {:?}", begun.elapsed());
    answer
}

/// The text of a fault with this code.
fn fault(what: &str, (status, body): (u16, String), code: &str) -> String {
    assert_eq!(status, 500, "{what}: {body}");
    assert!(body.contains(&format!("f:{code}</faultcode>")), "{what}: {body}");
    Message::read(body.as_bytes(), Version::Soap11, &MESSAGE).unwrap().fault().unwrap().reason
}

/// Requests without acceptable XML, with their HTTP status.
fn hostile() -> Vec<(&'static str, u16, Vec<u8>)> {
    let bomb =
        "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><b>&b;</b>";
    let external = "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>";
    let wide: String = (0..100_000).map(|index| format!(" a{index}=''")).collect();
    let (wide, narrow) = (format!("<e{wide}/>"), format!("<e{}/>", &wide[..50_000]));
    let whole = good();
    let typed = |kind: &str| request(&format!("Content-Type: {kind}\r\n"), whole.len(), whole.as_bytes());
    let compressed = "Content-Type: text/xml; charset=utf-8\r\nContent-Encoding: gzip\r\n";
    vec![
        ("no credentials", 401, soap(&write(&Head::new(Version::Soap11), |_| {}))),
        ("a document type", 400, soap(external)),
        ("an entity bomb", 400, soap(bomb)),
        ("100,000 attributes", 413, soap(&wide)),
        ("attributes of 50,000 bytes", 400, soap(&narrow)),
        ("200,000 levels", 413, soap(&"<a>".repeat(200_000))),
        ("20,000 levels", 400, soap(&"<a>".repeat(20_000))),
        ("2 MB", 413, soap(&"x".repeat(2_000_000))),
        ("half a message", 400, soap(&whole[..whole.len() / 2])),
        ("a page", 415, typed("text/html")),
        ("json", 415, typed("application/json")),
        ("the other version", 400, typed("application/soap+xml")),
        ("no content type", 415, request("", whole.len(), whole.as_bytes())),
        ("a compressed body", 415, request(compressed, 4, b"\x1f\x8b\x08\x00")),
    ]
}

#[test]
fn every_hostile_message_has_its_answer_within_a_second_and_leaves_nothing() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let agent = Desk::new(demo.http, "1001");
    agent.command(&json!({ "verb": "sign-in" }));
    assert_eq!(send(demo.http, &soap(&good())).0, 200);
    let round = || {
        for (what, status, request) in hostile() {
            assert_eq!(soon(demo.http, what, &request).0, status, "{what}");
        }
    };
    round();
    let before = demo.memory();
    (0..20).for_each(|_| round());
    let after = demo.memory();
    assert!(after < before + GROWTH_MAX, "{before} bytes before, {after} after");
    assert_eq!(send(demo.http, &soap(&good())).0, 200);
}

#[test]
fn every_trouble_with_a_message_has_its_fault() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let agent = Desk::new(demo.http, "1001");
    agent.command(&json!({ "verb": "sign-in" }));
    let expired = message("integration", "demo", now() - 3_600_000);
    fault("an old time stamp", soon(demo.http, "an old time stamp", &soap(&expired)), "InvalidSecurity");
    let twice = with("</s:Header>", "<h xmlns=\"urn:h\" s:mustUnderstand=\"1\"/></s:Header>");
    assert_eq!(soon(demo.http, "an odd header", &soap(&twice)).0, 500);
    let action = String::from_utf8(soap(&good())).unwrap().replace("PostNotification\"", "Delete\"");
    let reason = fault("an action", soon(demo.http, "an action", action.as_bytes()), "ActionNotSupported");
    assert!(reason.contains("Delete"), "{reason}");
    let number = with("MediaType>1<", "MediaType>one<");
    fault("no number", soon(demo.http, "no number", &soap(&number)), "DeserializationFailed");
}

#[test]
fn a_body_that_is_cut_off_ends_its_connection() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let mut stream = TcpStream::connect(demo.http).unwrap();
    stream.set_read_timeout(Some(ANSWER_WITHIN)).unwrap();
    stream.write_all(&request("Content-Type: text/xml\r\n", 5_000, &good().as_bytes()[..500])).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
}

#[test]
fn nothing_is_included() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let agent = Desk::new(demo.http, "1001");
    agent.command(&json!({ "verb": "sign-in" }));
    let include =
        "<i:include xmlns:i=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\" parse=\"text\"/>";
    let body = with("+14155550123", &format!("+14155550123{include}"));
    let answer = soon(demo.http, "an inclusion", &soap(&body));
    assert!(!answer.1.contains("root:"), "{answer:?}");
    let reason = fault("an inclusion", answer, "DeserializationFailed");
    assert!(reason.contains("the member PropertyValue contains the element include"), "{reason}");
}

#[test]
fn a_wrong_password_has_its_fault_and_at_last_a_delay() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let agent = Desk::new(demo.http, "1001");
    agent.command(&json!({ "verb": "sign-in" }));
    let mut reason = Vec::new();
    for _ in 0..5 {
        let wrong = soap(&message("integration", "wrong", now()));
        reason.push(fault(
            "a wrong password",
            soon(demo.http, "a wrong password", &wrong),
            "FailedAuthentication",
        ));
    }
    assert_eq!(reason[0], "the user name or the password was not accepted");
    assert!(reason.last() != reason.first(), "nothing is delayed: {reason:?}");
    let right = soon(demo.http, "the right password", &soap(&good()));
    fault("the right password in the delay", right, "FailedAuthentication");
}

#[test]
fn a_call_is_posted_to_another_node_over_tls() {
    let (home, desk_home) = (Home::new(), Home::new());
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (desk_home.path().join("chain.pem"), desk_home.path().join("key.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let port = free_port();
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let over_tls = [
        ("CORDBOARD_HTTP__TLS__LISTEN", format!("127.0.0.1:{port}")),
        ("CORDBOARD_HTTP__TLS__CERTIFICATE", certificate.to_owned()),
        ("CORDBOARD_HTTP__TLS__KEY", key.to_owned()),
    ];
    let desk_node =
        desk_home.demo_with((0, 0), &over_tls.each_ref().map(|(name, value)| (*name, value.as_str())));
    let settings = [
        ("CORDBOARD_TALISMA__TELEPHONY__URL", format!("https://localhost:{port}{PATH}")),
        ("CORDBOARD_TALISMA__TELEPHONY__TLS_CA", certificate.to_owned()),
        ("CORDBOARD_TALISMA__TELEPHONY__USER", "integration".to_owned()),
        ("CORDBOARD_TALISMA__TELEPHONY__PASSWORD", "demo".to_owned()),
    ];
    let node = home.demo_with((0, 0), &settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    let (shown, rings) = (Desk::new(desk_node.http, "1001"), Desk::new(node.http, "1001"));
    shown.command(&json!({ "verb": "sign-in" }));
    rings.command(&json!({ "verb": "sign-in" }));
    rings.command(&json!({ "verb": "ready" }));
    node.json(&["call", "--from", "+14155550188", "--to", "7700"]);
    let popped = shown.until(|one| !one["pops"][0].is_null());
    assert_eq!(popped["customer"]["at"]["outside"], "+14155550188", "{popped}");
}

/// A service that fails for the first two requests of its description and for the first notification, and then accepts notifications.
fn hesitant_service() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let described = wsdl(&Contract::default(), &format!("http://127.0.0.1:{port}{PATH}"), Policies::None);
    let json = r#"{"NotificationData":{"SessionId":4711}}"#;
    let outcome = Outcome { json: Some(json.into()), ..Outcome::default() };
    let taken = write(&Head::new(Version::Soap11), |xml| outcome.write(xml, &Contract::default()));
    thread::spawn(move || {
        let (mut fetches, mut posts) = (0, 0);
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let is_post = take_request(&mut stream).starts_with("POST ");
            let count = if is_post { &mut posts } else { &mut fetches };
            *count += 1;
            let (status, body) = match (is_post, *count) {
                (false, 1 | 2) | (true, 1) => ("404 Not Found", "<html>nothing here</html>"),
                (false, _) => ("200 OK", described.as_str()),
                (true, _) => ("200 OK", taken.as_str()),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/xml; charset=utf-8\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
            );
            stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
        }
    });
    port
}

/// Reads a request and returns its header.
fn take_request(stream: &mut TcpStream) -> String {
    let (mut seen, mut piece) = (Vec::new(), [0; 4_096]);
    loop {
        let read = stream.read(&mut piece).unwrap();
        seen.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.to_ascii_lowercase().lines().find_map(|line| {
            line.strip_prefix("content-length:").and_then(|length| length.trim().parse::<usize>().ok())
        });
        if body.len() >= length.unwrap_or_default() || read == 0 {
            return text;
        }
    }
}

#[test]
fn a_service_that_answers_404_is_posted_to_when_it_is_there_and_the_call_shows_it() {
    let home = Home::new();
    let port = hesitant_service();
    let settings = [
        ("CORDBOARD_TALISMA__TELEPHONY__URL", format!("http://127.0.0.1:{port}{PATH}")),
        ("CORDBOARD_TALISMA__TELEPHONY__USER", "integration".to_owned()),
        ("CORDBOARD_TALISMA__TELEPHONY__PASSWORD", "demo".to_owned()),
    ];
    let node = home.demo_with((0, 0), &settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    let rings = Desk::new(node.http, "1001");
    rings.command(&json!({ "verb": "sign-in" }));
    rings.command(&json!({ "verb": "ready" }));
    node.json(&["call", "--from", "+14155550188", "--to", "7700"]);
    let ringing = rings.until(|one| !one["data"]["TalismaSessionId"].is_null());
    assert_eq!(ringing["data"]["TalismaSessionId"], "4711", "{ringing}");
}

#[test]
fn an_https_address_needs_an_authority() {
    let home = Home::new();
    let file = home.path().join("cordboard.toml");
    fs::write(&file, "[talisma.telephony]\nurl = \"https://crm/x\"\nauth = \"none\"\n").unwrap();
    let output = home.run(&["check", file.to_str().unwrap()]);
    let reason = support::text(&output.stderr);
    assert!(
        reason.contains("cordboard.toml:2: talisma.telephony.url: an https address needs tls_ca"),
        "{reason}"
    );
}

/// The answer to a refusal is readable and contains the status.
#[test]
fn an_answer_is_read_by_our_own_end() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let (status, body) = send(demo.http, &soap(&good()));
    let outcome =
        Outcome::read(&Message::read(body.as_bytes(), Version::Soap11, &MESSAGE).unwrap().body.unwrap());
    assert_eq!((status, outcome.unwrap().status), (200, -5), "the agent is not signed in");
}
