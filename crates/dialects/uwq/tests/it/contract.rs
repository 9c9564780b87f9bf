//! The session contract on both ends, and malicious input.

use bytes::Bytes;
use cordboard_uwq::{
    Credentials, DeskConfig, DeskSession, TelephonyConfig, TelephonySession,
    wire::{AgentLine, Callout, Event, Reply, ScreenPop, redact},
};
use http::{Request, Response};
use model::{Secret, SwitchId};
use proptest::{collection::vec, prelude::*, sample::select};
use session::suite;
use uuid::Uuid;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

fn telephony() -> TelephonySession {
    TelephonySession::new(TelephonyConfig::default(), Uuid::nil()).unwrap()
}

fn desk() -> DeskSession {
    let credentials = |index| Credentials {
        acd_id: format!("700{index}").into(),
        password: Secret::new("1234"),
        queue: Some("7700".into()),
    };
    let agents = (1..=4).map(credentials).collect();
    DeskSession::new(DeskConfig { agents, ..DeskConfig::default() }, SwitchId::new("pbx").unwrap()).unwrap()
}

/// Mostly what an EBS client would send for the agents of the contract's tests.
fn callout() -> impl Strategy<Value = Request<Bytes>> {
    let function = select(vec![
        "Register",
        "Unregister",
        "Login",
        "Login",
        "Logout",
        "Ready",
        "NotReady",
        "MakeCall",
        "DialCanonical",
        "CheckStatus",
        "Bogus",
    ]);
    let sensible = (function, 1..=4_u8, 1..=4_u8, select(vec!["127.0.0.1", "10.0.0.1", "::1"])).prop_map(
        |(function, phone, agent, address)| {
            let target = format!(
                "/?FunctionName={function}&telesetNumber=7000{phone}&agentID=700{agent}&ipAddress={address}\
                 &port=8888&agentPassword=1234&agentQueue=7700&dialString=7700"
            );
            Request::get(target).body(Bytes::new()).unwrap()
        },
    );
    prop_oneof![8 => sensible, 1 => suite::request()]
}

/// Mostly what a softphone would post about a few calls.
fn event() -> impl Strategy<Value = Request<Bytes>> {
    let known = (0..4_u8, 0..6_u8, 1..=4_u8, "[0-9]{0,12}").prop_map(|(kind, source, phone, ani)| {
        let source = format!("c-{source}");
        let event = match kind {
            0 => Event::CallEstablished(source),
            1 => Event::CallReleased(source),
            _ => Event::ScreenPop(ScreenPop { source, ani, dnis: format!("7000{phone}"), data: Vec::new() }),
        };
        Request::post("/").body(Bytes::from(event.print())).unwrap()
    });
    prop_oneof![8 => known, 1 => suite::request()]
}

/// Mostly what a softphone would answer.
fn reply() -> impl Strategy<Value = Response<Bytes>> {
    let error = |token: &str| Bytes::from(Event::Error(format!("{token}: because")).print());
    let known =
        select(vec![Bytes::new(), error("NotRegistered"), error("LoginFailed")]).prop_map(Response::new);
    prop_oneof![6 => known, 1 => suite::response()]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_telephony_end_keeps_the_contract(steps in suite::steps(callout(), suite::response(), 120)) {
        suite::check(telephony, TelephonySession::held, 2_000, &steps);
    }

    #[test]
    fn the_desk_end_keeps_the_contract(steps in suite::steps(event(), reply(), 120)) {
        suite::check(desk, DeskSession::held, 2_000, &steps);
    }

    #[test]
    fn any_query_is_read_or_refused(query in "(FunctionName=(Register|Login|MakeCall|DialCanonical)&?)?[ -~]{0,120}") {
        if let Ok(callout) = Callout::parse(&query) {
            let target = callout.target();
            let read = Callout::parse(target.split_once('?').unwrap().1);
            prop_assert_eq!(read, Ok(callout));
        }
        redact(&query);
    }

    #[test]
    fn a_callout_is_read_back(teleset in "[!-~é]{1,20}", dial_string in "\\PC{1,40}", queue in "\\PC{1,20}") {
        let line = AgentLine { teleset: teleset.into(), agent: "7001".into() };
        let password = Secret::new(dial_string.clone());
        for callout in [
            Callout::MakeCall { line: line.clone(), dial_string },
            Callout::Login { line, password, queue: Some(queue.into()) },
        ] {
            let target = callout.target();
            prop_assert!(target.parse::<http::Uri>().is_ok());
            prop_assert_eq!(Callout::parse(target.split_once('?').unwrap().1), Ok(callout));
        }
    }

    #[test]
    fn an_event_is_read_back(source in "[A-Za-z0-9._:-]{1,64}", ani in "[0-9]{0,20}", pairs in vec(("[a-zA-Z_]{1,20}", "\\PC{0,40}"), 0..6)) {
        let mut data: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            if !data.iter().any(|(known, _)| *known == name) {
                data.push((name, value));
            }
        }
        for event in [
            Event::CallReleased(source.clone()),
            Event::Other { name: "Held".into(), data: data.clone() },
            Event::ScreenPop(ScreenPop { source, ani, dnis: "70001".into(), data }),
        ] {
            prop_assert_eq!(Event::parse(event.print().as_bytes()), Ok(vec![event]));
        }
    }

    #[test]
    fn any_bytes_are_an_event_or_not(bytes in vec(any::<u8>(), 0..300), status in 100..600_u16) {
        let _ = Event::parse(&bytes);
        Reply::parse(&Response::builder().status(status).body(Bytes::from(bytes)).unwrap());
    }

    #[test]
    fn a_changed_event_is_an_event_or_not(at in 0..200_usize, byte in any::<u8>()) {
        let pop = ScreenPop { source: "c-1".into(), ani: "1".into(), dnis: "2".into(), data: vec![("n".into(), "&".into())] };
        let mut bytes = Event::ScreenPop(pop).print().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = Event::parse(&bytes);
    }
}
