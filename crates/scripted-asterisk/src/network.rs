//! The network between Asterisk and its client.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use model::Timestamp;
use serde_json::{Value, json};
use session::{
    Exchange, Failure, FromHttp, FromStream, HttpAndStream, Link, Timeouts, ToHttp, ToStream, Transport,
    transport::Either,
};

use crate::{
    Asterisk,
    faults::Fate,
    schedule::{Due, InFlight},
};

/// A message from the client.
pub type ClientOutput = <HttpAndStream as Transport>::ToPeer;

/// A message to the client.
pub type ClientInput = <HttpAndStream as Transport>::FromPeer;

impl Asterisk {
    /// Handles a message from the client.
    pub fn take(&mut self, now: Timestamp, output: ClientOutput) {
        self.note_time(now);
        let way = self.faults.way();
        match output {
            Either::Second(ToStream::Connect { link, .. }) => {
                self.schedule.note(self.now + way, Due::Opens(link))
            }
            Either::Second(ToStream::Disconnect { link, why }) => {
                self.link = self.link.filter(|known| *known != link);
                self.deliver(way, Either::Second(FromStream::Disconnected { link, why }));
            }
            Either::First(ToHttp::Request { exchange, request, timeouts }) => {
                self.request(exchange, request, timeouts, way);
            }
            // An ARI client sends no HTTP responses and nothing on the event socket.
            Either::First(ToHttp::Response { .. }) | Either::Second(ToStream::Send { .. }) => {}
        }
        self.tick(now);
    }

    /// Handles what is due.
    pub fn tick(&mut self, now: Timestamp) {
        while let Some((at, due)) = self.schedule.pop(now) {
            self.note_time(at);
            match due {
                Due::Opens(link) => self.open(link),
                Due::Arrives(request) => self.arrives(*request),
                Due::Delivery { client, input } if client == self.client => self.out.push_back(*input),
                Due::Event { link, bytes } if self.link == Some(link) => {
                    self.out.push_back(Either::Second(FromStream::Received { link, bytes }));
                }
                Due::Delivery { .. } | Due::Event { .. } => {}
                Due::Rings(_)
                | Due::Answers(_)
                | Due::Leaves(..)
                | Due::GivesUp(_)
                | Due::LosesPatience(_) => self.act(due),
            }
        }
        self.note_time(now);
    }

