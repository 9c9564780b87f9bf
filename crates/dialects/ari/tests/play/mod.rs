//! A session, and an Asterisk that does what it is asked.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use cordboard_ari::{Desk, DeskConfig};
use http::{Method, Request, Response, StatusCode};
use model::{
    CallId, DeviceId, Record, RequestId, Secret, Seq, SwitchAnswer, SwitchEvent, SwitchId, SwitchRequest,
    Timestamp, switch::DeflectTo,
};
use serde_json::{Value, json};
use session::{Exchange, FromHub, FromPeer, Input, Link, Output, Session, ToHub, ToPeer, suite};
use settings::Span;
use uuid::Uuid;

/// The channel of somebody who calls.
pub(crate) const CALLER: &str = "1795235092.0";

pub(crate) struct Play {
    pub(crate) desk: Desk,
    pub(crate) now: u64,
    pub(crate) link: Link,
    /// What Asterisk has when it is asked.
    pub(crate) channels: Value,
    pub(crate) bridges: Value,
    note: Option<String>,
    /// What it does not do: the end of a path.
    pub(crate) refuses: Option<&'static str>,
    asked: Vec<String>,
    played: Vec<String>,
    made: Vec<String>,
    told: Vec<SwitchEvent>,
    pub(crate) answers: Vec<(u64, SwitchAnswer)>,
    requests: u64,
}

impl Play {
    pub(crate) fn new() -> Self {
        Self::with(json!([]), json!([]), None)
    }

