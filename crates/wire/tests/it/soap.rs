//! SOAP messages: what is read, the errors, and hostile input.

use cordboard_wire::{
    soap::{
        Addressing, Fault, FaultKind, Head, Message, Password, Refusal, Security, Token, UsernameToken,
        Validity, Version, WSSE, WSU, write,
    },
    xml::{self, Limits},
};
use proptest::prelude::*;

const NOON: u64 = 1_795_168_800_000;

fn read(document: &str, version: Version) -> Result<Message, Refusal> {
    Message::read(document.as_bytes(), version, &Limits::MESSAGE)
}

/// An envelope of SOAP 1.1 with this header.
fn enveloped(header: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:o='{WSSE}' xmlns:u='{WSU}'>\
         <s:Header>{header}</s:Header><s:Body><x xmlns='urn:x'/></s:Body></s:Envelope>"
    )
}

fn security(inner: &str) -> Result<Security, String> {
    let read =
        read(&enveloped(&format!("<o:Security s:mustUnderstand='1'>{inner}</o:Security>")), Version::Soap11);
    read.map(|message| message.security.expect("it has a security header"))
        .map_err(|refusal| refusal.to_string())
}

fn token(username: &str, password: &str) -> Token {
    Token { username: username.into(), password: password.into() }
}

/// The token as it is read, with this nonce.
fn received(username: &str, password: Password, nonce: Option<&str>) -> UsernameToken {
    UsernameToken { username: username.into(), password, nonce: nonce.map(str::to_owned), created: None }
}

#[test]
fn what_is_written_in_either_version_is_read_back() {
    let sender = token("cti", "p&<s>\"");
    for version in [Version::Soap11, Version::Soap12] {
        let head = Head {
            action: Some("urn:ask"),
            message_id: Some("urn:uuid:1"),
            to: Some("http://crm/x"),
            validity: Some(Validity::from(NOON)),
            token: Some(&sender),
            ..Head::new(version)
        };
        let written = write(&head, |xml| xml.empty("x", &[("xmlns", "urn:x")]));
        assert!(roxmltree::Document::parse(&written).is_ok(), "{written}");
        let message = read(&written, version).unwrap();
        assert_eq!(message.action.as_deref(), Some("urn:ask"));
        assert_eq!(message.addressed, Some(Addressing { message_id: Some("urn:uuid:1".into()) }));
        let security = message.security.clone().unwrap();
        assert_eq!(security.token, Some(received("cti", Password::Text("p&<s>\"".into()), None)));
        assert_eq!(security.validity, Some(Validity { created: NOON, expires: Some(NOON + 300_000) }));
        assert!(message.body.unwrap().is("urn:x", "x"));
        assert!(!format!("{security:?}").contains("p&"), "a password is not shown");
    }
}

#[test]
fn an_answer_without_headers_has_no_header() {
    let written = write(&Head::new(Version::Soap11), |xml| xml.empty("x", &[]));
    assert_eq!(
        written,
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><x/></s:Body></s:Envelope>"
    );
}

#[test]
fn faults_have_the_code_of_their_version() {
    let fault = Fault::new(FaultKind::FailedAuthentication, "no");
    assert_eq!(
        fault.write(&Head::new(Version::Soap11)),
        format!(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>\
             <faultcode xmlns:f=\"{WSSE}\">f:FailedAuthentication</faultcode>\
             <faultstring xml:lang=\"en-US\">no</faultstring></s:Fault></s:Body></s:Envelope>"
        )
    );
    let fault = Fault::new(FaultKind::ActionNotSupported, "no");
    let written = fault.write(&Head::answering(Version::Soap12, Some("urn:r"), Some("urn:uuid:1")));
    assert!(written.contains(
        "<wsa:Action s:mustUnderstand=\"1\">http://www.w3.org/2005/08/addressing/fault</wsa:Action>"
    ));
    assert!(written.contains("<wsa:RelatesTo>urn:uuid:1</wsa:RelatesTo>"));
    assert!(written.contains("<s:Code><s:Value>s:Sender</s:Value><s:Subcode>"), "{written}");
    let kind = FaultKind::MustUnderstand { namespace: "urn:h".into(), local: "Odd".into() };
    let fault = Fault::new(kind, "no");
    assert!(fault.write(&Head::new(Version::Soap11)).contains("<faultcode>s:MustUnderstand</faultcode>"));
    let written = fault.write(&Head::new(Version::Soap12));
    assert!(written.contains("<s:NotUnderstood xmlns:f=\"urn:h\" qname=\"f:Odd\"/>"), "{written}");
    assert!(written.contains("<s:Code><s:Value>s:MustUnderstand</s:Value></s:Code>"), "{written}");
}

