//! The desk end: the vendor's sample, the statuses, the faults, and malicious peers.

use crate::common;

use bytes::Bytes;
use common::DeskSide;
use cordboard_talisma::{
    DeskConfig, DigestAccount,
    wire::{Contract, Custom, Details, Notification, Outcome, PayLoad, Property},
};
use http::{Request, Response};
use model::{Secret, Verb};
use wire::soap::{FaultKind, Head, Message, Token, Validity, Version, write};

const NOON: u64 = 1_795_168_800_000;
const PATH: &str = "/PostNotification.svc";

/// The vendor's sample: a record of type 20005 for user 2, with a dialog, and two properties of the message.
fn sample() -> Notification {
    let property = |id, value: &str| Property { id, value: value.into() };
    let properties = vec![property(2_000_104, "ANI - 101"), property(2_000_105, "DNI - 101")];
    let details = Details {
        object_type: 20_005,
        object_id: 10,
        custom_list: vec![Custom { key: "Key".into(), value: "value".into() }],
        is_log_case_mandatory: true,
        pay_load: vec![PayLoad { object_type: 26, properties }],
        ..Details::default()
    };
    Notification { user_id: 2, media_type: 1, details: Some(details) }
}

fn with(change: impl FnOnce(&mut Notification, &mut Details)) -> Notification {
    let mut notification = sample();
    let mut details = notification.details.take().unwrap();
    change(&mut notification, &mut details);
    notification.details = notification.details.or(Some(details));
    notification
}

fn token() -> Token {
    Token { username: "integration".into(), password: "demo".into() }
}

fn enveloped(version: Version, notification: &Notification) -> String {
    let (token, action) = (token(), Contract::default().action());
    let addressed = version == Version::Soap12;
    let head = Head {
        token: Some(&token),
        validity: Some(Validity::from(NOON)),
        action: addressed.then_some(action.as_str()),
        message_id: Some("urn:uuid:1"),
        ..Head::new(version)
    };
    write(&head, |xml| notification.write(xml, &Contract::default()))
}

fn request(version: Version, body: impl Into<Bytes>) -> Request<Bytes> {
    let request = Request::post(PATH).header("content-type", version.content_type());
    let request = match version {
        Version::Soap11 => request.header("soapaction", format!("\"{}\"", Contract::default().action())),
        Version::Soap12 => request,
    };
    request.body(body.into()).unwrap()
}

fn desk() -> DeskSide {
    DeskSide::new(DeskConfig::default())
}

fn message(response: &Response<Bytes>) -> Message {
    let version = Version::of_content_type(response.headers()["content-type"].to_str().unwrap()).unwrap();
    Message::read(response.body(), version, &wire::xml::Limits::MESSAGE).unwrap()
}

fn outcome(response: &Response<Bytes>) -> Outcome {
    assert_eq!(response.status(), 200);
    Outcome::read(&message(response).body.unwrap()).unwrap()
}

/// Posts a notification as SOAP 1.1.
fn post(desk: &mut DeskSide, notification: &Notification) -> Outcome {
    outcome(&desk.send(request(Version::Soap11, enveloped(Version::Soap11, notification))))
}

fn fault(response: &Response<Bytes>) -> FaultKind {
    assert_eq!(response.status(), 500);
    message(response).fault().unwrap().kind
}

#[test]
fn the_sample_is_done_and_its_answer_is_as_wcf_writes_it() {
    let mut desk = desk();
    let envelope = enveloped(Version::Soap11, &sample());
    let answer = desk.send(request(Version::Soap11, envelope.clone()));
    insta::assert_snapshot!("soap-11-request", envelope);
    insta::assert_snapshot!("soap-11-answer", std::str::from_utf8(answer.body()).unwrap());
    let Verb::Notify { pop } = &desk.commands().next().unwrap().verb else { panic!("it is a notification") };
    insta::assert_json_snapshot!("pop", pop);
}

