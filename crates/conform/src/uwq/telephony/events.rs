//! Where the softphone's events arrive, and what holds for each of them.

use std::{collections::BTreeSet, io, net::SocketAddr};

use super::{Script, is_xml_utf8, r};
use crate::{
    Requirement,
    findings::Findings,
    http::{Arrival, Listener, Message},
    uwq::event::{self, Event},
};

/// The response to an event.
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// The names of events.
const NAMES: [&str; 3] = ["ScreenPop", "CallEstablished", "CallReleased"];

/// The names that come first in a ScreenPop.
const FIRST: [&str; 3] = ["occtSourceID", "occtANI", "occtDNIS"];

/// Names that EBS sets.
const EBS_NAMES: [&str; 13] = [
    "occtMediaItemID",
    "occtAgentID",
    "occtEventName",
    "occtMediaType",
    "workItemID",
    "occtCreationTime",
    "occtRoutePoint",
    "occtReroute",
    "WhichIVR",
    "MatchFlag",
    "ProcessedFlag",
    "FromEBC",
    "occtURL",
];

/// EBS's listener.
pub(super) struct Events {
    listener: Option<Listener>,
    address: SocketAddr,
    /// Names and calls of the events that came to this listener.
    seen: BTreeSet<(String, String)>,
}

impl Events {
    pub(super) fn new(listener: Listener) -> Self {
        let address = listener.address;
        Self { listener: Some(listener), address, seen: BTreeSet::new() }
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Refuses connections until `open`.
    pub(super) async fn close(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.close().await;
        }
    }

    pub(super) async fn open(&mut self) -> io::Result<()> {
        self.listener = Some(Listener::bind(self.address).await?);
        Ok(())
    }

    async fn next(&mut self, patience: std::time::Duration) -> Option<Arrival> {
        match &mut self.listener {
            Some(listener) => listener.next(patience).await,
            None => None,
        }
    }
}

/// An event that has been judged and is not answered yet.
pub(super) struct Judged {
    pub(super) event: Event,
    arrival: Arrival,
}

impl Judged {
    /// Accepts the event.
    pub(super) async fn accept(self) -> Event {
        self.arrival.answer(OK).await;
        self.event
    }

    /// Answers that the listener has failed.
    pub(super) async fn fail(self) {
        self.arrival.answer("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n").await;
    }
}

impl Script<'_> {
    /// Waits for an event with this name that holds the requirement.
    pub(super) async fn event(&mut self, name: &str, of: &'static Requirement) -> Option<Judged> {
        let Some(arrival) = self.events.next(self.terms.timeout).await else {
            self.findings.deviates(of, &format!("the event {name}"), &nothing(self.terms.timeout));
            return None;
        };
        let event = self.judge(&arrival.request);
        let expected = format!("the event {name}");
        if self.findings.check(of, event.name == name, &expected, &arrival.request.bytes) {
            return Some(Judged { event, arrival });
        }
        arrival.answer(OK).await;
        None
    }

    /// A ScreenPop.
    pub(super) async fn pop(&mut self) -> Option<Judged> {
        let judged = self.event("ScreenPop", r::POP).await?;
        let (event, bytes) = (&judged.event, &judged.arrival.request.bytes);
        let findings = &mut self.findings;
        let complete = FIRST.iter().all(|name| event.value(name).is_some()) && !event.source().is_empty();
        findings.check(r::POP, complete, "occtSourceID, occtANI and occtDNIS", bytes);
        let extension = &self.softphone.agent.extension;
        let dnis = event.value("occtDNIS") == Some(extension);
        findings.check(r::DNIS, dnis, &format!("occtDNIS = {extension}"), bytes);
        let names = event.data.iter().map(|(name, _)| name.as_str());
        findings.check(r::FIRST, names.take(3).eq(FIRST), "the three names first", bytes);
        check_values(findings, event, bytes);
        Some(judged)
    }

    /// An event of a call that has been announced. It has the ID of the call only.
    pub(super) async fn follows(&mut self, name: &str, of: &'static Requirement, source: &str) -> bool {
        let Some(judged) = self.event(name, of).await else { return false };
        let bytes = judged.arrival.request.bytes.clone();
        let event = judged.accept().await;
        let expected = format!("{name} with occtSourceID = {source} and nothing else");
        let only = event.data.len() == 1;
        self.findings.check(of, only && event.source() == source, &expected, &bytes)
    }

    /// No event may arrive for a while.
    pub(super) async fn silent(&mut self, of: &'static Requirement, expected: &str) -> bool {
        match self.events.next(self.terms.silence).await {
            None => {
                self.findings.held(of);
                true
            }
            Some(arrival) => {
                self.judge(&arrival.request);
                self.findings.check(of, false, expected, &arrival.request.bytes);
                arrival.answer(OK).await;
                false
            }
        }
    }

    /// Checks what holds for every event, and for the events of one call together.
    fn judge(&mut self, request: &Message) -> Event {
        let event = judge(&mut self.findings, request);
        let key = |name: &str| (event.source().to_owned(), name.to_owned());
        let new = self.events.seen.insert(key(&event.name));
        self.findings.check(r::ONCE, new, "each event once for a call", &request.bytes);
        let announced = self.events.seen.contains(&key("ScreenPop"));
        self.findings.check(r::POP_FIRST, announced, "a ScreenPop before it", &request.bytes);
        event
    }

    /// Accepts what arrives for a while, so that the next part begins without old events.
    pub(super) async fn settle(&mut self) {
        while let Some(arrival) = self.events.next(self.terms.silence).await {
            self.judge(&arrival.request);
            arrival.answer(OK).await;
        }
    }
}

