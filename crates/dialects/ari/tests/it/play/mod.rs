//! A session and a scripted Asterisk without faults.

use std::{sync::Arc, time::Duration};

use cordboard_ari::{DeskConfig, DeskSession};
use model::{
    CallId, DeviceId, Record, RequestId, Secret, Seq, SwitchAnswer, SwitchEvent, SwitchId, SwitchRequest,
    Timestamp, switch::DeflectTo,
};
use scripted_asterisk::{Asterisk, Caller, cause};
use serde_json::Value;
use session::{FromHub, HttpAndStream, Input, Output, Session, ToHub, suite};
use settings::Span;
use uuid::Uuid;

pub(crate) struct Play {
    pub(crate) desk: DeskSession,
    pub(crate) now: Timestamp,
    pub(crate) asterisk: Asterisk,
    requests: Vec<String>,
    reported: Vec<SwitchEvent>,
    pub(crate) answers: Vec<(u64, SwitchAnswer)>,
    count: u64,
}

impl Play {
    pub(crate) fn new() -> Self {
        Self::with(asterisk())
    }

    /// A session and an Asterisk that has channels already.
    pub(crate) fn with(asterisk: Asterisk) -> Self {
        let mut play = Self {
            desk: desk(1),
            now: Timestamp(0),
            asterisk,
            requests: Vec::new(),
            reported: Vec::new(),
            answers: Vec::new(),
            count: 0,
        };
        play.begin();
        play
    }

    /// Restarts the session's process.
    pub(crate) fn restart(&mut self) {
        self.asterisk.client_dies();
        self.desk = desk(2);
        self.begin();
    }

    fn begin(&mut self) {
        self.give(Input::Start);
        self.give(Input::Hub(suite::hub_snapshot()));
        self.requests();
    }

    /// Interrupts the connection to Asterisk and restores it.
    pub(crate) fn reconnect(&mut self) {
        self.asterisk.cut(self.now, 0);
        self.pump();
        self.now = self.now + Duration::from_secs(20);
        self.give(Input::Tick);
    }

    pub(crate) fn give(&mut self, input: Input<HttpAndStream>) {
        self.desk.handle(self.now, input);
        self.pump();
    }

    /// Carries messages in both directions until there are none.
    fn pump(&mut self) {
        loop {
            while let Some(output) = self.desk.poll() {
                match output {
                    Output::Hub(ToHub::Switch(event)) => self.reported.push(event),
                    Output::Hub(ToHub::SwitchAnswer { request, answer }) => {
                        self.answers.push((request.0, answer));
                    }
                    Output::Hub(_) => {}
                    Output::Peer(output) => self.asterisk.take(self.now, output),
                }
            }
            let Some(output) = self.asterisk.poll() else { break };
            self.desk.handle(self.now, Input::Peer(output));
        }
        self.requests.extend(self.asterisk.requests());
    }

    /// Makes something happen at Asterisk.
    pub(crate) fn happens(&mut self, what: impl FnOnce(&mut Asterisk, Timestamp)) {
        what(&mut self.asterisk, self.now);
        self.pump();
    }

    pub(crate) fn rings(&mut self, channel: &str) {
        self.happens(|asterisk, now| asterisk.rings(now, channel));
    }

    pub(crate) fn answers(&mut self, channel: &str) {
        self.happens(|asterisk, now| asterisk.answers(now, channel));
    }

    /// A called phone is busy.
    pub(crate) fn busy(&mut self, channel: &str) {
        self.happens(|asterisk, now| asterisk.hangs_up(now, channel, cause::BUSY));
    }

    pub(crate) fn hangs_up(&mut self, channel: &str) {
        self.happens(|asterisk, now| asterisk.hangs_up(now, channel, cause::NORMAL));
    }

    pub(crate) fn request(&mut self, requested: SwitchRequest) -> u64 {
        self.count += 1;
        let request = RequestId(self.count);
        self.give(Input::Hub(FromHub::Requested { request, requested }));
        self.count
    }

    pub(crate) fn answer(&self, request: u64) -> &SwitchAnswer {
        &self.answers.iter().find(|(of, _)| *of == request).unwrap().1
    }

    /// A caller waits in a queue and is offered to a phone. Returns the call and the phone's channel.
    pub(crate) fn offered(&mut self) -> (CallId, String) {
        let mut caller = String::new();
        self.happens(|asterisk, now| caller = asterisk.call(now, &waits()));
        let call = CallId::new(caller).unwrap();
        let to = DeflectTo::Device(phone());
        self.request(SwitchRequest::DeflectCall { call: call.clone(), from: None, to });
        (call, self.made())
    }

    pub(crate) fn answered(&mut self) -> (CallId, String) {
        let (call, channel) = self.offered();
        self.rings(&channel);
        self.answers(&channel);
        (call, channel)
    }

    /// The channel that was created last, and how many were created.
    pub(crate) fn made(&self) -> String {
        self.asterisk.made().last().unwrap().clone()
    }

    pub(crate) fn originated(&self) -> usize {
        self.asterisk.made().len()
    }

    /// The hub sends an event.
    pub(crate) fn happened(&mut self, event: Value) {
        let event = serde_json::from_value(event).unwrap();
        let record = Record { seq: Seq(1), at: self.now, origin: None, event };
        self.give(Input::Hub(FromHub::Event(Arc::new(record))));
    }

    /// Lets time pass. Returns the sounds played in that time, with the request's parameters.
    pub(crate) fn pass(&mut self, ms: u64) -> Vec<String> {
        self.now = self.now + Duration::from_millis(ms);
        self.requests.clear();
        self.give(Input::Tick);
        let mut requests = std::mem::take(&mut self.requests);
        requests.retain(|request| request.contains("/play "));
        requests
    }

    pub(crate) fn reported(&mut self) -> Vec<SwitchEvent> {
        std::mem::take(&mut self.reported)
    }

    /// The requests to Asterisk, without bodies. Notes on channels are tested by reading them back.
    pub(crate) fn requests(&mut self) -> Vec<String> {
        let requests = std::mem::take(&mut self.requests);
        let paths =
            requests.iter().map(|request| request.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" "));
        paths.filter(|path| !path.ends_with("/variable")).collect()
    }
}

/// An Asterisk without calls.
pub(crate) fn asterisk() -> Asterisk {
    Asterisk::new("cordboard", 0)
}

fn desk(instance: u128) -> DeskSession {
    let trunk = Some("PJSIP/{number}@trunk".to_owned());
    let data = vec!["account".into()];
    let (position_every, position) = (Span::s(30), vec!["number:{position}".into()]);
    let usual = DeskConfig::new("127.0.0.1:8088", Secret::new("x"));
    let config = DeskConfig { trunk, data, position_every, position, ..usual };
    DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(instance)).unwrap()
}

/// A caller of a queue, with data that is allowed and data that is not.
pub(crate) fn waits() -> Caller {
    let args = ["queue", "7700", "account=4711", "secret=x"].map(str::to_owned).to_vec();
    Caller { number: "14155550100".to_owned(), exten: "7700".to_owned(), args, ..Caller::default() }
}

pub(crate) fn phone() -> DeviceId {
    DeviceId::new("70001").unwrap()
}
