//! The telephony end: as docs/protocols/uwq.md describes it (uwq.md §4, §5, §6).
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use crate::support;

use std::time::Duration;

use bytes::Bytes;
use cordboard_uwq::{AniFormat, Dnis, Error, Mapping, PopOn, TelephonyConfig};
use http::Request;
use model::{
    AgentEvent, AgentState, Code, ConversationEvent, ConversationState, DetailEvent, Event, FloorEvent,
    InteractionId, Leg, PartyKind, QueueId, Verb,
};
use session::{FromHub, Session};
use uuid::Uuid;

use support::*;

fn config() -> TelephonyConfig {
    TelephonyConfig::default()
}

#[test]
fn each_callout_is_done() {
    let mut phone = Softphone::new(config());
    for query in [
        REGISTER,
        LOGIN,
        "FunctionName=CheckStatus",
        &format!("FunctionName=Ready&{LINE}"),
        &format!("FunctionName=NotReady&{LINE}"),
        &format!("FunctionName=MakeCall&{LINE}&dialString=16505067000"),
        &format!("FunctionName=DialCanonical&{LINE}&dialString=+16505067000"),
        &format!("FunctionName=Logout&{LINE}&agentPassword=1234&agentQueue=7700"),
        &format!("FunctionName=Unregister&{LINE}"),
    ] {
        assert_eq!(phone.get(query), "", "{query}");
    }
    let dialled = phone.commands.iter().filter_map(|command| match &command.verb {
        Verb::Dial { to, .. } => Some(to.as_str()),
        _ => None,
    });
    assert_eq!(dialled.collect::<Vec<_>>(), ["16505067000", "+16505067000"]);
    assert_eq!(
        phone.commands[0].verb,
        Verb::SignIn { device: Some(device(1)), queues: Some(vec![QueueId::new("7700").unwrap()]) }
    );
    let words = ["sign-in", "ready", "not-ready", "dial", "dial", "sign-out"];
    assert_eq!(phone.verbs(), words.map(|word| format!("1001 {word}")));
}

#[test]
fn the_parts_of_a_canonical_number_are_put_together() {
    let mut phone = Softphone::logged_in(config());
    phone.get(&format!("FunctionName=DialCanonical&{LINE}&countryCode=1&areaCode=650&phoneNumber=5067000"));
    assert!(matches!(&phone.commands[0].verb, Verb::Dial { to, .. } if to.as_str() == "+16505067000"));
}

#[test]
fn each_missing_parameter_has_its_token() {
    let mut phone = Softphone::new(config());
    for (query, token) in [
        ("FunctionName=Register&agentID=7001&ipAddress=127.0.0.1&port=1", "ExtensionNotSpecified"),
        ("FunctionName=Register&telesetNumber=70001&ipAddress=127.0.0.1&port=1", "AgentACDIdNotSpecified"),
        ("FunctionName=Register&telesetNumber=70001&agentID=7001&port=1", "InvalidParameter"),
        ("FunctionName=Register&telesetNumber=70001&agentID=7001&ipAddress=127.0.0.1", "InvalidParameter"),
        ("FunctionName=Register&telesetNumber=70001&agentID=7001&ipAddress=here&port=1", "InvalidParameter"),
        (
            "FunctionName=Register&telesetNumber=70001&agentID=7001&ipAddress=127.0.0.1&port=0",
            "InvalidParameter",
        ),
        (
            "FunctionName=Register&telesetNumber=70001&agentID=7001&ipAddress=127.0.0.1&port=65536",
            "InvalidParameter",
        ),
        ("FunctionName=Login&telesetNumber=70001&agentID=7001", "LoginFailed"),
        ("FunctionName=MakeCall&telesetNumber=70001&agentID=7001&dialString=", "InvalidParameter"),
        ("FunctionName=Ready&telesetNumber=%ff&agentID=7001", "InvalidParameter"),
        ("FunctionName=Hold&telesetNumber=70001&agentID=7001", "UnknownFunction"),
        ("FunctionName=", "UnknownFunction"),
    ] {
        assert_eq!(phone.token(query), token, "{query}");
    }
}