#[test]
fn soap_12_is_answered_in_soap_12() {
    let answer = desk().send(request(Version::Soap12, enveloped(Version::Soap12, &sample())));
    insta::assert_snapshot!("soap-12-answer", std::str::from_utf8(answer.body()).unwrap());
}

#[test]
fn each_refusal_has_its_status_and_its_sentence() {
    let mut desk = desk();
    let payload = |object_type| {
        vec![PayLoad { object_type, properties: vec![Property { id: 1, value: String::new() }] }]
    };
    let cases = [
        (with(|request, _| request.user_id = 99), -4, "User 99 does not exist."),
        (with(|request, _| request.user_id = 4), -5, "User 4 is not signed in."),
        (with(|request, _| request.media_type = 3), -3, "MediaType must be 1 (phone)."),
        (Notification { details: None, ..sample() }, -2, "NotificationData is required."),
        (with(|_, data| data.object_type = 2), -6, "AccountId is required when ObjectType is 2."),
        (with(|_, data| data.object_type = 7), -6, "CaseId is required when ObjectType is 7."),
        (
            with(|_, data| data.pay_load = payload(9)),
            -6,
            "ObjectType 9 of a PayLoadData is neither 7 (Interaction) nor 26 (Message).",
        ),
        (with(|_, data| data.pay_load[0].properties[0].id = -1), -2, "PropertyId -1 is not above 0."),
        (
            with(|_, data| (data.object_id, data.custom_list) = (0, Vec::new())),
            -6,
            "ObjectId is required when ObjectType is 20005.",
        ),
    ];
    for (notification, status, sentence) in cases {
        let outcome = post(&mut desk, &notification);
        assert_eq!((outcome.status, outcome.error.as_deref(), outcome.json), (status, Some(sentence), None));
    }
    assert_eq!(desk.commands().count(), 0);
}

#[test]
fn a_missing_type_of_record_is_named() {
    let untyped = with(|_, data| (data.object_type, data.custom_list) = (0, Vec::new()));
    let outcome = post(&mut desk(), &untyped);
    let error = outcome.error.unwrap();
    assert_eq!(outcome.status, -6);
    assert!(error.starts_with("ObjectType 0 is not a type of record; send 2 (Account)"), "{error}");
}

#[test]
fn members_without_a_known_meaning_cause_warnings() {
    let odd = with(|_, data| {
        (data.session_mode, data.create_preview, data.change_interaction_notes) = (2, Some(1), Some(-1));
    });
    let json = post(&mut desk(), &odd).json.unwrap();
    assert!(json.contains("SessionMode 2 has no effect; its meaning is not published."), "{json}");
    assert!(json.contains("CreatePreview 1 has no effect"), "{json}");
    assert!(!json.contains("ChangeInteractionNotes -1 has"), "{json}");
}

#[test]
fn a_session_occupies_the_agent_if_configured() {
    for occupies in [false, true] {
        let config = DeskConfig { session_occupies_agent: occupies, ..DeskConfig::default() };
        let mut desk = DeskSide::new(config);
        assert_eq!(post(&mut desk, &sample()).status, 0);
        let Verb::Notify { pop } = &desk.commands().next().unwrap().verb else {
            panic!("it is a notification")
        };
        assert_eq!(pop.occupies, occupies);
    }
}

#[test]
fn each_kind_of_record_is_named_by_its_own_member() {
    let mut desk = desk();
    let record = |desk: &mut DeskSide, notification: &Notification| {
        assert_eq!(post(desk, notification).status, 0);
        let Verb::Notify { pop } = &desk.commands().last().unwrap().verb else {
            panic!("it is a notification")
        };
        pop.record.as_ref().map(|record| (record.kind.to_string(), record.id.to_string()))
    };
    let pair = |kind: &str, id: &str| Some((kind.to_owned(), id.to_owned()));
    let account = with(|_, data| (data.object_type, data.account_id) = (2, 55));
    assert_eq!(record(&mut desk, &account), pair("account", "55"));
    let case = with(|_, data| (data.object_type, data.case_id) = (7, 56));
    assert_eq!(record(&mut desk, &case), pair("interaction", "56"));
    let contact = with(|_, data| (data.object_type, data.object_id) = (3, 57));
    assert_eq!(record(&mut desk, &contact), pair("contact", "57"));
    let unknown = with(|_, data| (data.object_type, data.object_id) = (3, -1));
    assert_eq!(record(&mut desk, &unknown), None);
}

