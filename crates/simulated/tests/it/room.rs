//! A set of phones, and a driver of the session that follows the contract.

use bytes::Bytes;
use cordboard_simulated::{Behavior, Chances, Config, Reply, SwitchSession};
use model::{
    CallId, DeviceId, Number, QueueId, RequestId, SwitchAnswer, SwitchEvent, SwitchRequest, Timestamp,
};
use serde_json::{Value, json};
use session::{Exchange, FromHttp, FromHub, Http, Input, Output, Session, ToHttp, ToHub};

use crate::lines;

/// An outside number that answers after 100 ms and talks forever.
pub(crate) const FRIEND: &str = "+14155550100";
/// Answers after 100 ms and hangs up 1,000 ms later.
pub(crate) const BRIEF: &str = "+14155550101";
/// Is busy.
pub(crate) const BUSY: &str = "+14155550102";
/// Rings for 5,000 ms and is not answered.
pub(crate) const ABSENT: &str = "+14155550103";
/// The customer who calls in.
pub(crate) const CUSTOMER: &str = "+14155559999";

pub(crate) struct Room {
    session: SwitchSession,
    now: Timestamp,
    requests: u64,
    exchanges: u64,
    /// All outputs for the hub since the start, without answers.
    pub(crate) events: Vec<SwitchEvent>,
    outputs: Vec<ToHub>,
    responses: Vec<(Exchange, http::Response<Bytes>)>,
}

/// Phones 1001 to 1005, 1009 which answers after 500 ms, queues 7700 and 7701.
pub(crate) fn config() -> Config {
    let mut config = Config {
        devices: ["1001", "1002", "1003", "1004", "1005", "1009"].map(device).to_vec(),
        auto_answer: vec![device("1009")],
        auto_answer_ms: 500,
        queues: ["7700", "7701"].map(queue).to_vec(),
        ..Config::default()
    };
    config.outside.no_answer_ms = 5_000;
    config.outside.others = Behavior::answers(100, None);
    config.outside.numbers.insert(number(BRIEF), Behavior::answers(100, Some(1_000)));
    config.outside.numbers.insert(number(BUSY), Behavior { reply: Reply::Busy, talk_ms: None });
    config.outside.numbers.insert(number(ABSENT), Behavior { reply: Reply::NeverAnswers, talk_ms: None });
    config
}

/// The same phones, with faults.
pub(crate) fn config_with(faults: Chances) -> Config {
    Config { faults, ..config() }
}

impl Room {
    /// Phones with a connected link.
    pub(crate) fn open() -> Self {
        Self::with(config())
    }

    pub(crate) fn with(config: Config) -> Self {
        let mut room = Self::closed(config);
        assert_eq!(room.start(), ["link-up []"]);
        room
    }

    /// Phones whose session was not started.
    pub(crate) fn closed(config: Config) -> Self {
        let session = SwitchSession::new(config).unwrap();
        let (events, outputs, responses) = (Vec::new(), Vec::new(), Vec::new());
        Self { session, now: Timestamp(0), requests: 0, exchanges: 0, events, outputs, responses }
    }

    pub(crate) fn start(&mut self) -> Vec<String> {
        self.give(Input::Start)
    }

    /// Sends a request with a new ID.
    pub(crate) fn request(&mut self, requested: SwitchRequest) -> Vec<String> {
        self.requests += 1;
        self.request_as(self.requests, requested)
    }

    pub(crate) fn request_as(&mut self, request: u64, requested: SwitchRequest) -> Vec<String> {
        self.give(Input::Hub(FromHub::Requested { request: RequestId(request), requested }))
    }

    /// Sends a request and drops its outputs, for the setup of a test.
    pub(crate) fn given(&mut self, requested: SwitchRequest) -> Option<CallId> {
        self.request(requested);
        let ToHub::SwitchAnswer { answer: SwitchAnswer::Done { call }, .. } = &self.outputs[0] else {
            panic!("{:?}", self.outputs[0]);
        };
        call.clone()
    }

