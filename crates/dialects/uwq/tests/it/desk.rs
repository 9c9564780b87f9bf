//! The desk end: as docs/protocols/uwq.md describes it (uwq.md §4, §5, §6).
#![allow(clippy::wildcard_enum_match_arm, reason = "the rest is a failure of the test")]

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use cordboard_uwq::{Credentials, DeskConfig, DeskSession, Error, wire::redact};
use http::{Request, Response};
use model::{
    AgentEvent, AgentId, AgentState, Cause, DeviceId, Event, Number, PartyKind, QueueId, Record, RequestId,
    Secret, Seq, SwitchAnswer, SwitchEvent, SwitchFeature, SwitchId, SwitchRequest, Timestamp, reason,
};
use session::{
    ConnectionReuse, Exchange, Failure, FromHub, Http, Output, ToHttp, ToHub,
    suite::{self, Step, TestBench},
};

/// A desk end, and a softphone that accepts everything by default.
struct World {
    bench: TestBench<DeskSession>,
    /// The callouts to the softphone, masked and shortened.
    callouts: Vec<String>,
    switch: Vec<SwitchEvent>,
    answers: Vec<SwitchAnswer>,
    /// The softphone's next answers, by the beginning of the function's name; by default success.
    results: Vec<(&'static str, Result<Response<Bytes>, Failure>)>,
    responses: Vec<Response<Bytes>>,
    held: Option<Exchange>,
    hold: bool,
    /// The agents that got a notice, and its text.
    notices: Vec<String>,
    /// How each function may use an open connection.
    kept: Vec<(String, ConnectionReuse)>,
}

impl World {
    fn new() -> Self {
        let credentials = |index| Credentials {
            acd_id: format!("700{index}").into(),
            password: Secret::new("s3cr3t"),
            queue: Some("7700".into()),
        };
        let agents = (1..=2).map(credentials).collect();
        let config = DeskConfig { agents, ..DeskConfig::default() };
        let desk = DeskSession::new(config, SwitchId::new("pbx").unwrap()).unwrap();
        let mut world = Self {
            bench: TestBench::start(desk),
            callouts: Vec::new(),
            switch: Vec::new(),
            answers: Vec::new(),
            results: Vec::new(),
            responses: Vec::new(),
            held: None,
            hold: false,
            notices: Vec::new(),
            kept: Vec::new(),
        };
        world.pump();
        let snapshot = model::Snapshot {
            seq: Seq(1),
            at: Timestamp(1),
            agents: Vec::new(),
            interactions: Vec::new(),
            queues: Vec::new(),
            switches: Vec::new(),
        };
        let floor = Arc::new(suite::floor());
        world.hub(FromHub::Snapshot { snapshot: Arc::new(snapshot), floor, resync: false });
        world
    }

    /// The first agent is signed in and ready, and nothing is recorded yet.
    fn ready() -> Self {
        let mut world = Self::new();
        world.sign_in(1);
        world.state(1, AgentState::Ready);
        world.callouts.clear();
        world.switch.clear();
        world
    }

    fn pump(&mut self) {
        loop {
            let outputs = self.bench.take();
            if outputs.is_empty() {
                return;
            }
            outputs.into_iter().for_each(|output| self.output(output));
        }
    }

    fn output(&mut self, output: Output<Http>) {
        match output {
            Output::Peer(ToHttp::Request { exchange, request, timeouts }) => {
                let target = redact(request.uri().path_and_query().unwrap().as_str()).into_owned();
                assert_eq!(request.uri().authority().unwrap().as_str(), "localhost:3107");
                let name = target.split(['=', '&']).nth(1).unwrap().to_owned();
                self.kept.push((name.clone(), timeouts.reuse));
                self.callouts.push(target.replace("/?FunctionName=", ""));
                if self.hold {
                    self.held = Some(exchange);
                    return;
                }
                let at = self.results.iter().position(|(start, _)| name.starts_with(start));
                match at.map(|at| self.results.remove(at).1).unwrap_or_else(|| Ok(Response::default())) {
                    Ok(response) => self.bench.respond(exchange, response),
                    Err(failure) => self.bench.fail(exchange, failure),
                }
            }
            Output::Peer(ToHttp::Response { response, .. }) => self.responses.push(response),
            Output::Hub(ToHub::Switch(event)) => self.switch.push(event),
            Output::Hub(ToHub::SwitchAnswer { answer, .. }) => self.answers.push(answer),
            Output::Hub(ToHub::Notice { agent, notice, .. }) => {
                self.notices.push(format!("{agent} {}", notice.text));
            }
            Output::Hub(ToHub::Subscribe) => {}
            Output::Hub(other) => panic!("a switch has no reason to say {other:?}"),
        }
    }