#[test]
fn faults_are_read_back() {
    for kind in [
        FaultKind::ActionNotSupported,
        FaultKind::DeserializationFailed,
        FaultKind::InternalServiceFault,
        FaultKind::FailedAuthentication,
        FaultKind::InvalidSecurity,
        FaultKind::Other { namespace: "urn:y".into(), local: "Odd".into() },
    ] {
        for version in [Version::Soap11, Version::Soap12] {
            let fault = Fault::new(kind.clone(), "a < b");
            let message = read(&fault.write(&Head::new(version)), version).unwrap();
            assert_eq!(message.fault(), Some(fault));
        }
    }
}

#[test]
fn a_password_is_text_or_a_digest() {
    let digest =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
    let inner = |kind: &str| {
        format!(
            "<o:UsernameToken><o:Nonce>x</o:Nonce><o:Username> a </o:Username><o:Password{kind}> b </o:Password></o:UsernameToken>"
        )
    };
    let text = Some(received("a", Password::Text(" b ".into()), Some("x")));
    assert_eq!(security(&inner("")).unwrap().token, text);
    assert_eq!(security(&inner(" Type=''")).unwrap().token, text);
    let read = security(&inner(&format!(" Type='{digest}'"))).unwrap().token;
    assert_eq!(read, Some(received("a", Password::Digest("b".into()), Some("x"))));
    assert_eq!(
        security(&inner(" Type='urn:x#Derived'")).unwrap_err(),
        "passwords of type Derived are not supported; send PasswordText over TLS"
    );
    assert_eq!(
        security(&inner("").repeat(2)).unwrap_err(),
        "the security header has more than one UsernameToken"
    );
    let nameless = "<o:UsernameToken><o:Password>b</o:Password></o:UsernameToken>";
    assert_eq!(security(nameless).unwrap_err(), "the UsernameToken has no Username");
}

#[test]
fn an_envelope_has_one_body_with_one_element() {
    let good = enveloped("");
    let reason = |document: &str| read(document, Version::Soap11).unwrap_err().to_string();
    assert!(read(&good, Version::Soap11).is_ok());
    let two = good.replace("<x xmlns='urn:x'/>", "<x xmlns='urn:x'/><y/>");
    assert_eq!(reason(&two), "the element Body has the elements x and y; expected only one");
    let two = good.replace("</s:Body>", "</s:Body><s:Body/>");
    assert_eq!(reason(&two), "the element Envelope has more than one Body; expected only one");
    let two = good.replace("<s:Body>", "<s:Header/><s:Body>");
    assert_eq!(reason(&two), "the element Envelope has more than one Header; expected only one");
}

#[test]
fn only_credentials_must_be_understood() {
    let validity = Some(Validity::from(NOON));
    let sender = token("a", "b");
    let request = Head { validity, token: Some(&sender), ..Head::new(Version::Soap11) };
    assert!(write(&request, |_| {}).contains("<o:Security s:mustUnderstand=\"1\""));
    let answer = Head { validity, ..Head::new(Version::Soap11) };
    let written = write(&answer, |_| {});
    assert!(written.contains("<o:Security xmlns:o=") && !written.contains("mustUnderstand"), "{written}");
}

#[test]
fn a_password_is_whole_across_entities() {
    let inner = "<o:UsernameToken><o:Username>a</o:Username><o:Password>p&amp;<![CDATA[<]]>s</o:Password></o:UsernameToken>";
    assert_eq!(security(inner).unwrap().token, Some(received("a", Password::Text("p&<s".into()), None)));
}

#[test]
fn a_time_stamp_is_good_for_a_while() {
    let stamp = |created: &str, expires: &str| {
        security(&format!(
            "<u:Timestamp><u:Created>{created}</u:Created><u:Expires>{expires}</u:Expires></u:Timestamp>"
        ))
    };
    let good = stamp("2026-11-20T10:00:00Z", "2026-11-20T10:05:00+00:00").unwrap().validity.unwrap();
    assert_eq!(good, Validity::from(NOON));
    for (now, is_good) in [
        (NOON, true),
        (NOON - 299_999, true),
        (NOON - 300_000, false),
        (NOON + 599_999, true),
        (NOON + 600_000, false),
    ] {
        assert_eq!(good.check(now).is_ok(), is_good, "{now}");
    }
    let long = Validity { created: NOON, expires: Some(NOON + 86_400_000) };
    assert!(long.check(NOON + 600_000).is_err(), "a message is not good for a day");
    assert_eq!(
        good.check(NOON + 600_000).unwrap_err().to_string(),
        "the time stamp is valid from 2026-11-20T09:55:00.000Z until 2026-11-20T10:10:00.000Z, but the time is 2026-11-20T10:10:00.000Z"
    );
    assert!(
        stamp("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z").unwrap_err().contains("not after its creation")
    );
    assert!(stamp("yesterday", "2026-11-20T10:00:00Z").unwrap_err().starts_with("Created is \"yesterday\""));
}

