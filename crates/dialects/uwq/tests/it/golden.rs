//! The worked examples (uwq.md §8), byte for byte.

use crate::support;

use bytes::Bytes;
use cordboard_uwq::{
    SuccessBody, TelephonyConfig,
    wire::{AgentLine, Callout, Event, Refusal, Reply, ScreenPop, Token, accepted, refused},
};
use http::{HeaderMap, Response};
use model::{ConversationState, Secret};

use support::{LOGIN, Softphone, data, interaction, opened, outside};

/// A response as a driver writes it: it adds `Content-Length`.
fn text(response: &Response<Bytes>) -> String {
    let status = response.status();
    let head = format!("HTTP/1.1 {} {}\n", status.as_u16(), status.canonical_reason().unwrap());
    let body = String::from_utf8(response.body().to_vec()).unwrap();
    head + &headers(response.headers(), &body) + "\n" + &body
}

fn headers(headers: &HeaderMap, body: &str) -> String {
    let mut lines = vec![format!("content-length: {}", body.len())];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())));
    lines.sort();
    lines.join("\n") + "\n"
}

fn line() -> AgentLine {
    AgentLine { teleset: "70002".into(), agent: "7001".into() }
}

#[test]
fn callouts_are_written_as_oracle_writes_them() {
    let (line, queue) = (line(), Some("7700".into()));
    let listener = "127.0.0.1:8888".parse().unwrap();
    let number = "16505067000".to_owned();
    let callouts = [
        Callout::Register { line: line.clone(), listener },
        Callout::Login { line: line.clone(), password: Secret::new("1234"), queue: queue.clone() },
        Callout::Ready(line.clone()),
        Callout::NotReady(line.clone()),
        Callout::MakeCall { line: line.clone(), dial_string: number.clone() },
        Callout::DialCanonical { line: line.clone(), number: format!("+{number}") },
        Callout::CheckStatus,
        Callout::Logout { line: line.clone(), password: Some(Secret::new("1234")), queue },
        Callout::Unregister(line),
    ];
    let targets: Vec<String> = callouts.iter().map(Callout::target).collect();
    insta::assert_snapshot!(targets.join("\n"), @r"
    /?FunctionName=Register&telesetNumber=70002&agentID=7001&ipAddress=127.0.0.1&port=8888
    /?FunctionName=Login&telesetNumber=70002&agentID=7001&agentPassword=1234&agentQueue=7700
    /?FunctionName=Ready&telesetNumber=70002&agentID=7001
    /?FunctionName=NotReady&telesetNumber=70002&agentID=7001
    /?FunctionName=MakeCall&telesetNumber=70002&agentID=7001&dialString=16505067000
    /?FunctionName=DialCanonical&telesetNumber=70002&agentID=7001&dialString=%2B16505067000
    /?FunctionName=CheckStatus
    /?FunctionName=Logout&telesetNumber=70002&agentID=7001&agentPassword=1234&agentQueue=7700
    /?FunctionName=Unregister&telesetNumber=70002&agentID=7001
    ");
    for (callout, target) in callouts.iter().zip(&targets) {
        assert_eq!(Callout::parse(target.split_once('?').unwrap().1).as_ref(), Ok(callout));
        assert!(!format!("{callout:?}").contains("1234"), "{callout:?}");
    }
}

#[test]
fn answers_are_written_as_agreed() {
    insta::assert_snapshot!(text(&accepted(SuccessBody::Empty, false)), @r"
    HTTP/1.1 200 OK
    connection: close
    content-length: 0
    ");
    insta::assert_snapshot!(text(&accepted(SuccessBody::Envelope, true)), @r"
    HTTP/1.1 200 OK
    content-length: 17
    content-type: text/xml; charset=UTF-8

    <CCTSDK></CCTSDK>
    ");
    let refusal = Refusal::new(Token::LoginFailed, "ACD rejected agent 7001");
    insta::assert_snapshot!(text(&refused(&refusal, false)), @r#"
    HTTP/1.1 200 OK
    connection: close
    content-length: 117
    content-type: text/xml; charset=UTF-8

    <CCTSDK><event name="Error"><data name="occtErrorMsg" value="LoginFailed: ACD rejected agent 7001"/></event></CCTSDK>
    "#);
}

#[test]
fn a_wrong_password_is_refused_to_the_byte() {
    let mut phone = Softphone::new(TelephonyConfig::default());
    phone.get(support::REGISTER);
    insta::assert_snapshot!(phone.get(&LOGIN.replace("1234", "bad")), @r#"<CCTSDK><event name="Error"><data name="occtErrorMsg" value="LoginFailed: ACD rejected agent 7001"/></event></CCTSDK>"#);
}

#[test]
fn an_inbound_call_is_sent_to_the_byte() {
    let mut phone = Softphone::logged_in(TelephonyConfig::default());
    let mut call = interaction(1, 1, ConversationState::Alerting, outside("+16505067000"));
    call.data = data(&[
        ("ServiceRequestNum", "24531"),
        ("occtScreenPopAction", "InquireSR"),
        ("unknown", "x"),
        ("MatchFlag", "1"),
        ("occtClassification", "SR"),
        ("SERVICE_KEY_NAME", "a&<\"'"),
    ]);
    phone.event(opened(call));
    phone.event(support::becomes(1, 1, ConversationState::Talking, true));
    phone.event(support::closes(1, 1));
    let bodies: Vec<&str> = phone.posts.iter().map(|(_, body)| body.as_str()).collect();
    insta::assert_snapshot!(bodies.join("\n"), @r#"
    <CCTSDK><event name="ScreenPop"><data name="occtSourceID" value="00000000-0000-0000-0000-000000000001"/><data name="occtANI" value="16505067000"/><data name="occtDNIS" value="70001"/><data name="SERVICE_KEY_NAME" value="a&amp;&lt;&apos;&apos;"/><data name="occtClassification" value="SR"/><data name="occtScreenPopAction" value="InquireSR"/><data name="ServiceRequestNum" value="24531"/></event></CCTSDK>
    <CCTSDK><event name="CallEstablished"><data name="occtSourceID" value="00000000-0000-0000-0000-000000000001"/></event></CCTSDK>
    <CCTSDK><event name="CallReleased"><data name="occtSourceID" value="00000000-0000-0000-0000-000000000001"/></event></CCTSDK>
    "#);
    insta::assert_snapshot!(headers(&phone.post_headers, bodies[2]), @r"
    connection: close
    content-length: 124
    content-type: text/xml; charset=UTF-8
    user-agent: Cordboard/0.1.0
    ");
    assert!(phone.posts.iter().all(|(uri, _)| uri == "http://127.0.0.1:8888/"));
}

#[test]
fn a_screen_pop_is_written_and_read() {
    let pairs =
        [("occtClassification", "SR"), ("occtScreenPopAction", "InquireSR"), ("ServiceRequestNum", "24531")];
    let event = Event::ScreenPop(ScreenPop {
        source: "c0a8-1".into(),
        ani: "16505067000".into(),
        dnis: "70002".into(),
        data: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    });
    let written = event.print();
    insta::assert_snapshot!(written, @r#"<CCTSDK><event name="ScreenPop"><data name="occtSourceID" value="c0a8-1"/><data name="occtANI" value="16505067000"/><data name="occtDNIS" value="70002"/><data name="occtClassification" value="SR"/><data name="occtScreenPopAction" value="InquireSR"/><data name="ServiceRequestNum" value="24531"/></event></CCTSDK>"#);
    assert_eq!(Event::parse(written.as_bytes()), Ok(vec![event]));
}

#[test]
fn replies_are_read() {
    let reply = |status: u16, body: &str| {
        Reply::parse(&Response::builder().status(status).body(Bytes::from(body.to_owned())).unwrap())
    };
    let error = r#"<CCTSDK><event name="Error"><data name="occtErrorMsg" value="NotRegistered: who?"/></event></CCTSDK>"#;
    assert_eq!(reply(200, ""), Reply::Accepted);
    assert_eq!(reply(204, " \n"), Reply::Accepted);
    assert_eq!(reply(200, "<CCTSDK></CCTSDK>"), Reply::Accepted);
    let refused = Reply::Refused { token: Some(Token::NotRegistered), text: "NotRegistered: who?".into() };
    assert_eq!(reply(200, error), refused);
    assert_eq!(reply(400, error), refused);
    assert_eq!(reply(500, error), Reply::Broken { text: "NotRegistered: who?".into() });
    assert_eq!(reply(404, "<html>"), Reply::Broken { text: "the softphone answered with status 404".into() });
    assert!(matches!(reply(200, "hello"), Reply::Broken { .. }));
    assert!(matches!(reply(302, ""), Reply::Broken { .. }));
}