    fn hub(&mut self, callouts: FromHub) {
        self.bench.step(&Step::Hub(callouts));
        self.pump();
    }

    fn event(&mut self, event: Event) {
        self.hub(FromHub::Event(Arc::new(Record { seq: Seq(1), at: Timestamp(1), origin: None, event })));
    }

    fn sign_in(&mut self, index: u16) {
        let (switch, queues) = (SwitchId::new("pbx").unwrap(), vec![QueueId::new("7700").unwrap()]);
        self.event(Event::Agent(AgentEvent::SignedIn {
            agent: agent(index),
            device: device(index),
            switch,
            queues,
        }));
    }

    fn state(&mut self, index: u16, to: AgentState) {
        let from = AgentState::SignedOut;
        self.event(Event::Agent(AgentEvent::StateChanged {
            agent: agent(index),
            from,
            from_since: Timestamp(1),
            to,
            next: None,
        }));
    }

    fn sign_out(&mut self, index: u16) {
        let from = AgentState::Ready;
        self.event(Event::Agent(AgentEvent::SignedOut {
            agent: agent(index),
            from,
            from_since: Timestamp(1),
            reason: None,
        }));
    }

    fn pass(&mut self, seconds: u64) {
        self.bench.pass(Duration::from_secs(seconds));
        self.pump();
    }

    /// Posts an event and returns the status.
    fn post(&mut self, body: &str) -> u16 {
        let request = Request::post("/any").body(Bytes::from(body.to_owned())).unwrap();
        self.bench.request("127.0.0.1:9".parse().unwrap(), request);
        self.pump();
        self.responses.pop().unwrap().status().as_u16()
    }

    fn pop(&mut self, source: &str, ani: &str, dnis: &str) {
        assert_eq!(self.post(&pop(source, ani, dnis)), 200);
    }

    fn send_event(&mut self, name: &str, source: &str) {
        let body = format!(
            "<CCTSDK><event name='{name}'><data name='occtSourceID' value='{source}'/></event></CCTSDK>"
        );
        assert_eq!(self.post(&body), 200);
    }

    fn dial(&mut self, request: u64, to: &str) {
        let requested = SwitchRequest::MakeCall {
            device: device(1),
            to: Number::new(to).unwrap(),
            data: Default::default(),
        };
        self.hub(FromHub::Requested { request: RequestId(request), requested });
    }

    fn callouts(&mut self) -> Vec<String> {
        std::mem::take(&mut self.callouts)
    }