#[test]
fn each_state_has_its_token() {
    let mut phone = Softphone::new(config());
    let make_call = format!("FunctionName=MakeCall&{LINE}&dialString=1");
    assert_eq!(phone.token("FunctionName=CheckStatus"), "NotRegistered");
    for function in ["Login", "Logout", "Ready", "NotReady"] {
        let query = format!("FunctionName={function}&{LINE}&agentPassword=1234");
        assert_eq!(phone.token(&query), "NotRegistered", "{query}");
    }
    assert_eq!(phone.token(&make_call), "NotRegistered");
    assert_eq!(phone.get(&format!("FunctionName=Unregister&{LINE}")), "");
    phone.get(REGISTER);
    for query in
        [format!("FunctionName=Ready&{LINE}"), format!("FunctionName=NotReady&{LINE}"), make_call.clone()]
    {
        assert_eq!(phone.token(&query), "NotLoggedIn", "{query}");
    }
    assert_eq!(phone.get(&format!("FunctionName=Logout&{LINE}")), "");
    assert_eq!(phone.token("FunctionName=Ready&telesetNumber=70001&agentID=7002"), "AgentMismatch");
    assert_eq!(phone.token(&LOGIN.replace("1234", "12345")), "LoginFailed");
    assert_eq!(phone.token(&LOGIN.replace("7700", "7799")), "LoginFailed");
    assert!(phone.commands.is_empty());
    phone.get(LOGIN);
    assert_eq!(phone.token(&make_call.replace("dialString=1", "dialString=abc")), "InvalidParameter");
}

#[test]
fn what_the_hub_rejects_has_a_token() {
    let mut phone = Softphone::logged_in(config());
    for (code, ready, dial) in [
        (Code::WrongState, "InvalidState", "InvalidState"),
        (Code::NotSignedIn, "NotLoggedIn", "NotLoggedIn"),
        (Code::NumberRefused, "NotAllowed", "NotAllowed"),
        (Code::SwitchRefused, "CallFailed", "CallFailed"),
        (Code::Internal, "UnexpectedError", "UnexpectedError"),
    ] {
        phone.rejects = Some(code);
        assert_eq!(phone.token(&format!("FunctionName=Ready&{LINE}")), ready);
        assert_eq!(phone.token(&format!("FunctionName=MakeCall&{LINE}&dialString=1")), dial);
    }
    for code in [Code::DeviceInUse, Code::NotFound] {
        phone.rejects = Some(code);
        assert_eq!(phone.token(LOGIN), "LoginFailed");
    }
}

#[test]
fn a_second_call_waits_until_the_first_is_set_up() {
    let mut phone = Softphone::logged_in(config());
    let request = || {
        let target = format!("/?FunctionName=MakeCall&{LINE}&dialString=1");
        Request::get(target).body(Bytes::new()).unwrap()
    };
    phone.bench.request(phone.from, request());
    phone.bench.request(phone.from, request());
    assert!(phone.bench.transcript().iter().any(|message| message.contains("InvalidState")));
    phone.pump();
    assert_eq!(phone.verbs(), ["1001 dial"]);
    assert_eq!(phone.send(request()).body(), &Bytes::new());
}

#[test]
fn names_are_read_in_any_case_and_order() {
    let mut phone = Softphone::new(config());
    phone
        .get("agentid=7001&TELESETNUMBER=70001&port=8888&functionname=register&ipAddress=127.0.0.1&extra=1&");
    phone.get("FunctionName=UnRegister&telesetNumber=70001&agentID=7001");
    assert_eq!(phone.bench.session().registrations(), 0);
}

#[test]
fn with_an_authority_for_the_listeners_events_are_encrypted() {
    let config = TelephonyConfig { tls_ca: Some("ca.pem".into()), ..config() };
    let mut phone = Softphone::logged_in(config);
    phone.event(rings(1, 1));
    assert_eq!(phone.posts[0].0, "https://127.0.0.1:8888/");
}

#[test]
fn the_printed_register_is_understood() {
    for glue in ["%20", "+"] {
        let mut phone = Softphone::logged_in(config());
        phone.get(&format!("{REGISTER}{glue}telesetNumber=70002&"));
        phone.event(rings(1, 1));
        assert_eq!(phone.posts[0].0, "http://127.0.0.1:8888/", "{glue}");
    }
}

#[test]
fn a_dial_string_is_decoded() {
    let mut phone = Softphone::logged_in(config());
    for written in ["1%20650%20506-7000", "1+650+(506)+7000", "1%c2%a0650%c2%a05067000"] {
        phone.get(&format!("FunctionName=MakeCall&{LINE}&dialString={written}"));
        let command = phone.commands.pop().unwrap();
        assert!(matches!(&command.verb, Verb::Dial { to, .. } if to.as_str() == "16505067000"), "{written}");
    }
}