    /// With an Asterisk that has something already; on each channel stands the note.
    pub(crate) fn with(channels: Value, bridges: Value, note: Option<String>) -> Self {
        let trunk = Some("PJSIP/{number}@trunk".to_owned());
        let data = vec!["account".into()];
        let (position_every, position) = (Span::s(30), vec!["number:{position}".into()]);
        let usual = DeskConfig::new("127.0.0.1:8088", Secret::new("x"));
        let config = DeskConfig { trunk, data, position_every, position, ..usual };
        let desk = Desk::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(1)).unwrap();
        let mut play = Self {
            desk,
            now: 0,
            link: Link(0),
            channels,
            bridges,
            note,
            refuses: None,
            asked: Vec::new(),
            played: Vec::new(),
            made: Vec::new(),
            told: Vec::new(),
            answers: Vec::new(),
            requests: 0,
        };
        play.give(Input::Start);
        play.give(Input::Hub(suite::told()));
        play.connected();
        play.asked.clear();
        play
    }

    /// The way to Asterisk is cut and there again.
    pub(crate) fn reconnect(&mut self) {
        let link = self.link;
        self.give(Input::Peer(FromPeer::Disconnected { link, why: "cut".into() }));
        self.now += 20_000;
        self.give(Input::Tick);
        self.connected();
    }

    fn connected(&mut self) {
        let link = self.link;
        self.give(Input::Peer(FromPeer::Connected { link, from: ([127, 0, 0, 1], 8088).into() }));
    }

    pub(crate) fn give(&mut self, input: Input) {
        let mut waiting = VecDeque::from([input]);
        while let Some(input) = waiting.pop_front() {
            self.desk.handle(Timestamp(self.now), input);
            while let Some(output) = self.desk.poll() {
                waiting.extend(self.take(output));
            }
        }
    }

    fn take(&mut self, output: Output) -> Option<Input> {
        match output {
            Output::Hub(ToHub::Switch(event)) => self.told.push(event),
            Output::Hub(ToHub::SwitchAnswer { request, answer }) => self.answers.push((request.0, answer)),
            Output::Peer(ToPeer::Connect { link, .. }) => self.link = link,
            Output::Peer(ToPeer::Request { exchange, request, .. }) => {
                return Some(self.asterisk(exchange, &request));
            }
            Output::Hub(
                ToHub::Subscribe | ToHub::Command(_) | ToHub::Authenticate { .. } | ToHub::Notice { .. },
            )
            | Output::Peer(
                ToPeer::Response { .. }
                | ToPeer::Send { .. }
                | ToPeer::Disconnect { .. }
                | ToPeer::Page { .. },
            ) => {}
        }
        None
    }

    fn asterisk(&mut self, exchange: Exchange, request: &Request<Bytes>) -> Input {
        let path = request.uri().path().trim_start_matches("/ari").to_owned();
        let body = match (request.method(), path.as_str()) {
            (&Method::GET, "/channels") => self.channels.clone(),
            (&Method::GET, "/bridges") => self.bridges.clone(),
            (&Method::GET, _) => json!({ "value": self.note.clone() }),
            _ => Value::Null,
        };
        let mut response = Response::new(Bytes::from(body.to_string()));
        if self.refuses.is_some_and(|end| path.ends_with(end)) {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        let originated = path.strip_prefix("/channels/").filter(|rest| !rest.contains('/'));
        if let Some(made) = originated.filter(|_| request.method() == Method::POST) {
            self.made.push(made.to_owned());
        }
        if path.ends_with("/play") {
            let body = String::from_utf8_lossy(request.body());
            self.played.push(format!("{} {path} {body}", request.method()));
        }
        // What is written on channels is tried by reading it.
        if !path.ends_with("/variable") {
            self.asked.push(format!("{} {path}", request.method()));
        }
        Input::Peer(FromPeer::Response { exchange, response })
    }

    pub(crate) fn event(&mut self, event: &Value) {
        let bytes = Bytes::from(event.to_string());
        self.give(Input::Peer(FromPeer::Received { link: self.link, bytes }));
    }

    pub(crate) fn happens(&mut self, kind: &str, id: &str, state: &str) {
        self.event(&json!({ "type": kind, "cause": 17, "channel": channel(id, state, "cordboard,leg") }));
    }

    pub(crate) fn ask(&mut self, asked: SwitchRequest) -> u64 {
        self.requests += 1;
        let request = RequestId(self.requests);
        self.give(Input::Hub(FromHub::Requested { request, asked }));
        self.requests
    }

    pub(crate) fn answer(&self, request: u64) -> &SwitchAnswer {
        &self.answers.iter().find(|(of, _)| *of == request).unwrap().1
    }

    /// Somebody calls, waits, and is offered to a phone; gives the call and the phone's channel.
    pub(crate) fn offered(&mut self) -> (CallId, String) {
        let args = json!(["queue", "7700", "account=4711", "secret=x"]);
        let channel = channel(CALLER, "Ring", "cordboard,queue,7700");
        self.event(&json!({ "type": "StasisStart", "args": args, "channel": channel }));
        let call = CallId::new(CALLER).unwrap();
        let to = DeflectTo::Device(phone());
        self.ask(SwitchRequest::DeflectCall { call: call.clone(), from: None, to });
        (call, self.made())
    }

    pub(crate) fn answered(&mut self) -> (CallId, String) {
        let (call, channel) = self.offered();
        self.happens("ChannelStateChange", &channel, "Ringing");
        self.happens("StasisStart", &channel, "Up");
        (call, channel)
    }

    /// The channel that was made last, and how many were.
    pub(crate) fn made(&self) -> String {
        self.made.last().unwrap().clone()
    }

    pub(crate) fn originated(&self) -> usize {
        self.made.len()
    }

    /// The hub tells that something happened.
    pub(crate) fn happened(&mut self, event: Value) {
        let event = serde_json::from_value(event).unwrap();
        let record = Record { seq: Seq(1), at: Timestamp(self.now), origin: None, event };
        self.give(Input::Hub(FromHub::Event(Arc::new(record))));
    }

    /// Time passes; gives what is played meanwhile, with what stands in the request.
    pub(crate) fn pass(&mut self, ms: u64) -> Vec<String> {
        self.now += ms;
        self.played.clear();
        self.give(Input::Tick);
        std::mem::take(&mut self.played)
    }

    pub(crate) fn told(&mut self) -> Vec<SwitchEvent> {
        std::mem::take(&mut self.told)
    }

    pub(crate) fn asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.asked)
    }
}

pub(crate) fn phone() -> DeviceId {
    DeviceId::new("70001").unwrap()
}

pub(crate) fn channel(id: &str, state: &str, data: &str) -> Value {
    json!({
        "id": id, "name": "PJSIP/x-00000001", "state": state, "caller": { "number": "14155550100" },
        "dialplan": { "exten": "7700", "app_name": "Stasis", "app_data": data },
    })
}