    /// The switch's events as `word call`.
    fn events(&mut self) -> Vec<String> {
        std::mem::take(&mut self.switch).iter().map(short).collect()
    }
}

fn short(event: &SwitchEvent) -> String {
    match event {
        SwitchEvent::LinkUp { calls, .. } => format!("up {}", calls.len()),
        SwitchEvent::LinkDown { .. } => "down".into(),
        SwitchEvent::Originated { call, .. } => format!("originated {call}"),
        SwitchEvent::Delivered(delivery) => format!("delivered {}", delivery.call),
        SwitchEvent::Established { call, at } => format!("established {call} {}", at.number().unwrap_or("-")),
        SwitchEvent::ConnectionCleared { call, at, cause } => {
            format!("cleared {call} {} {cause:?}", at.number().unwrap_or("-"))
        }
        SwitchEvent::Failed { call, cause, .. } => format!("failed {call} {cause:?}"),
        other => panic!("unexpected {other:?}"),
    }
}

fn pop(source: &str, ani: &str, dnis: &str) -> String {
    format!(
        "<CCTSDK><event name='ScreenPop'><data name='occtSourceID' value='{source}'/><data name='occtANI' value='{ani}'/>\
         <data name='occtDNIS' value='{dnis}'/><data name='ServiceRequestNum' value='5'/></event></CCTSDK>"
    )
}

fn error(token: &str) -> Result<Response<Bytes>, Failure> {
    Ok(Response::new(cordboard_uwq::wire::error_body(&format!("{token}: because"))))
}

fn refused() -> Result<Response<Bytes>, Failure> {
    Err(Failure::NotSent("refused".into()))
}

fn not_ready() -> AgentState {
    AgentState::NotReady { reason: reason::code(reason::UNSPECIFIED) }
}

fn agent(index: u16) -> AgentId {
    AgentId::new(format!("100{index}")).unwrap()
}

fn device(index: u16) -> DeviceId {
    DeviceId::new(format!("7000{index}")).unwrap()
}

const LINE: &str = "telesetNumber=70001&agentID=7001";

#[test]
fn the_agents_state_is_sent_step_by_step() {
    let mut world = World::new();
    assert_eq!(world.callouts(), ["CheckStatus"]);
    assert_eq!(world.events(), ["up 0"]);
    world.sign_in(1);
    assert_eq!(
        world.callouts(),
        [
            format!("Register&{LINE}&ipAddress=127.0.0.1&port=8888"),
            format!("Login&{LINE}&agentPassword=***&agentQueue=7700"),
        ]
    );
    for (state, callout) in [
        (AgentState::Ready, Some("Ready")),
        (AgentState::Busy, None),
        (AgentState::Ready, None),
        (not_ready(), Some("NotReady")),
        (AgentState::WrapUp, None),
        (AgentState::Ready, Some("Ready")),
    ] {
        world.state(1, state.clone());
        assert_eq!(
            world.callouts(),
            callout.map(|name| format!("{name}&{LINE}")).into_iter().collect::<Vec<_>>(),
            "{state:?}"
        );
    }
    world.sign_out(1);
    assert_eq!(
        world.callouts(),
        [format!("Logout&{LINE}&agentPassword=***&agentQueue=7700"), format!("Unregister&{LINE}")]
    );
    world.sign_in(3);
    assert!(world.callouts().is_empty(), "no credentials are configured for this one");
}

#[test]
fn after_an_inbound_call_ready_is_sent_again() {
    let mut world = World::ready();
    world.pop("c-1", "1", "70001");
    assert!(
        world.callouts().is_empty(),
        "the hub has not said that the agent is busy, and still nothing is sent"
    );
    world.state(1, AgentState::Busy);
    world.send_event("CallReleased", "c-1");
    world.state(1, not_ready());
    assert!(world.callouts().is_empty());
    world.state(1, AgentState::Ready);
    assert_eq!(world.callouts(), [format!("Ready&{LINE}")]);
}

#[test]
fn an_inbound_call_becomes_the_switchs_events() {
    let mut world = World::ready();
    world.pop("c-1", "16505067000", "70001");
    let SwitchEvent::Delivered(delivery) = &world.switch[0] else { panic!("{:?}", world.switch) };
    assert_eq!(delivery.at, PartyKind::Device(device(1)));
    assert_eq!(delivery.caller.at, PartyKind::Outside(Number::new("16505067000").unwrap()));
    assert_eq!(delivery.data.get("ServiceRequestNum"), Some("5"));
    world.send_event("CallEstablished", "c-1");
    world.send_event("CallReleased", "c-1");
    assert_eq!(
        world.events(),
        [
            "delivered c-1",
            "established c-1 70001",
            "cleared c-1 16505067000 Normal",
            "cleared c-1 70001 Normal"
        ]
    );
    world.pop("c-2", "", "70001");
    world.send_event("CallReleased", "c-2");
    assert_eq!(world.events(), ["delivered c-2", "cleared c-2 - Abandoned", "cleared c-2 70001 Abandoned"]);
}

#[test]
fn what_comes_twice_or_late_changes_nothing() {
    let mut world = World::ready();
    world.send_event("CallEstablished", "c-1");
    assert!(world.events().is_empty());
    world.pop("c-1", "1", "70001");
    assert_eq!(world.events(), ["delivered c-1", "established c-1 70001"]);
    world.pop("c-1", "1", "70001");
    world.send_event("CallEstablished", "c-1");
    assert!(world.events().is_empty());
    world.send_event("CallReleased", "c-1");
    world.send_event("CallReleased", "c-1");
    world.pop("c-1", "1", "70001");
    world.send_event("CallEstablished", "c-1");
    assert_eq!(world.events(), ["cleared c-1 1 Normal", "cleared c-1 70001 Normal"]);
    world.send_event("CallReleased", "c-2");
    world.pop("c-2", "1", "70001");
    assert!(world.events().is_empty());
}

#[test]
fn a_call_that_was_requested_is_reported_as_outgoing() {
    let mut world = World::ready();
    world.dial(1, "+1 650 506 7000");
    world.dial(1, "+1 650 506 7000");
    assert_eq!(world.callouts(), [format!("MakeCall&{LINE}&dialString=%2B16505067000")]);
    assert_eq!(world.answers, [SwitchAnswer::Done { call: None }, SwitchAnswer::Done { call: None }]);
    world.pop("c-1", "916505067000", "70001");
    world.send_event("CallEstablished", "c-1");
    assert_eq!(world.events(), ["originated c-1", "delivered c-1", "established c-1 916505067000"]);
    world.send_event("CallReleased", "c-1");
    assert_eq!(world.events(), ["cleared c-1 916505067000 Normal", "cleared c-1 70001 Normal"]);
    world.dial(2, "5551");
    world.pop("c-2", "7", "70001");
    world.pop("c-3", "5551", "70001");
    world.send_event("CallReleased", "c-3");
    assert_eq!(world.events(), ["delivered c-2", "originated c-3", "delivered c-3", "failed c-3 NoAnswer"]);
    world.dial(3, "5551");
    world.pass(61);
    world.pop("c-4", "5551", "70001");
    assert_eq!(world.events(), ["delivered c-4"]);
}

#[test]
fn a_call_that_is_refused_is_answered_so() {
    let mut world = World::new();
    world.dial(1, "1");
    world.sign_in(1);
    world.results = vec![
        ("MakeCall", error("InvalidParameter")),
        ("MakeCall", error("CallFailed")),
        ("MakeCall", refused()),
    ];
    (2..5).for_each(|request| world.dial(request, "1"));
    world.hub(FromHub::Requested {
        request: RequestId(6),
        requested: SwitchRequest::GenerateDigits {
            call: model::CallId::new("x").unwrap(),
            device: device(1),
            tones: model::Digits::new("1").unwrap().into(),
        },
    });
    let causes = world.answers.iter().map(|answer| match answer {
        SwitchAnswer::Refused { cause, .. } => *cause,
        SwitchAnswer::Done { .. } => panic!("{answer:?}"),
    });
    let expected = [Cause::Failed, Cause::InvalidNumber, Cause::Failed, Cause::Failed, Cause::Failed];
    assert_eq!(causes.collect::<Vec<_>>(), expected);
}

#[test]
fn one_callout_is_on_its_way_at_a_time() {
    let mut world = World::new();
    world.callouts();
    world.hold = true;
    world.sign_in(1);
    world.sign_in(2);
    world.dial(1, "1");
    assert_eq!(world.callouts().len(), 1);
    world.hold = false;
    let held = world.held.take().unwrap();
    world.bench.respond(held, Response::default());
    world.pump();
    let names: Vec<String> = world
        .callouts()
        .iter()
        .map(|callouts| callouts.split("&agentID").next().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "Login&telesetNumber=70001",
            "Register&telesetNumber=70002",
            "Login&telesetNumber=70002",
            "MakeCall&telesetNumber=70001"
        ]
    );
}