#[test]
fn registered_again_the_events_go_to_the_other_port_and_live_calls_are_announced() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    phone.events_sent();
    phone.commands.clear();
    assert_eq!(phone.get(&REGISTER.replace("8888", "9999")), "");
    assert!(phone.posts.is_empty() && phone.commands.is_empty(), "it has proven nothing");
    assert_eq!(phone.get(LOGIN), "");
    let to: Vec<&str> = phone.posts.iter().map(|(uri, _)| &uri[17..21]).collect();
    assert_eq!(to, ["8888", "9999", "9999"]);
    assert_eq!(phone.events_sent(), ["CallReleased 1", "ScreenPop 1 again", "CallEstablished 1"]);
    assert_eq!(phone.verbs(), ["1001 sign-in"], "the agent stays signed in and is not made not ready again");
    assert_eq!(phone.bench.session().registrations(), 1);
    phone.event(closes(1, 1));
    assert_eq!(phone.events_sent(), ["CallReleased 1"]);
    assert_eq!(phone.get(&format!("FunctionName=Ready&{LINE}")), "");
}

#[test]
fn a_login_is_not_kept_for_another_machine_or_agent() {
    let mut phone = Softphone::logged_in(config());
    phone.from = "10.0.0.9:1".parse().unwrap();
    for query in
        [format!("FunctionName=Ready&{LINE}"), format!("FunctionName=Unregister&{LINE}"), LOGIN.to_owned()]
    {
        assert_eq!(phone.token(&query), "NotAllowed", "{query}");
    }
    assert_eq!(phone.token("FunctionName=CheckStatus"), "NotRegistered");
    assert_eq!(phone.get(&REGISTER.replace("127.0.0.1", "10.0.0.9")), "");
    assert_eq!(phone.token(&format!("FunctionName=Ready&{LINE}")), "NotLoggedIn");
    phone.event(rings(1, 1));
    assert_eq!(phone.posts[0].0, "http://127.0.0.1:8888/");
    phone.get(LOGIN);
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallReleased 1", "ScreenPop 1 again"]);
    phone.commands.clear();
    let second = "telesetNumber=70001&agentID=7002";
    phone.get(&format!("FunctionName=Register&{second}&ipAddress=10.0.0.9&port=1"));
    assert!(phone.commands.is_empty());
    assert_eq!(phone.token(&format!("FunctionName=Login&{second}&agentPassword=wrong")), "LoginFailed");
    assert!(phone.commands.is_empty());
    phone.get(&format!("FunctionName=Login&{second}&agentPassword=1234"));
    assert_eq!(phone.verbs(), ["1001 sign-out", "1002 sign-in"], "the phone changes hands at one machine");
    assert_eq!(phone.bench.session().registrations(), 1);
}

#[test]
fn an_agent_is_registered_at_one_phone_only() {
    let mut phone = Softphone::logged_in(config());
    phone.get(&REGISTER.replace("70001", "70009"));
    assert!(phone.commands.is_empty());
    assert_eq!(phone.get(&format!("FunctionName=Ready&{LINE}")), "");
    phone.get(&LOGIN.replace("70001", "70009"));
    assert_eq!(phone.verbs(), ["1001 ready", "1001 sign-in"]);
    assert_eq!(phone.bench.session().registrations(), 1);
    assert_eq!(phone.token(&format!("FunctionName=Ready&{LINE}")), "NotRegistered");
}

#[test]
fn who_registers_without_the_password_harms_nobody() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.events_sent();
    phone.commands.clear();
    phone.from = "10.0.0.9:1".parse().unwrap();
    let stranger = REGISTER.replace("127.0.0.1", "10.0.0.9");
    for teleset in ["70001", "70002", "70009"] {
        assert_eq!(phone.get(&stranger.replace("70001", teleset)), "");
        let login = LOGIN.replace("70001", teleset).replace("1234", "guess");
        assert_eq!(phone.token(&login), "LoginFailed");
        phone.get(&format!("FunctionName=Unregister&{}", LINE.replace("70001", teleset)));
    }
    assert_eq!(phone.get(&stranger), "");
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    assert!(phone.commands.is_empty());
    assert!(phone.posts.iter().all(|(uri, _)| uri == "http://127.0.0.1:8888/"));
    assert_eq!(phone.events_sent(), ["CallEstablished 1"]);
    phone.from = "127.0.0.1:50001".parse().unwrap();
    assert_eq!(phone.get(&format!("FunctionName=Ready&{LINE}")), "");
}

#[test]
fn the_password_moves_an_agent_to_another_machine() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.events_sent();
    phone.commands.clear();
    phone.from = "10.0.0.9:1".parse().unwrap();
    phone.get(&REGISTER.replace("127.0.0.1", "10.0.0.9"));
    phone.get(LOGIN);
    let to: Vec<&str> = phone.posts.iter().map(|(uri, _)| uri.as_str()).collect();
    assert_eq!(to, ["http://127.0.0.1:8888/", "http://10.0.0.9:8888/"]);
    assert_eq!(phone.events_sent(), ["CallReleased 1", "ScreenPop 1 again"]);
    assert_eq!(phone.verbs(), ["1001 sign-in"]);
    phone.from = "127.0.0.1:50001".parse().unwrap();
    assert_eq!(phone.token(&format!("FunctionName=Ready&{LINE}")), "NotAllowed");
    assert_eq!(phone.token("FunctionName=CheckStatus"), "NotRegistered");
}