    /// Advances the time, with a tick at every deadline.
    pub(crate) fn wait(&mut self, span_ms: u64) -> Vec<String> {
        let until = Timestamp(self.now.0 + span_ms);
        let mut lines = Vec::new();
        while let Some((deadline, _)) = self.session.deadline().filter(|(deadline, _)| *deadline <= until) {
            self.now = deadline;
            lines.extend(self.give(Input::Tick));
        }
        self.now = until;
        lines
    }

    /// Advances the time with a single tick at the end.
    pub(crate) fn oversleep(&mut self, span_ms: u64) -> Vec<String> {
        self.now = Timestamp(self.now.0 + span_ms);
        self.give(Input::Tick)
    }

    /// The deadline of the session.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.session.deadline().map(|(at, _)| at)
    }

    /// Starts a call from outside.
    pub(crate) fn call_in(&mut self, caller: Value) -> Vec<String> {
        let (status, body) = self.http("POST", "/calls", &caller);
        assert_eq!(status, 201, "{body}");
        self.lines()
    }

    /// Starts a call of the customer, who waits forever.
    pub(crate) fn customer(&mut self, to: &str) -> Vec<String> {
        self.call_in(json!({"from": CUSTOMER, "to": to}))
    }

    pub(crate) fn press(&mut self, device: &str, action: &str) -> Vec<String> {
        let (status, body) = self.http("POST", &format!("/phones/{device}"), &json!({"action": action}));
        assert_eq!(status, 200, "{body}");
        self.lines()
    }

    /// Sends a request to the control interface.
    pub(crate) fn http(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let response = self.http_raw(method, path, body.to_string().into());
        let value = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        (response.status().as_u16(), value)
    }

    pub(crate) fn http_raw(&mut self, method: &str, path: &str, body: Bytes) -> http::Response<Bytes> {
        self.exchanges += 1;
        let exchange = Exchange(self.exchanges);
        let request = http::Request::builder().method(method).uri(path).body(body).unwrap();
        self.give(Input::Peer(FromHttp::Request {
            exchange,
            from: ([127, 0, 0, 1], 40_000).into(),
            request,
        }));
        let (answered, response) = self.responses.pop().unwrap();
        assert!(answered == exchange && self.responses.is_empty(), "each request has one response");
        response
    }

    /// The outputs after the last input.
    fn lines(&self) -> Vec<String> {
        self.outputs.iter().map(lines::line).collect()
    }

    fn give(&mut self, input: Input<Http>) -> Vec<String> {
        self.session.handle(self.now, input);
        self.outputs.clear();
        while let Some(output) = self.session.poll() {
            self.take(output);
        }
        let deadline = self.session.deadline();
        assert!(deadline.is_none_or(|(at, _)| at > self.now), "{deadline:?} is due at {:?}", self.now);
        self.lines()
    }

    fn take(&mut self, output: Output<Http>) {
        match output {
            // The same phones in every test.
            Output::Hub(ToHub::Switch(SwitchEvent::PhonesListed { .. })) => {}
            Output::Hub(outputs) => {
                if let ToHub::Switch(event) = &outputs {
                    self.events.push(event.clone());
                }
                self.outputs.push(outputs);
            }
            Output::Peer(ToHttp::Response { exchange, response }) => {
                self.responses.push((exchange, response))
            }
            Output::Peer(ToHttp::Request { .. }) => panic!("a switch asks nothing of its peer"),
        }
    }
}

/// The ID of the call that was created as number `number`.
pub(crate) fn call(number: u64) -> CallId {
    CallId::new(format!("sim-0-{number:06}")).unwrap()
}

pub(crate) fn device(device: &str) -> DeviceId {
    DeviceId::new(device).unwrap()
}

pub(crate) fn queue(queue: &str) -> QueueId {
    QueueId::new(queue).unwrap()
}

pub(crate) fn number(number: &str) -> Number {
    Number::new(number).unwrap()
}