#[test]
fn a_session_id_makes_a_retry_the_same_notification() {
    let mut desk = desk();
    let notification = with(|_, data| data.session_id = 42);
    let first = post(&mut desk, &notification);
    assert_eq!(post(&mut desk, &notification), first);
    assert_eq!(desk.commands().count(), 1);
    assert!(first.json.unwrap().contains("\"SessionId\":42"));
    let own = post(&mut desk, &sample()).json.unwrap();
    assert!(own.contains("\"SessionId\":4712"), "{own}");
    assert_eq!(desk.commands().count(), 2);
}

#[test]
fn another_content_under_a_used_session_id_is_an_update_of_that_session() {
    let mut desk = desk();
    let first = with(|_, data| data.session_id = 42);
    let second = with(|_, data| (data.session_id, data.object_id) = (42, 11));
    let before = post(&mut desk, &first);
    let after = post(&mut desk, &second);
    assert_eq!((after.status, desk.commands().count()), (0, 2), "{after:?}");
    let commands: Vec<_> = desk.commands().cloned().collect();
    assert_eq!(commands[0].interaction, None);
    assert_eq!(commands[1].interaction, Some(desk.shown_at(0)), "it is shown where the session is");
    let Verb::Notify { pop } = &commands[1].verb else { panic!("it is a notification") };
    assert_eq!(pop.record.as_ref().map(|record| record.id.as_str()), Some("11"));
    assert_eq!((post(&mut desk, &first), post(&mut desk, &second)), (before, after), "both are repeats");
    assert_eq!(desk.commands().count(), 2);
}

#[test]
fn a_used_session_id_with_another_caller_joins_nothing_by_that_id() {
    let mut desk = desk();
    let from = |number: &str| {
        with(|_, data| {
            data.session_id = 42;
            data.pay_load[0].properties[0].value = number.into();
        })
    };
    assert_eq!(post(&mut desk, &from("+14155550100")).status, 0);
    assert_eq!(post(&mut desk, &from("+14155550101")).status, 0);
    let commands: Vec<_> = desk.commands().cloned().collect();
    assert_eq!((commands[0].interaction, commands[1].interaction), (None, None));
    assert_ne!(commands[0].id, commands[1].id);
}

#[test]
fn members_come_in_any_order_and_namespace_missing_or_nil() {
    let body = "<PostNotification xmlns='urn:any'><notificationRequest xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\
        <UserId> +2 </UserId><Unknown/><NotificationData xmlns='urn:other'><ObjectType>20005</ObjectType><ObjectId>10</ObjectId>\
        <CustomList i:nil='true'/><PayLoad/><CreatePreview>soon</CreatePreview><SessionMode/></NotificationData><MediaType>1</MediaType>\
        </notificationRequest></PostNotification>";
    let envelope = write(&Head { token: Some(&token()), ..Head::new(Version::Soap11) }, |_| {});
    let envelope = envelope.replace("<s:Body></s:Body>", &format!("<s:Body>{body}</s:Body>"));
    let response = desk().send(request(Version::Soap11, envelope.clone()));
    assert_eq!(outcome(&response).status, 0);
    assert!(message(&response).security.is_none(), "who sends no time stamp gets none");
    let twice = envelope.replace("<Unknown/>", "<UserId>3</UserId>");
    assert_eq!(fault(&desk().send(request(Version::Soap11, twice))), FaultKind::DeserializationFailed);
    let text = envelope.replace("+2", "two");
    let response = desk().send(request(Version::Soap11, text));
    let reason = message(&response).fault().unwrap().reason;
    assert_eq!(
        reason,
        "parameter notificationRequest could not be read: 'two' is not a valid Int32 for UserId"
    );
}