#[test]
fn a_client_that_crashed_and_logs_in_again_at_its_port_goes_on_at_once() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.events_sent();
    phone.get(REGISTER);
    phone.get(LOGIN);
    assert_eq!(
        phone.events_sent(),
        ["ScreenPop 1 again"],
        "a call that goes on is not released at the same listener"
    );
    assert_eq!(phone.get(&format!("FunctionName=Ready&{LINE}")), "");
    phone.pass(Duration::from_secs(125));
    assert_eq!(phone.bench.session().registrations(), 1);
    assert_eq!(phone.get(&format!("FunctionName=Ready&{LINE}")), "");
}

#[test]
fn a_listener_that_was_left_gets_what_is_on_its_way_first() {
    let mut phone = Softphone::logged_in(config());
    phone.listeners = Listeners::Slow;
    phone.event(rings(1, 1));
    phone.events_sent();
    phone.get(&REGISTER.replace("8888", "9999"));
    phone.get(LOGIN);
    assert_eq!(phone.events_sent(), ["ScreenPop 1 again"]);
    assert_eq!(phone.bench.session().registrations(), 2);
    phone.listeners = Listeners::Up;
    phone.bench.respond(phone.slow[0], http::Response::new(Bytes::new()));
    phone.pump();
    assert_eq!(phone.events_sent(), ["CallReleased 1"]);
    assert_eq!(phone.bench.session().registrations(), 1);
}

#[test]
fn a_registration_without_a_login_ends_soon_whatever_is_requested() {
    let mut phone = Softphone::new(config());
    phone.get(REGISTER);
    for _ in 0..11 {
        phone.pass(Duration::from_secs(10));
        assert_eq!(phone.get("FunctionName=CheckStatus"), "");
    }
    phone.pass(Duration::from_secs(10));
    assert_eq!(phone.token("FunctionName=CheckStatus"), "NotRegistered");
    assert_eq!(phone.token(LOGIN), "NotRegistered");
    assert_eq!(phone.bench.session().registrations(), 0);
    assert!(phone.bench.session().deadline().is_none());
}

#[test]
fn events_come_in_order_and_once() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.event(rings(1, 1));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    phone.event(becomes(1, 1, ConversationState::Held, true));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    phone.event(closes(1, 1));
    phone.event(closes(1, 1));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallEstablished 1", "CallReleased 1"]);
}

#[test]
fn a_call_that_nobody_answers_is_popped_and_released() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.event(closes(1, 1));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallReleased 1"]);
}

#[test]
fn a_pop_waits_for_the_directory_and_carries_its_answer() {
    let mut phone = Softphone::logged_in(config());
    let pending = |id, state| {
        let one = interaction(1, id, state, outside("+16505067000"));
        opened(model::Interaction { contact_pending: true, ..one })
    };
    phone.event(pending(1, ConversationState::Alerting));
    assert!(phone.events_sent().is_empty() && phone.commands.is_empty());
    phone.event(resolved(1, Some("900")));
    assert!(phone.posts[0].1.contains("name=\"CustomerID\" value=\"900\""), "{:?}", phone.posts);
    assert_eq!(phone.events_sent(), ["ScreenPop 1"]);
    phone.event(resolved(1, Some("901")));
    assert!(phone.events_sent().is_empty(), "it was popped");
    phone.event(closes(1, 1));
    assert_eq!(phone.events_sent(), ["CallReleased 1"]);

    phone.event(pending(2, ConversationState::Alerting));
    phone.event(becomes(1, 2, ConversationState::Talking, true));
    assert!(phone.events_sent().is_empty(), "an agent may be quicker than the directory");
    phone.event(resolved(2, None));
    assert_eq!(phone.events_sent(), ["ScreenPop 2", "CallEstablished 2"]);
    phone.event(closes(1, 2));
    phone.events_sent();

    phone.event(pending(3, ConversationState::Alerting));
    phone.event(closes(1, 3));
    phone.event(resolved(3, None));
    assert!(phone.events_sent().is_empty(), "the caller gave up before anything was said");
}

