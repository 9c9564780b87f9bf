//! The session contract, for both ends; and messages that are the same after writing and reading.

use bytes::Bytes;
use cordboard_talisma::{
    DeskConfig, DeskSession, TelephonyConfig, TelephonySession,
    wire::{
        Contract, Custom, Details, Notification, Outcome, PayLoad, Policies, Property, ServiceInfo,
        WsdlReader, wsdl,
    },
};
use http::{Request, Response};
use proptest::{collection::vec, option, prelude::*, sample::select};
use session::suite;
use uuid::Uuid;
use wire::{
    soap::{Fault, FaultKind, Head, Message, Token, Validity, Version, write},
    xml::{Limits, Writer, parse},
};

/// The time at which the tests begin.
const START: u64 = 1_700_000_000_000;

fn text() -> impl Strategy<Value = String> {
    "[ -~äß€&<>\t\n\r]{0,20}"
}

fn id() -> impl Strategy<Value = i32> {
    prop_oneof![Just(-1), Just(0), 1..10_i32, any::<i32>()]
}

fn details() -> impl Strategy<Value = Details> {
    let property = (id(), text()).prop_map(|(id, value)| Property { id, value });
    let pay_load = (select(vec![7, 26, 26, 9]), vec(property, 0..3));
    let pay_load = pay_load.prop_map(|(object_type, properties)| PayLoad { object_type, properties });
    let custom = (text(), text()).prop_map(|(key, value)| Custom { key, value });
    let ids = (select(vec![2, 3, 7, 20_005, -1]), id(), id(), id(), id());
    let rest = (vec(custom, 0..3), any::<bool>(), vec(pay_load, 0..3), option::of(id()), option::of(id()));
    (ids, rest).prop_map(|((object_type, object_id, account_id, case_id, script_id), rest)| {
        let (custom_list, is_log_case_mandatory, pay_load, change_interaction_notes, create_preview) = rest;
        Details {
            object_type,
            object_id,
            account_id,
            case_id,
            custom_list,
            is_log_case_mandatory,
            pay_load,
            script_id,
            change_interaction_notes,
            create_preview,
            ..Details::default()
        }
    })
}

fn notification() -> impl Strategy<Value = Notification> {
    (0..7_i32, select(vec![1, 1, 1, 3]), option::weighted(0.9, details()))
        .prop_map(|(user_id, media_type, details)| Notification { user_id, media_type, details })
}

fn message() -> impl Strategy<Value = Bytes> {
    let version = select(vec![Version::Soap11, Version::Soap12]);
    let head = (
        version,
        any::<bool>(),
        select(vec!["http://tempuri.org/IPostNotification/PostNotification", "urn:x"]),
    );
    (head, notification(), any::<u64>()).prop_map(|((version, known, action), notification, cut)| {
        let token = Token { username: "1001".into(), password: "demo".into() };
        let head = Head {
            token: known.then_some(&token),
            validity: known.then(|| Validity::from(START)),
            action: (version == Version::Soap12).then_some(action),
            message_id: Some("urn:uuid:1"),
            ..Head::new(version)
        };
        let written = write(&head, |xml| notification.write(xml, &Contract::default()));
        // One in eight is cut short.
        let end = if cut % 8 == 0 { cut as usize % written.len() } else { written.len() };
        Bytes::copy_from_slice(&written.as_bytes()[..end])
    })
}

fn posted() -> impl Strategy<Value = Request<Bytes>> {
    let head = (
        select(vec!["text/xml", "application/soap+xml", "text/plain"]),
        select(vec!["", "/ws", "/x"]),
        any::<bool>(),
    );
    (head, message()).prop_map(|((content_type, below, basic), body)| {
        let mut request =
            Request::post(format!("/PostNotification.svc{below}")).header("content-type", content_type);
        if basic {
            request = request.header("authorization", "Basic MTAwMTpkZW1v");
        }
        request.body(body).unwrap()
    })
}

fn requests() -> impl Strategy<Value = Request<Bytes>> {
    let page = "/PostNotification[.]svc(\\?[a-zA-Z=&]{0,12})?";
    let page =
        page.prop_map(|target| Request::get(target).header("host", "cti:1").body(Bytes::new()).unwrap());
    prop_oneof![6 => posted(), 1 => page, 1 => suite::request()]
}