#[test]
fn content_that_a_member_cannot_have_is_refused_by_name() {
    let good = enveloped(Version::Soap11, &sample());
    let reason = |part: &str, other: &str| {
        assert!(good.contains(part), "{good}");
        let mut desk = desk();
        let answer = desk.send(request(Version::Soap11, good.replacen(part, other, 1)));
        assert_eq!(fault(&answer), FaultKind::DeserializationFailed, "{other}");
        assert_eq!(desk.commands().count(), 0);
        message(&answer).fault().unwrap().reason
    };
    let unreadable = "parameter notificationRequest could not be read: ";
    let nested = "the member UserId contains the element Id; expected only a value";
    assert_eq!(reason(">2</d:UserId>", ">2<d:Id>3</d:Id></d:UserId>"), format!("{unreadable}{nested}"));
    let nested = "the member Value contains the element b; expected only a value";
    assert_eq!(reason(">value<", "><b>value</b><"), format!("{unreadable}{nested}"));
    let text = "the element CustomData contains the text 'odd'; expected only elements";
    assert_eq!(reason("<d:CustomData>", "<d:CustomData>odd"), format!("{unreadable}{text}"));
    let text = "the element CustomList contains the text 'odd'; expected only elements";
    assert_eq!(reason("<d:CustomList>", "<d:CustomList>odd"), format!("{unreadable}{text}"));
    assert_eq!(
        reason("</PostNotification>", "</PostNotification><PostNotification xmlns=\"http://tempuri.org/\"/>"),
        "the element Body has the elements PostNotification and PostNotification; expected only one"
    );
    assert_eq!(
        reason("</s:Body>", "</s:Body><s:Body/>"),
        "the element Envelope has more than one Body; expected only one"
    );
}

#[test]
fn paths_are_valid_in_any_letter_case() {
    let mut desk = desk();
    for path in ["/postnotification.SVC", "/PostNotification.svc/WS", "/POSTNOTIFICATION.SVC/"] {
        let mut request = request(Version::Soap11, enveloped(Version::Soap11, &sample()));
        *request.uri_mut() = path.parse().unwrap();
        assert_eq!(outcome(&desk.send(request)).status, 0, "{path}");
    }
}

#[test]
fn http_basic_is_accepted_and_requested() {
    let mut desk = desk();
    let body = write(&Head::new(Version::Soap11), |xml| sample().write(xml, &Contract::default()));
    let response = desk.send(request(Version::Soap11, body.clone()));
    assert_eq!((response.status().as_u16(), response.body().len()), (401, 0));
    assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
    let signed = |header: &'static str| {
        let mut request = request(Version::Soap11, body.clone());
        request.headers_mut().insert("authorization", header.parse().unwrap());
        request
    };
    assert_eq!(outcome(&desk.send(signed("Basic aW50ZWdyYXRpb246ZGVtbw=="))).status, 0);
    assert_eq!(desk.send(signed("Basic aW50ZWdyYXRpb246d3Jvbmc=")).status(), 401);
    let mut without = DeskSide::new(DeskConfig { basic: false, ..DeskConfig::default() });
    assert_eq!(fault(&without.send(request(Version::Soap11, body))), FaultKind::InvalidSecurity);
}