#[test]
fn a_call_of_the_agents_is_popped_when_it_rings_or_is_answered() {
    let mut phone = Softphone::logged_in(config());
    phone.event(dials(1, 1));
    assert!(phone.events_sent().is_empty());
    phone.event(becomes(1, 1, ConversationState::Dialing, true));
    assert_eq!(phone.events_sent(), ["ScreenPop 1"]);
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    assert_eq!(phone.events_sent(), ["CallEstablished 1"]);
    phone.event(dials(1, 2));
    phone.event(becomes(1, 2, ConversationState::Talking, false));
    assert_eq!(phone.events_sent(), ["ScreenPop 2", "CallEstablished 2"]);
    phone.event(dials(1, 3));
    phone.event(closes(1, 3));
    assert!(phone.events_sent().is_empty(), "it failed before it rang");
    assert!(phone.commands.is_empty(), "outbound calls do not make the agent not ready");
}

#[test]
fn a_consultation_has_a_pop_of_its_own() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    let mut consult = conversation(7, ConversationState::Dialing, PartyKind::Device(device(2)));
    consult.delivered = true;
    phone.event(Event::Conversation(ConversationEvent::Opened {
        agent: agent(1),
        interaction: InteractionId(Uuid::from_u128(1)),
        leg: Leg::Consult,
        conversation: Box::new(consult),
    }));
    assert!(phone.posts[2].1.contains("name=\"occtANI\" value=\"70002\""));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallEstablished 1", "ScreenPop 7"]);
}

#[test]
fn an_inbound_call_makes_the_agent_not_ready() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    assert!(phone.commands.len() == 1 && is_not_ready(&phone.commands[0], "after-call"));
    assert_eq!(phone.commands[0].by, principal(&agent(1)));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    phone.event(closes(1, 1));
    assert_eq!(phone.verbs(), ["1001 not-ready"]);
    phone.get(&format!("FunctionName=Ready&{LINE}"));
    assert_eq!(phone.verbs(), ["1001 ready"]);
    let mut phone = Softphone::logged_in(TelephonyConfig { auto_not_ready: false, ..config() });
    phone.event(rings(1, 1));
    assert!(phone.commands.is_empty() && !phone.posts.is_empty());
}

#[test]
fn a_call_can_be_popped_when_it_is_answered() {
    let mut phone = Softphone::logged_in(TelephonyConfig { pop_on: PopOn::Answer, ..config() });
    phone.event(rings(1, 1));
    assert!(phone.events_sent().is_empty());
    let set = data(&[("ServiceRequestNum", "5")]);
    let interaction = InteractionId(Uuid::from_u128(1));
    phone.event(Event::Detail(DetailEvent::DataChanged {
        agent: agent(1),
        interaction,
        set,
        unset: Vec::new(),
    }));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    assert!(phone.posts[0].1.contains("name=\"ServiceRequestNum\" value=\"5\""));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallEstablished 1"]);
}