    /// When to call [`Asterisk::tick`] at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.schedule.next()
    }

    /// The next message for the client; call it until it returns `None`.
    pub fn poll(&mut self) -> Option<ClientInput> {
        self.out.pop_front()
    }

    /// Replaces the client after it died. Its requests may still arrive, but their responses do not reach the next
    /// client.
    pub fn client_dies(&mut self) {
        self.client += 1;
        self.link = None;
        self.out.clear();
    }

    /// Breaks the event socket and makes Asterisk unreachable for `away_ms` milliseconds. Events on their way are lost.
    pub fn cut(&mut self, now: Timestamp, away_ms: u64) {
        self.note_time(now);
        self.away_until = self.away_until.max(self.now + Duration::from_millis(away_ms));
        if let Some(link) = self.link.take() {
            self.deliver(
                Duration::ZERO,
                Either::Second(FromStream::Disconnected { link, why: "the socket was cut".to_owned() }),
            );
        }
        self.tick(now);
    }

    /// Replaces the client by another program that connects as the same application. The client receives an event about
    /// it.
    pub fn replace(&mut self, now: Timestamp) {
        self.note_time(now);
        self.send(None, &json!({ "type": "ApplicationReplaced", "application": self.app }));
        self.tick(now);
    }

    /// Sends an event to the client. `of` is the channel that the event is about.
    pub(crate) fn send(&mut self, of: Option<&str>, event: &Value) {
        let Some(link) = self.link else { return };
        let late = self.faults.way() + self.faults.late(self.faults.chances.late_event);
        let last = of.filter(|_| self.faults.chances.reorder).and_then(|id| self.last_of.get(id).copied());
        let last = if self.faults.chances.reorder { last } else { Some(self.last_event) };
        let at = last.unwrap_or_default().max(self.now + late);
        self.last_event = self.last_event.max(at);
        self.last_of.extend(of.map(|id| (id.to_owned(), at)));
        let bytes = Bytes::from(event.to_string());
        if self.faults.happens(self.faults.chances.repeated_event) {
            self.schedule.note(at, Due::Event { link, bytes: bytes.clone() });
        }
        self.schedule.note(at, Due::Event { link, bytes });
        if let Some(away) = self.faults.cut() {
            self.cut(self.now, u64::try_from(away.as_millis()).unwrap_or(u64::MAX));
        }
    }

    pub(crate) fn after(&mut self, ms: u64, due: Due) {
        self.schedule.note(self.now + Duration::from_millis(ms), due);
    }

    fn deliver(&mut self, way: Duration, input: ClientInput) {
        let due = Due::Delivery { client: self.client, input: Box::new(input) };
        self.schedule.note(self.now + way, due);
    }

    fn request(&mut self, exchange: Exchange, request: Request<Bytes>, timeouts: Timeouts, way: Duration) {
        let client = self.client;
        let in_flight = InFlight { client, exchange, request, timeouts };
        if in_flight.request.method() == Method::GET
            && self.faults.happens(self.faults.chances.repeated_request)
        {
            // The first copy arrives too, and its response is lost.
            drop(self.respond(&in_flight.request));
        }
        self.schedule.note(self.now + way, Due::Arrives(Box::new(in_flight)));
    }

    fn open(&mut self, link: Link) {
        if self.is_away() {
            let why = "connection refused".to_owned();
            return self.deliver(Duration::ZERO, Either::Second(FromStream::Disconnected { link, why }));
        }
        // An application has only one socket.
        if let Some(before) = self.link.replace(link) {
            let why = "another one was made".to_owned();
            self.deliver(Duration::ZERO, Either::Second(FromStream::Disconnected { link: before, why }));
        }
        self.deliver(
            Duration::ZERO,
            Either::Second(FromStream::Connected { link, from: ([127, 0, 0, 1], 8088).into() }),
        );
    }

    fn arrives(&mut self, in_flight: InFlight) {
        let InFlight { client, exchange, request, timeouts } = in_flight;
        if self.is_away() {
            let failure = Failure::NotSent("connection refused".to_owned());
            return self.answer(
                client,
                Duration::ZERO,
                Either::First(FromHttp::Failed { exchange, failure }),
            );
        }
        let fate = self.faults.fate();
        let no_answer = || Failure::NoAnswer("there was no answer".to_owned());
        let (wait, input) = match fate {
            Fate::Answered(late) if late < timeouts.answer => {
                let response = self.respond(&request);
                (late + self.faults.way(), Either::First(FromHttp::Response { exchange, response }))
            }
            Fate::Answered(_) | Fate::AnswerLost => {
                drop(self.respond(&request));
                (timeouts.answer, Either::First(FromHttp::Failed { exchange, failure: no_answer() }))
            }
            Fate::Lost => {
                (timeouts.answer, Either::First(FromHttp::Failed { exchange, failure: no_answer() }))
            }
            Fate::Refused => {
                let response = error(StatusCode::INTERNAL_SERVER_ERROR, "it is a fault");
                (self.faults.way(), Either::First(FromHttp::Response { exchange, response }))
            }
        };
        self.answer(client, wait, input);
    }

    fn answer(&mut self, client: u64, wait: Duration, input: ClientInput) {
        self.schedule.note(self.now + wait, Due::Delivery { client, input: Box::new(input) });
    }

    fn is_away(&self) -> bool {
        self.now < self.away_until
    }
}

/// An error response in ARI's format.
pub(crate) fn error(status: StatusCode, message: &str) -> Response<Bytes> {
    answer(status, &json!({ "message": message }))
}

/// A response with a body.
pub(crate) fn answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    response
}