#[test]
fn two_failures_take_the_link_down_and_the_first_answer_brings_it_back() {
    let mut world = World::ready();
    world.pop("c-1", "1", "70001");
    world.events();
    world.results = vec![
        ("CheckStatus", refused()),
        ("CheckStatus", error("UnexpectedError")),
        ("CheckStatus", refused()),
    ];
    world.pass(30);
    assert!(world.events().is_empty());
    world.pass(5);
    assert_eq!(world.events(), ["down"]);
    world.dial(1, "1");
    assert!(matches!(world.answers[0], SwitchAnswer::Refused { .. }));
    world.pass(5);
    world.callouts();
    world.pass(5);
    assert_eq!(world.events(), ["up 1"]);
    let names: Vec<String> =
        world.callouts().iter().map(|callouts| callouts.split('&').next().unwrap().to_owned()).collect();
    assert_eq!(
        names,
        ["CheckStatus", "Register", "Login"],
        "the agent has a call: ready is not said before it ends"
    );
}

#[test]
fn a_softphone_that_was_started_again_gets_everything_again() {
    let mut world = World::ready();
    world.pop("c-1", "1", "70001");
    world.pop("c-2", "2", "70001");
    world.events();
    world.results = vec![("CheckStatus", error("NotRegistered"))];
    world.pass(30);
    let names: Vec<String> =
        world.callouts().iter().map(|callouts| callouts.split('&').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["CheckStatus", "Register", "Login"]);
    assert_eq!(
        world.post(
            &pop("c-2", "2", "70001").replace("</event>", "<data name='reannounce' value='true'/></event>")
        ),
        200
    );
    assert!(world.events().is_empty());
    world.pass(10);
    assert_eq!(world.events(), ["cleared c-1 1 Lost", "cleared c-1 70001 Lost"]);
}