#[test]
fn headers_that_must_be_understood_are() {
    let header = |head: &str| read(&enveloped(head), Version::Soap11);
    assert!(header("<h xmlns='urn:h'/>").is_ok());
    assert!(header("<h xmlns='urn:h' s:mustUnderstand='0'/>").is_ok());
    assert!(header("<h xmlns='urn:h' s:mustUnderstand='1' s:actor='urn:someone'/>").is_ok());
    assert!(header("<To xmlns='http://www.w3.org/2005/08/addressing' s:mustUnderstand='1'>x</To>").is_ok());
    let refused = header("<h xmlns='urn:h' s:mustUnderstand='1'/>").unwrap_err();
    assert_eq!(refused.to_string(), "the header h of namespace \"urn:h\" is not understood");
    assert_eq!(refused.status(), 500);
    let twice = "<a:Action xmlns:a='http://www.w3.org/2005/08/addressing'>x</a:Action>".repeat(2);
    assert!(header(&twice).is_err());
}

#[test]
fn a_header_that_cannot_be_taken_leaves_the_address_known() {
    let addressing = "xmlns:a='http://www.w3.org/2005/08/addressing'";
    let odd = "<h xmlns='urn:h' s:mustUnderstand='1'/>";
    let addressed = |head: &str| {
        let refusal = read(&enveloped(head), Version::Soap11).unwrap_err();
        let Refusal::Fault { addressed, .. } = refusal else { panic!("{refusal}") };
        addressed
    };
    let after = format!("{odd}<a:MessageID {addressing}> urn:uuid:1 </a:MessageID>");
    assert_eq!(addressed(&after), Some(Addressing { message_id: Some("urn:uuid:1".into()) }));
    let nameless = format!("{odd}<a:Action {addressing}>urn:ask</a:Action>");
    assert_eq!(addressed(&nameless), Some(Addressing { message_id: None }));
    assert_eq!(addressed(odd), None);
}

#[test]
fn what_is_no_envelope_is_refused_with_a_bare_status() {
    let status = |document: &str| read(document, Version::Soap11).unwrap_err().status();
    let whole = enveloped("");
    for end in 0..whole.len() {
        assert_eq!(status(&whole[..end]), 400);
    }
    assert_eq!(status(&write(&Head::new(Version::Soap12), |_| {})), 400, "the other version");
    assert_eq!(status("<Envelope/>"), 400);
    assert_eq!(status("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>"), 400);
    assert_eq!(status(&"x".repeat(2_000_000)), 413);
    assert_eq!(status("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), 400);
    assert_eq!(status("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>"), 400);
    assert_eq!(status(&"<a>".repeat(20_000)), 400);
    let wide: String = (0..100_000).map(|index| format!(" a{index}=''")).collect();
    let limits = Limits { bytes_max: 4 << 20, ..Limits::MESSAGE };
    let refused = Message::read(format!("<e{wide}/>").as_bytes(), Version::Soap11, &limits).unwrap_err();
    assert!(matches!(refused, Refusal::NotXml(xml::Error::Attributes { .. })), "{refused}");
}

#[test]
fn nothing_is_included() {
    let included =
        "<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>";
    let body = enveloped("").replace("<x xmlns='urn:x'/>", &format!("<x xmlns='urn:x'>{included}</x>"));
    let message = read(&body, Version::Soap11).unwrap();
    assert_eq!(message.body.unwrap().first("include").unwrap().text(), "");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_is_read_or_refused(inner in "(<[osu]:(Security|Timestamp|Created|Username|UsernameToken|Password)>|</[osu]:[A-Z][a-z]{3,8}>|[a-z0-9:TZ-]|&amp;){0,12}") {
        let _ = read(&enveloped(&inner), Version::Soap11);
    }

    #[test]
    fn any_credentials_come_back(username in "[ -~äß€]{1,20}", password in "[ -~äß€\t\n\r]{0,40}") {
        let sender = token(&username, &password);
        let head = Head { token: Some(&sender), ..Head::new(Version::Soap12) };
        let message = read(&write(&head, |_| {}), Version::Soap12).unwrap();
        let found = message.security.unwrap().token.unwrap();
        prop_assert_eq!(found.username.as_str(), username.trim());
        prop_assert_eq!(found.password, Password::Text(password));
    }
}