#[test]
fn numbers_are_written_as_configured() {
    let mut phone =
        Softphone::logged_in(TelephonyConfig { ani: AniFormat::Plus, dnis: Dnis::Dialled, ..config() });
    phone.event(rings(1, 1));
    assert!(
        phone.posts[0].1.contains(r#""occtANI" value="+16505067000"/><data name="occtDNIS" value="7700""#)
    );
    phone.event(opened(interaction(1, 2, ConversationState::Alerting, PartyKind::Withheld)));
    assert!(phone.posts[1].1.contains(r#""occtANI" value="""#));
}

#[test]
fn a_mapping_cannot_send_what_only_ebs_may_set() {
    for name in ["MatchFlag", "SKEY_1", "uwq_x", "occtMediaItemID", "occtANI", "OCCTSOURCEID", "reannounce"] {
        let config = TelephonyConfig { mapping: vec![Mapping::new("a", name)], ..config() };
        let expected = Error::Forbidden { from: "a".into(), to: name.into() };
        assert_eq!(config.check_mapping(), Err(expected));
    }
    assert_eq!(config().check_mapping(), Ok(()));
}

#[test]
fn a_listener_that_is_down_is_tried_again_and_the_call_goes_on() {
    let mut phone = Softphone::logged_in(config());
    phone.listeners = Listeners::Down;
    phone.event(rings(1, 1));
    for pause in [500, 1_000, 2_000] {
        phone.pass(Duration::from_millis(pause - 1));
        assert_eq!(phone.events_sent(), ["ScreenPop 1"]);
        phone.pass(Duration::from_millis(1));
    }
    assert_eq!(phone.events_sent(), ["ScreenPop 1"]);
    phone.listeners = Listeners::Up;
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    phone.event(closes(1, 1));
    assert!(phone.events_sent().is_empty(), "nothing more is told of that call");
    assert_eq!(phone.verbs(), ["1001 not-ready"], "the call and the agent are left alone");
    phone.event(rings(1, 2));
    assert_eq!(phone.events_sent(), ["ScreenPop 2"]);
}

#[test]
fn a_listener_that_comes_back_in_time_gets_everything_in_order() {
    let mut phone = Softphone::logged_in(config());
    phone.listeners = Listeners::Down;
    phone.event(rings(1, 1));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    phone.events_sent();
    phone.listeners = Listeners::Up;
    phone.pass(Duration::from_millis(500));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallEstablished 1"]);
}

#[test]
fn an_event_that_may_have_been_read_is_not_sent_again_and_the_later_ones_are() {
    let later = ["ScreenPop 1", "CallEstablished 1", "CallReleased 1"];
    for (listeners, sent) in [(Listeners::Mute, &later[..]), (Listeners::Refuse, &later[..1])] {
        let mut phone = Softphone::logged_in(config());
        phone.listeners = listeners;
        phone.event(rings(1, 1));
        phone.listeners = Listeners::Up;
        phone.pass(Duration::from_secs(9));
        phone.event(becomes(1, 1, ConversationState::Talking, true));
        phone.event(closes(1, 1));
        assert_eq!(phone.events_sent(), sent, "{listeners:?}");
    }
}

#[test]
fn a_call_that_the_switch_refuses_is_a_failed_call() {
    let mut phone = Softphone::logged_in(config());
    let dial = format!("FunctionName=MakeCall&{LINE}&dialString=16505067000");
    phone.switch_answers = SwitchAnswers::Refuse;
    assert_eq!(phone.token(&dial), "CallFailed");
    phone.switch_answers = SwitchAnswers::Accept;
    assert_eq!(phone.get(&dial), "");
}

#[test]
fn a_call_that_the_switch_does_not_answer_for_is_accepted_in_time() {
    let mut phone = Softphone::logged_in(config());
    phone.switch_answers = SwitchAnswers::Nothing;
    phone.callout(&format!("FunctionName=MakeCall&{LINE}&dialString=16505067000"));
    phone.pass(Duration::from_millis(1_999));
    assert!(phone.last.is_none());
    phone.pass(Duration::from_millis(1));
    assert!(phone.last.take().unwrap().body().is_empty());
}

#[test]
fn a_slow_listener_has_one_event_on_its_way_and_delays_nobody() {
    let mut phone = Softphone::logged_in(config());
    let second = "telesetNumber=70002&agentID=7002";
    phone.get(&format!("FunctionName=Register&{second}&ipAddress=127.0.0.1&port=8889"));
    phone.get(&format!("FunctionName=Login&{second}&agentPassword=1234"));
    phone.listeners = Listeners::Slow;
    phone.event(rings(1, 1));
    phone.event(becomes(1, 1, ConversationState::Talking, true));
    assert_eq!(phone.events_sent(), ["ScreenPop 1"]);
    phone.listeners = Listeners::Up;
    phone.event(rings(2, 2));
    assert_eq!(phone.posts[0].0, "http://127.0.0.1:8889/");
    assert_eq!(phone.events_sent(), ["ScreenPop 2"]);
    let exchange = phone.slow[0];
    phone.bench.respond(exchange, http::Response::new(Bytes::new()));
    phone.pump();
    assert_eq!(phone.events_sent(), ["CallEstablished 1"]);
}

#[test]
fn the_queue_of_a_listener_is_bounded() {
    let mut phone = Softphone::logged_in(TelephonyConfig { auto_not_ready: false, ..config() });
    phone.listeners = Listeners::Slow;
    for call in 1..2_000 {
        phone.event(rings(1, call));
        phone.event(becomes(1, call, ConversationState::Talking, true));
        phone.event(closes(1, call));
    }
    assert!(phone.bench.session().held() < 3 * 256 + 10, "{}", phone.bench.session().held());
}

#[test]
fn a_silent_client_is_no_desk_and_is_dropped() {
    let mut phone = Softphone::logged_in(config());
    phone.pass(Duration::from_secs(149));
    assert!(phone.commands.is_empty());
    phone.get("FunctionName=CheckStatus");
    phone.pass(Duration::from_secs(149));
    assert!(phone.commands.is_empty());
    phone.pass(Duration::from_secs(1));
    assert_eq!(phone.desks_reported(), ["1001 has a desk", "1001 has none"]);
    phone.pass(Duration::from_secs(149));
    assert!(phone.commands.is_empty());
    phone.pass(Duration::from_secs(1));
    assert_eq!(phone.verbs(), ["1001 sign-out"]);
    assert_eq!(phone.bench.session().registrations(), 0);
    assert_eq!(phone.token("FunctionName=CheckStatus"), "NotRegistered");
    assert!(phone.bench.session().deadline().is_none());
}

#[test]
fn a_client_that_connects_again_is_a_desk_again_immediately() {
    let mut phone = Softphone::logged_in(config());
    phone.pass(Duration::from_secs(150));
    phone.get("FunctionName=CheckStatus");
    assert_eq!(phone.desks_reported(), ["1001 has a desk", "1001 has none", "1001 has a desk"]);
    phone.get(&format!("FunctionName=Logout&{LINE}&agentPassword=1234"));
    assert_eq!(phone.desks_reported(), ["1001 has none"]);
}

#[test]
fn a_desk_that_speaks_again_is_not_dropped() {
    let mut phone = Softphone::logged_in(config());
    phone.pass(Duration::from_secs(200));
    phone.get("FunctionName=CheckStatus");
    phone.pass(Duration::from_secs(149));
    assert_eq!(phone.desks_reported(), ["1001 has a desk", "1001 has none", "1001 has a desk"]);
    phone.get("FunctionName=CheckStatus");
    phone.pass(Duration::from_secs(149));
    assert_eq!(phone.bench.session().registrations(), 1);
}

#[test]
fn who_is_signed_out_elsewhere_has_to_log_in_again() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    let from_since = model::Timestamp(1);
    phone.event(Event::Agent(AgentEvent::SignedOut {
        agent: agent(1),
        from: AgentState::Ready,
        from_since,
        reason: None,
    }));
    assert_eq!(phone.token(&format!("FunctionName=Ready&{LINE}")), "NotLoggedIn");
    phone.event(closes(1, 1));
    phone.event(rings(1, 2));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallReleased 1"]);
}

#[test]
fn after_a_gap_nothing_is_sent_twice_and_what_is_gone_is_released() {
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.event(rings(1, 2));
    phone.events_sent();
    let talking = interaction(1, 2, ConversationState::Talking, outside("1"));
    let ringing = interaction(1, 3, ConversationState::Alerting, outside("1"));
    phone.hub(snapshot(vec![view(1, AgentState::Busy)], vec![talking, ringing], true));
    assert_eq!(phone.events_sent(), ["CallReleased 1", "CallEstablished 2", "ScreenPop 3"]);
}

#[test]
fn only_gets_of_the_root_are_callouts() {
    let mut phone = Softphone::logged_in(config());
    let mut send = |method: &str, target: &str| {
        let request = Request::builder().method(method).uri(target).body(Bytes::new()).unwrap();
        phone.send(request)
    };
    let refused = send("POST", "/?FunctionName=CheckStatus");
    assert_eq!((refused.status().as_u16(), refused.headers()["allow"].as_bytes()), (405, b"GET".as_slice()));
    assert!(
        std::str::from_utf8(refused.body()).unwrap().contains("a callout must be sent with GET, not POST")
    );
    assert_eq!(send("GET", "/other?FunctionName=CheckStatus").status(), 404);
    assert_eq!(send("GET", "/").status(), 400);
    assert_eq!(send("GET", "/?a=b").status(), 400);
    assert_eq!(send("GET", &format!("/?FunctionName=CheckStatus&x={}", "y".repeat(8_192))).status(), 414);
    assert_eq!(send("HEAD", "/?FunctionName=CheckStatus").status(), 200);
}

#[test]
fn a_login_that_was_not_looked_at_is_not_called_wrong() {
    use cordboard_uwq::wire::{Function, Refusal, Token};
    use model::{Code, Rejection};
    let message = |code| Refusal::of(Function::Login, &Rejection::new(code, "come again")).token;
    assert_eq!(message(Code::Overloaded), Token::UnexpectedError);
    assert_eq!(message(Code::Unauthenticated), Token::LoginFailed);
}

#[test]
fn events_go_only_to_the_caller_or_where_the_configuration_allows() {
    let mut phone =
        Softphone::new(TelephonyConfig { event_hosts: vec!["10.1.1.1".parse().unwrap()], ..config() });
    let register = |address: &str| REGISTER.replace("127.0.0.1", address);
    for address in ["127.0.0.1", "localhost", "127.9.9.9", "%3A%3A1", "%5B%3A%3A1%5D", "10.1.1.1"] {
        assert_eq!(phone.get(&register(address)), "", "{address}");
    }
    for address in ["10.1.1.2", "169.254.169.254", "0.0.0.0"] {
        assert_eq!(phone.token(&register(address)), "NotAllowed", "{address}");
    }
    phone.from = "[::ffff:10.0.0.5]:1".parse().unwrap();
    assert_eq!(phone.get(&register("10.0.0.5")), "");
    assert_eq!(phone.token(&register("127.0.0.1")), "NotAllowed", "our own services are not the caller's");
}

#[test]
fn registrations_are_bounded() {
    let mut phone = Softphone::new(TelephonyConfig { registrations_max: 3, ..config() });
    for index in 1..=3 {
        let line = format!("telesetNumber=7000{index}&agentID=700{index}");
        phone.get(&format!("FunctionName=Register&{line}&ipAddress=127.0.0.1&port=1"));
        phone.get(&format!("FunctionName=Login&{line}&agentPassword=1234"));
    }
    let another = REGISTER.replace("70001", "70009");
    assert_eq!(phone.token(&another), "NotAllowed", "those with a login stay");
    phone.get("FunctionName=Unregister&telesetNumber=70003&agentID=7003");
    assert_eq!(phone.get(&another), "");
    assert_eq!(phone.get(&REGISTER.replace("70001", "70008")), "", "one without a login gives way");
    assert_eq!(
        phone.token(&format!("FunctionName=Ready&{}", LINE.replace("70001", "70009"))),
        "NotRegistered"
    );
    assert_eq!(phone.get(&format!("FunctionName=Ready&{LINE}")), "");
}

#[test]
fn registrations_of_strangers_lock_nobody_out() {
    let mut phone = Softphone::logged_in(config());
    for machine in 1..=20 {
        phone.from = format!("10.0.0.{machine}:1").parse().unwrap();
        for index in 0..300 {
            let query = REGISTER.replace("70001", &format!("{machine}-{index}"));
            assert_eq!(phone.get(&query.replace("127.0.0.1", &format!("10.0.0.{machine}"))), "");
        }
        assert!(phone.bench.session().registrations() <= 256 * machine + 1);
    }
    assert_eq!(phone.bench.session().registrations(), 4_096);
    phone.from = "127.0.0.1:50001".parse().unwrap();
    assert_eq!(phone.get(&format!("FunctionName=Ready&{LINE}")), "");
    let second = "telesetNumber=70002&agentID=7002";
    assert_eq!(phone.get(&format!("FunctionName=Register&{second}&ipAddress=127.0.0.1&port=8889")), "");
    assert_eq!(phone.get(&format!("FunctionName=Login&{second}&agentPassword=1234")), "");
}

#[test]
fn an_agent_who_moves_on_the_floor_has_to_log_in_again() {
    let mut phone = Softphone::logged_in(config());
    let mut floor = session::suite::floor();
    floor.agents[0].acd_id = Some("7009".into());
    floor.agents[1].acd_id = Some("7001".into());
    phone.event(Event::Floor(FloorEvent::Changed { floor: std::sync::Arc::new(floor) }));
    phone.event(rings(2, 1));
    assert!(phone.posts.is_empty());
    assert_eq!(phone.token(&format!("FunctionName=Ready&{LINE}")), "NotLoggedIn");
    phone.get(LOGIN);
    assert_eq!(phone.events_sent(), ["ScreenPop 1 again"]);
}

#[test]
fn nothing_is_begun_before_the_start_and_after_the_end() {
    let session = cordboard_uwq::TelephonySession::new(config(), Uuid::nil()).unwrap();
    let mut bench = session::suite::TestBench::start(session);
    let request = || Request::get(format!("/?{REGISTER}")).body(Bytes::new()).unwrap();
    bench.request("127.0.0.1:1".parse().unwrap(), request());
    assert!(bench.transcript()[1].contains("503"), "{:?}", bench.transcript());
    let mut phone = Softphone::logged_in(config());
    phone.event(rings(1, 1));
    phone.hub(FromHub::Closing);
    phone.event(rings(1, 2));
    phone.event(closes(1, 1));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "CallReleased 1"]);
    assert_eq!(phone.send(request()).status(), 503);
}