#[test]
fn a_softphone_that_has_lost_one_agent_gets_all_and_has_to_announce_its_calls() {
    let mut world = World::ready();
    world.sign_in(2);
    world.pop("c-1", "1", "70002");
    world.callouts();
    world.events();
    world.results = vec![("NotReady", error("NotRegistered"))];
    world.state(1, not_ready());
    let callouts = world.callouts();
    let again = |name: &str, index: u16| {
        callouts.iter().any(|callouts| callouts.starts_with(&format!("{name}&telesetNumber=7000{index}&")))
    };
    for index in [1, 2] {
        assert!(again("Register", index) && again("Login", index), "{callouts:?}");
    }
    assert!(world.events().is_empty());
    world.pass(10);
    assert_eq!(world.events(), ["cleared c-1 1 Lost", "cleared c-1 70002 Lost"]);
}

#[test]
fn an_agent_who_is_logged_in_again_has_the_calls_that_the_softphone_announces() {
    let mut world = World::ready();
    for call in ["c-1", "c-2"] {
        world.pop(call, "1", "70001");
    }
    world.results = vec![("Ready", error("NotLoggedIn"))];
    world.state(1, AgentState::Ready);
    world.pop("c-2", "1", "70001");
    world.events();
    world.pass(10);
    assert_eq!(world.events(), ["cleared c-1 1 Lost", "cleared c-1 70001 Lost"]);
}

#[test]
fn an_agent_whom_a_colleague_has_called_in_vain_rings_no_longer() {
    let mut world = World::ready();
    world.sign_in(2);
    world.dial(1, "70002");
    world.pop("c-1", "70002", "70001");
    world.events();
    world.send_event("CallReleased", "c-1");
    assert_eq!(world.events(), ["cleared c-1 70002 NoAnswer", "failed c-1 NoAnswer"]);
}

#[test]
fn a_call_that_was_given_up_comes_back_when_it_is_announced_again() {
    let mut world = World::ready();
    world.pop("c-1", "1", "70001");
    world.results = vec![("Ready", error("NotLoggedIn"))];
    world.state(1, AgentState::Ready);
    world.pass(10);
    world.events();
    world.pop("c-1", "1", "70001");
    assert!(world.events().is_empty(), "it is late");
    let again = pop("c-1", "1", "70001").replace("ServiceRequestNum", "reannounce");
    assert_eq!(world.post(&again), 200);
    assert_eq!(world.events().len(), 1);
}

#[test]
fn an_agent_whom_the_softphone_has_logged_out_is_logged_in_again() {
    let mut world = World::ready();
    world.results = vec![("NotReady", error("NotLoggedIn"))];
    world.state(1, not_ready());
    let callouts = world.callouts();
    let names: Vec<&str> = callouts.iter().map(|callouts| callouts.split('&').next().unwrap()).collect();
    assert_eq!(names, ["NotReady", "Login"]);
    assert!(world.events().is_empty(), "nobody is refused");
}

#[test]
fn an_agent_who_was_forgotten_is_registered_again_but_not_for_ever() {
    let mut world = World::ready();
    world.results = (0..50).map(|_| ("NotReady", error("NotRegistered"))).collect();
    world.results.extend((0..50).map(|_| ("Login", error("NotRegistered"))));
    world.state(1, not_ready());
    assert!(world.callouts().len() < 12);
    world.results.clear();
    world.state(1, AgentState::Ready);
    let names: Vec<String> =
        world.callouts().iter().map(|callouts| callouts.split('&').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["Register", "Login", "Ready"]);
}

#[test]
fn a_login_that_is_refused_is_not_tried_again_by_itself() {
    let mut world = World::new();
    world.results = vec![("Login", error("LoginFailed"))];
    world.sign_in(1);
    world.callouts();
    world.pass(30);
    assert_eq!(world.callouts(), ["CheckStatus"]);
    world.sign_out(1);
    world.sign_in(1);
    assert_eq!(world.callouts().len(), 3, "unregister, register and login");
}

