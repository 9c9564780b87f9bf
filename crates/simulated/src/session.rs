//! The switch as a session.

use std::collections::VecDeque;

use bytes::Bytes;
use model::Timestamp;
use session::{Exchange, FromHttp, FromHub, Http, Input, Output, Reason, Session, ToHttp};

use crate::{Config, Error, Switch, control};

/// The switch as a session between the hub and the control interface.
#[derive(Debug)]
pub struct SwitchSession {
    switch: Switch,
    responses: VecDeque<ToHttp>,
}

impl SwitchSession {
    /// Creates a session with its own switch. Fails like [`Switch::new`].
    pub fn new(config: Config) -> Result<Self, Error> {
        Ok(Self { switch: Switch::new(config)?, responses: VecDeque::new() })
    }

    fn peer(&mut self, now: Timestamp, from: FromHttp) {
        match from {
            FromHttp::Request { exchange, request, .. } => self.control(now, exchange, &request),
            // The session sends no HTTP requests.
            FromHttp::Response { .. } | FromHttp::Failed { .. } => {}
        }
    }

    fn control(&mut self, now: Timestamp, exchange: Exchange, request: &http::Request<Bytes>) {
        let response = control::respond(&mut self.switch, now, request);
        self.responses.push_back(ToHttp::Response { exchange, response });
    }

    fn hub(&mut self, now: Timestamp, from: FromHub) {
        match from {
            FromHub::Requested { request, requested } => self.switch.request(now, request, requested),
            // The switch neither subscribes nor sends commands, and it has nothing to finish.
            FromHub::Snapshot { .. }
            | FromHub::Event(_)
            | FromHub::Answer { .. }
            | FromHub::Authenticated { .. }
            | FromHub::Closing => {}
        }
    }
}

impl Session for SwitchSession {
    type Transport = Http;

    fn handle(&mut self, now: Timestamp, input: Input<Http>) {
        match input {
            Input::Start => self.switch.start(now),
            Input::Peer(from) => self.peer(now, from),
            Input::Hub(from) => self.hub(now, from),
            Input::Tick => {}
        }
        self.switch.tick(now);
    }

    fn poll(&mut self) -> Option<Output<Http>> {
        let to_hub = self.switch.poll().map(Output::Hub);
        to_hub.or_else(|| self.responses.pop_front().map(Output::Peer))
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        self.switch.deadline()
    }
}