#[test]
fn no_password_is_to_be_seen() {
    let mut phone = Softphone::new(config());
    phone.get(REGISTER);
    let secret = LOGIN.replace("1234", "s3cr3t");
    let request = Request::get(format!("/?{secret}")).body(Bytes::new()).unwrap();
    phone.bench.request(phone.from, request);
    assert!(!format!("{:?}", phone.bench).contains("s3cr3t"));
    assert!(!phone.bench.transcript().join("\n").contains("s3cr3t"));
}

#[test]
fn two_agents_work_side_by_side() {
    let mut phone = Softphone::logged_in(config());
    let second = "telesetNumber=70002&agentID=7002";
    phone.get(&format!("FunctionName=Register&{second}&ipAddress=127.0.0.1&port=8889"));
    phone.get(&format!("FunctionName=Login&{second}&agentPassword=1234"));
    phone.event(rings(1, 1));
    phone.event(rings(2, 2));
    phone.event(closes(1, 1));
    let to: Vec<&str> = phone.posts.iter().map(|(uri, _)| &uri[17..21]).collect();
    assert_eq!(to, ["8888", "8889", "8888"]);
    phone.get(&format!("FunctionName=Unregister&{second}"));
    phone.event(closes(2, 2));
    assert_eq!(phone.events_sent(), ["ScreenPop 1", "ScreenPop 2", "CallReleased 1"]);
}