#[test]
fn a_refused_login_is_reported_and_tried_again_on_request() {
    let mut world = World::new();
    world.results = vec![("Login", error("LoginFailed"))];
    world.sign_in(1);
    let sent: Vec<_> = world.switch.drain(..).filter(|event| is_refusal(event, 1)).collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    world.callouts();
    let state = |word| AgentState::NotReady { reason: reason::code(word) };
    world.state(1, state(reason::PHONE_REFUSED));
    assert!(world.callouts().is_empty(), "the effect of a refusal does not start another attempt");
    world.state(1, state(reason::SIGNED_IN));
    assert_eq!(world.callouts().len(), 1, "login");
}

#[test]
fn an_agent_whom_the_configuration_lacks_is_refused() {
    let mut world = World::new();
    world.sign_in(3);
    assert!(world.switch.iter().any(|event| is_refusal(event, 3)), "{:?}", world.switch);
    world.switch.clear();
    world.state(3, AgentState::Busy);
    assert!(world.switch.is_empty());
    world.state(3, AgentState::Ready);
    assert!(world.switch.iter().any(|event| is_refusal(event, 3)), "{:?}", world.switch);
}

fn is_refusal(event: &SwitchEvent, index: u16) -> bool {
    matches!(event, SwitchEvent::AgentRefused { agent: refused, .. } if *refused == agent(index))
}

#[test]
fn a_step_that_fails_waits_for_the_softphone() {
    let mut world = World::new();
    world.callouts();
    world.results = vec![("Register", Ok(Response::builder().status(503).body(Bytes::new()).unwrap()))];
    world.sign_in(1);
    assert_eq!(world.callouts().len(), 1);
    world.pass(5);
    assert_eq!(world.callouts().len(), 3, "check status, register, login");
}

#[test]
fn what_the_softphone_does_not_answer_is_requested_again_later_and_later() {
    let closed = || Err(Failure::NoAnswer("connection closed".into()));
    let mut world = World::new();
    world.callouts();
    world.results = (0..4).map(|_| ("Login", closed())).collect();
    world.sign_in(1);
    assert_eq!(
        world.notices,
        ["1001 the softphone did not answer Login (connection closed); Cordboard will try again"]
    );
    world.callouts();
    let mut tries = vec![0];
    for second in 1..120 {
        world.pass(1);
        let logins = world.callouts().iter().filter(|callouts| callouts.starts_with("Login")).count();
        tries.extend(std::iter::repeat_n(second, logins));
    }
    assert_eq!(tries, [0, 5, 10, 25, 55], "5 s is how often the softphone is asked whether it lives");
    assert_eq!(world.notices.len(), 1);
    world.results = vec![("Ready", closed())];
    world.state(1, AgentState::Ready);
    assert_eq!(world.notices.len(), 2, "it had answered in between");
    world.pass(6);
    assert!(world.callouts().iter().any(|callouts| callouts.starts_with("Ready")));
}

#[test]
fn what_an_agent_requests_is_not_held_back() {
    let mut world = World::new();
    world.results = vec![
        ("Login", Err(Failure::NoAnswer("closed".into()))),
        ("Login", Err(Failure::NoAnswer("closed".into()))),
        ("Login", Err(Failure::NoAnswer("closed".into()))),
    ];
    world.sign_in(1);
    world.pass(5);
    world.pass(5);
    world.callouts();
    world.state(1, AgentState::Ready);
    world.pass(5);
    let callouts = world.callouts();
    assert!(callouts.iter().any(|callouts| callouts.starts_with("Login")), "{callouts:?}");
}

#[test]
fn a_call_is_never_requested_on_a_kept_connection() {
    let mut world = World::ready();
    world.dial(1, "16505067000");
    world.sign_out(1);
    world.pass(30);
    for (name, kept) in &world.kept {
        let expected = if name == "MakeCall" { ConnectionReuse::Avoid } else { ConnectionReuse::Resend };
        assert_eq!(*kept, expected, "{name}");
    }
    let names: std::collections::BTreeSet<&str> = world.kept.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains("MakeCall") && names.contains("Unregister"), "{names:?}");
}