#[test]
fn who_sends_a_time_stamp_gets_one_with_faults_too_once_known() {
    let mut desk = desk();
    let good = enveloped(Version::Soap11, &sample());
    let stamped = |response: &Response<Bytes>| {
        message(response).security.is_some_and(|security| security.validity.is_some())
    };
    assert!(stamped(&desk.send(request(Version::Soap11, good.clone()))));
    let unreadable = good.replace(">2</d:UserId>", ">x</d:UserId>");
    let response = desk.send(request(Version::Soap11, unreadable));
    assert_eq!((fault(&response), stamped(&response)), (FaultKind::DeserializationFailed, true));
    let stranger = desk.send(request(Version::Soap11, good.replace(">demo<", ">wrong<")));
    assert_eq!((fault(&stranger), stamped(&stranger)), (FaultKind::FailedAuthentication, false));
    let stale = desk.send(request(Version::Soap11, good.replace("2026-11-20", "2026-11-19")));
    assert_eq!((fault(&stale), stamped(&stale)), (FaultKind::InvalidSecurity, false));
}

#[test]
fn an_action_that_is_none_of_ours_is_a_fault() {
    let mut desk = desk();
    let mut other = request(Version::Soap11, enveloped(Version::Soap11, &sample()));
    other.headers_mut().insert("soapaction", "\"urn:x\"".parse().unwrap());
    assert_eq!(fault(&desk.send(other)), FaultKind::ActionNotSupported);
    let mut empty = request(Version::Soap11, enveloped(Version::Soap11, &sample()));
    empty.headers_mut().insert("soapaction", "\"\"".parse().unwrap());
    assert_eq!(outcome(&desk.send(empty)).status, 0, "then the body says it");
}