fn described() -> impl Strategy<Value = Response<Bytes>> {
    let wsdl = wsdl(&Contract::default(), "http://crm/x.svc", Policies::None);
    let outcome = (-3..1_i32).prop_map(|status| {
        let outcome = Outcome { status, ..Outcome::default() };
        write(&Head::new(Version::Soap11), |xml| outcome.write(xml, &Contract::default()))
    });
    let fault = Fault::new(FaultKind::FailedAuthentication, "no").write(&Head::new(Version::Soap11));
    let body = prop_oneof![3 => Just(wsdl), 3 => outcome, 1 => Just(fault)];
    let known = (select(vec![200_u16, 200, 200, 500, 503]), body);
    let known =
        known.prop_map(|(status, body)| Response::builder().status(status).body(Bytes::from(body)).unwrap());
    prop_oneof![4 => known, 1 => suite::response()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_desk_end_keeps_the_contract(steps in suite::steps(requests(), suite::response(), 40)) {
        let make = || DeskSession::new(DeskConfig { open_max: 16, ..DeskConfig::default() }, Uuid::from_u128(1)).unwrap();
        suite::check(make, DeskSession::held, 17, &steps);
    }

    #[test]
    fn the_telephony_end_keeps_the_contract(steps in suite::steps(suite::request(), described(), 40)) {
        let config = TelephonyConfig { user: Some("a".into()), password: Some(model::Secret::new("b")), waiting_max: 4, ..TelephonyConfig::default() };
        let make = || TelephonySession::new(config.clone(), Uuid::from_u128(1)).unwrap();
        suite::check(make, TelephonySession::held, 64, &steps);
    }

    #[test]
    fn a_notification_comes_back_as_it_was(notification in notification()) {
        let mut xml = Writer::new();
        notification.write(&mut xml, &Contract::default());
        let element = parse(xml.finish().as_bytes(), &Limits::MESSAGE).unwrap();
        prop_assert_eq!(Notification::read(&element).unwrap(), Some(notification));
    }

    #[test]
    fn an_outcome_comes_back_as_it_was(status in any::<i32>(), json in option::of(text()), error in option::of(text()), exception in option::of(text())) {
        let outcome = Outcome { json, status, error, exception };
        let written = write(&Head::new(Version::Soap12), |xml| outcome.write(xml, &Contract::default()));
        let message = Message::read(written.as_bytes(), Version::Soap12, &Limits::MESSAGE).unwrap();
        prop_assert_eq!(Outcome::read(&message.body.unwrap()).unwrap(), outcome);
    }

    #[test]
    fn any_document_is_no_description_or_one(document in vec(any::<u8>(), 0..200)) {
        let mut survey = WsdlReader::new(&"http://crm/x?wsdl".parse().unwrap());
        let _ = survey.take(&document);
    }
}

fn survey(documents: &[(&str, &str)], version: Version) -> Result<ServiceInfo, String> {
    let mut survey = WsdlReader::new(&"http://crm/x.svc?wsdl".parse().unwrap());
    while let Some(wanted) = survey.next_document() {
        let (_, document) = documents.iter().find(|(location, _)| wanted == *location).unwrap();
        survey.take(document.as_bytes()).map_err(|error| error.to_string())?;
    }
    survey.finish(version).map_err(|error| error.to_string())
}

#[test]
fn what_we_describe_is_learned() {
    let contract = Contract { service: "urn:s".into(), data: "urn:d".into() };
    let document = wsdl(&contract, "http://crm/x.svc", Policies::UserNameOverTls);
    for (version, address) in
        [(Version::Soap11, "http://crm/x.svc"), (Version::Soap12, "http://crm/x.svc/ws")]
    {
        let learned = survey(&[("http://crm/x.svc?wsdl", &document)], version).unwrap();
        assert_eq!(learned.action, "urn:s/IPostNotification/PostNotification");
        assert_eq!((learned.contract, learned.address.to_string().as_str()), (contract.clone(), address));
    }
}

#[test]
fn a_security_context_is_refused_in_a_sentence() {
    let document = wsdl(&Contract::default(), "http://crm/x.svc", Policies::UserNameOverTls);
    let document = document.replace("<sp:Wss11>", "<sp:SecureConversationToken/><sp:Wss11>");
    let refused = survey(&[("http://crm/x.svc?wsdl", &document)], Version::Soap12).unwrap_err();
    assert_eq!(
        refused,
        "the service at http://crm/x.svc/ws requires a security context (SecureConversation); have its owner set \
         establishSecurityContext=\"false\" or offer basicHttpBinding"
    );
}

#[test]
fn documents_are_followed_at_home_only() {
    let import = |location: &str| {
        format!(
            "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' xmlns:x='http://www.w3.org/2001/XMLSchema'>\
             <w:types><x:schema><x:import schemaLocation='{location}'/></x:schema></w:types></w:definitions>"
        )
    };
    let refused =
        survey(&[("http://crm/x.svc?wsdl", &import("http://elsewhere/x"))], Version::Soap11).unwrap_err();
    assert_eq!(refused, "the WSDL needs http://elsewhere/x, which is not read: it is on another host");
    let pages =
        [("http://crm/x.svc?wsdl", import("?xsd=xsd0")), ("http://crm/x.svc?xsd=xsd0", import("?wsdl"))];
    let pages = pages.each_ref().map(|(location, document)| (*location, document.as_str()));
    assert_eq!(
        survey(&pages, Version::Soap11).unwrap_err(),
        "the WSDL describes no port for IPostNotification and Soap11"
    );
}