#[test]
fn events_are_read_leniently() {
    let mut world = World::ready();
    let pretty = "<?xml version=\"1.0\"?>\n<CCTSDK>\n  <event\n name=\"ScreenPop\">\n <data name=\"occtSourceID\"\n value=\" c-1 \"/>\
        <data name='occtANI' value='1'/><data name='occtANI' value='2'/><data name='occtDNIS' value='70001'></data><x/></event>\
        <event name='Held'/><event name='CallEstablished'><data name='occtSourceID' value='c-1'/></event></CCTSDK>";
    assert_eq!(world.post(pretty), 200);
    assert_eq!(world.events(), ["delivered c-1", "established c-1 70001"]);
    world.send_event("CallReleased", "c-1");
    assert_eq!(world.events()[0], "cleared c-1 2 Normal");
    for body in [
        "",
        "<CCTSDK>",
        "<other/>",
        "<!DOCTYPE x><CCTSDK/>",
        "<CCTSDK><event/></CCTSDK>",
        "name=ScreenPop",
        "<CCTSDK><event name='ScreenPop'/></CCTSDK>",
        "<CCTSDK><event name='x'><data value='1'/></event></CCTSDK>",
    ] {
        assert_eq!(world.post(body), 400, "{body}");
    }
    assert_eq!(world.post(&" ".repeat(65_537)), 413);
    let stranger = Request::post("/").body(Bytes::from(pop("c-9", "1", "70001"))).unwrap();
    world.bench.request("10.0.0.1:9".parse().unwrap(), stranger);
    world.bench.request("127.0.0.1:9".parse().unwrap(), Request::get("/").body(Bytes::new()).unwrap());
    world.pump();
    let statuses: Vec<u16> = world.responses.iter().map(|response| response.status().as_u16()).collect();
    assert_eq!(statuses, [403, 405]);
    assert!(world.events().is_empty());
}

#[test]
fn a_number_that_is_nobodys_is_the_only_agents() {
    let mut world = World::ready();
    world.pop("c-1", "1", "18005550100");
    let SwitchEvent::Delivered(delivery) = &world.switch[0] else { panic!("{:?}", world.switch) };
    assert_eq!((delivery.dialled.as_str(), &delivery.at), ("18005550100", &PartyKind::Device(device(1))));
    world.events();
    world.sign_in(2);
    world.pop("c-2", "1", "18005550100");
    assert!(world.events().is_empty(), "with two agents nobody knows whose it is");
    world.pop("c-3", "70001", "70002");
    let SwitchEvent::Delivered(delivery) = &world.switch[0] else { panic!("{:?}", world.switch) };
    assert_eq!(delivery.caller.at, PartyKind::Device(device(1)));
}

#[test]
fn a_phone_has_only_so_many_calls() {
    let mut world = World::ready();
    (0..9).for_each(|call| world.pop(&format!("c-{call}"), "1", "70001"));
    assert_eq!(world.events()[8..], ["cleared c-0 1 Lost", "cleared c-0 70001 Lost", "delivered c-8"]);
}

#[test]
fn a_picture_is_sent_when_requested() {
    let mut world = World::ready();
    world.pop("c-1", "1", "70001");
    world.events();
    world.hub(FromHub::Requested { request: RequestId(1), requested: SwitchRequest::Snapshot });
    let SwitchEvent::LinkUp { features, calls } = &world.switch[0] else { panic!("{:?}", world.switch) };
    assert_eq!((features.as_slice(), calls.len()), ([SwitchFeature::MakeCall].as_slice(), 1));
    assert_eq!(world.answers, [SwitchAnswer::Done { call: None }]);
}

#[test]
fn a_url_must_be_a_host_and_a_port() {
    let desk = |url: &str| {
        let config = DeskConfig { url: url.into(), ..DeskConfig::default() };
        DeskSession::new(config, SwitchId::new("pbx").unwrap()).map(drop)
    };
    assert_eq!(desk("http://localhost:3107/"), Ok(()));
    assert_eq!(desk("https://softphone.example:3107"), Ok(()));
    for url in ["localhost:3107", "ftp://x", "https://x/y", "http://x/y", "http://x/?a", ""] {
        assert_eq!(desk(url), Err(Error::Url { url: url.into() }));
    }
}

#[test]
fn no_password_is_to_be_seen() {
    let world = World::ready();
    assert!(!format!("{:?}", world.bench.session()).contains("s3cr3t"));
}