/// What a report says when nothing came.
pub(super) fn nothing(patience: std::time::Duration) -> String {
    format!("nothing within {patience:?}")
}

/// Checks what holds for every event.
fn judge(findings: &mut Findings, request: &Message) -> Event {
    let (event, bytes) = (event::read(request), &request.bytes);
    let mut words = request.start.split(' ');
    let (method, path) = (words.next(), words.next());
    findings.check(r::POST, method == Some("POST") && !event.name.is_empty(), "a POST of an event", bytes);
    findings.check(r::PATH, path == Some("/"), "POST /", bytes);
    let typed = request.header("content-type").is_some_and(is_xml_utf8) && request.is_framed();
    let expected = format!("text/xml; charset=UTF-8 and Content-Length: {}", request.body.len());
    findings.check(r::TYPE, typed, &expected, bytes);
    findings.check(r::ALONE, request.has_connection_close(), "Connection: close", bytes);
    findings.check(r::BARE, event.is_bare, "neither declaration nor white space", bytes);
    findings.check(r::GRAMMAR, event.is_grammatical, "CCTSDK with event with data", bytes);
    findings.check(r::SINGLE, event.is_single, "one event", bytes);
    findings.check(r::NAMES, NAMES.contains(&event.name.as_str()), &NAMES.join(", "), bytes);
    event
}

fn check_values(findings: &mut Findings, event: &Event, bytes: &[u8]) {
    let numbers = ["occtANI", "PhoneNumber"].into_iter().filter_map(|name| event.value(name));
    let digits = numbers.flat_map(str::chars).all(|one| one.is_ascii_digit());
    findings.check(r::DIGITS, digits, "digits", bytes);
    let plain = |(_, value): &(String, String)| !value.chars().any(|one| one == '"' || one.is_control());
    findings.check(r::QUOTES, event.data.iter().all(plain), "neither quotes nor control characters", bytes);
    let short = |(name, value): &(String, String)| {
        let characters_max = match name.as_str() {
            "occtANI" => 40,
            "occtDNIS" => 30,
            _ => usize::MAX,
        };
        name.len() <= 500 && value.len() <= 1_996 && value.chars().count() <= characters_max
    };
    let whole: usize =
        event.data.iter().map(|(name, value)| name.chars().count() + value.chars().count()).sum();
    findings.check(r::LENGTHS, event.data.iter().all(short) && whole <= 1_850, "shorter values", bytes);
    let foreign = event.data.iter().find(|(name, _)| is_of_ebs(name));
    findings.check(r::EBS_NAMES, foreign.is_none(), "no name that EBS sets", bytes);
}

fn is_of_ebs(name: &str) -> bool {
    EBS_NAMES.contains(&name) || name.starts_with("SKEY_") || name.starts_with("uwq_")
}