#[test]
fn what_is_no_message_is_refused_with_a_bare_status() {
    let mut desk = desk();
    let good = enveloped(Version::Soap11, &sample());
    let mut status = |content_type: &str, encoding: &str, body: &[u8]| {
        let request =
            Request::post(PATH).header("content-type", content_type).header("content-encoding", encoding);
        let response = desk.send(request.body(Bytes::copy_from_slice(body)).unwrap());
        assert!(response.body().is_empty());
        response.status().as_u16()
    };
    let xml = "text/xml; charset=utf-8";
    assert_eq!(status("application/json", "identity", good.as_bytes()), 415);
    assert_eq!(status("application/soap+xml", "identity", good.as_bytes()), 400);
    assert_eq!(status(xml, "gzip", b"\x1f\x8b\x08"), 415);
    assert_eq!(status(xml, "identity", &good.as_bytes()[..good.len() / 2]), 400);
    assert_eq!(status(xml, "identity", &vec![b'x'; 2_000_000]), 413);
    assert_eq!(status(xml, "identity", format!("<!DOCTYPE a>{good}").as_bytes()), 400);
    assert_eq!(status(xml, "identity", "<a>".repeat(20_000).as_bytes()), 400);
    let other = |method: &str, target: &str| {
        let mut desk = DeskSide::new(DeskConfig::default());
        let request = Request::builder().method(method).uri(target).header("host", "cti:8080");
        desk.send(request.body(Bytes::new()).unwrap())
    };
    assert_eq!(other("PUT", PATH).headers()["allow"], "GET, POST");
    assert_eq!(other("GET", "/Other.svc").status(), 404);
    assert_eq!(other("GET", "/PostNotification.svc?xsd=xsd0").status(), 404);
    assert!(other("GET", PATH).headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[test]
fn a_digest_is_refused_in_a_sentence() {
    let good = enveloped(Version::Soap11, &sample());
    let response = desk().send(request(Version::Soap11, good.replace("#PasswordText", "#PasswordDigest")));
    assert_eq!(fault(&response), FaultKind::InvalidSecurity);
    assert!(message(&response).fault().unwrap().reason.contains("send PasswordText over TLS"));
}

/// The sample with this nonce and password.
fn with_nonce(nonce: &str, kind: &str, password: &str) -> Request<Bytes> {
    let good = enveloped(Version::Soap11, &sample());
    let more = format!("</o:Password><o:Nonce>{nonce}</o:Nonce><u:Created>2026-11-20T10:00:00Z</u:Created>");
    let good = good.replace("</o:Password>", &more).replace("#PasswordText", kind);
    request(Version::Soap11, good.replace(">demo<", &format!(">{password}<")))
}

#[test]
fn a_digest_is_checked_with_the_configured_password() {
    let account = DigestAccount { account: "integration".into(), password: Secret::new("demo") };
    let config = DeskConfig { digests: vec![account], ..DeskConfig::default() };
    let mut desk = DeskSide::new(config);
    // echo -en '\x01\x02\x03\x042026-11-20T10:00:00Zdemo' | openssl sha1 -binary | base64
    let digest = "+0O/uv1SuXUsVAVOfZqCkaIYNYI=";
    let right = || with_nonce("AQIDBA==", "#PasswordDigest", digest);
    assert_eq!(
        fault(&desk.send(with_nonce("AQIDBA==", "#PasswordDigest", "AAAA"))),
        FaultKind::FailedAuthentication
    );
    assert_eq!(outcome(&desk.send(right())).status, 0);
    assert_eq!(fault(&desk.send(right())), FaultKind::InvalidSecurity, "it is a replay");
}

#[test]
fn a_nonce_is_accepted_once() {
    let mut desk = desk();
    let respond = |desk: &mut DeskSide, nonce| desk.send(with_nonce(nonce, "#PasswordText", "demo"));
    assert_eq!(outcome(&respond(&mut desk, "AQID")).status, 0);
    let again = respond(&mut desk, "AQID");
    assert_eq!(fault(&again), FaultKind::InvalidSecurity);
    assert!(message(&again).fault().unwrap().reason.contains("nonce of the UsernameToken was used before"));
    assert_eq!(outcome(&respond(&mut desk, "AQIE")).status, 0);
    assert_eq!(desk.commands().count(), 2);
}

#[test]
fn the_description_names_where_it_was_requested() {
    let wsdl = |config: DeskConfig, query: &str| {
        let request = Request::get(format!("{PATH}?{query}")).header("host", "cti.example:8080");
        let response = DeskSide::new(config).send(request.body(Bytes::new()).unwrap());
        assert_eq!(response.status(), 200);
        String::from_utf8(response.body().to_vec()).unwrap()
    };
    let plain = wsdl(DeskConfig::default(), "WSDL");
    roxmltree::Document::parse(&plain).unwrap();
    let address = "http://cti.example:8080/TalismaWebNotificationServer/PostNotification.svc";
    assert!(plain.contains(&format!("<soap:address location=\"{address}\"/>")));
    assert!(plain.contains(&format!("<soap12:address location=\"{address}/ws\"/>")));
    assert!(!plain.contains("sp:TransportBinding"), "there is no TLS");
    assert_eq!(plain.matches("<http:BasicAuthentication ").count(), 2, "one for each binding");
    let without = DeskConfig { basic: false, ..DeskConfig::default() };
    for unsecured in [wsdl(without, "wsdl"), wsdl(DeskConfig::default(), "wsdl&policy=none")] {
        assert!(!unsecured.contains("wsp:Policy"), "{unsecured}");
    }
    let tls = DeskConfig { public_url: Some("https://crm/x.svc".into()), ..DeskConfig::default() };
    let secured = wsdl(tls.clone(), "singleWsdl");
    roxmltree::Document::parse(&secured).unwrap();
    assert!(secured.contains("sp:TransportBinding") && secured.contains("location=\"https://crm/x.svc\""));
    assert!(!wsdl(tls, "wsdl&policy=none").contains("sp:TransportBinding"));
}

#[test]
fn a_fault_of_the_headers_has_what_it_relates_to() {
    let odd = "<h xmlns='urn:h' s:mustUnderstand='1'/></s:Header>";
    let body = enveloped(Version::Soap12, &sample()).replace("</s:Header>", odd);
    let answer = desk().send(request(Version::Soap12, body));
    assert!(matches!(fault(&answer), FaultKind::Other { local, .. } if local == "MustUnderstand"));
    assert_eq!(message(&answer).relates_to.as_deref(), Some("urn:uuid:1"));
}
