//! The client at the other end of the connection: what the run requests, and what comes.

use std::{collections::VecDeque, time::Duration};

use serde_json::Value;

use super::{Targets, r};
use crate::{
    Requirement, Terms,
    findings::Findings,
    harmony::{
        connection::{Came, Connection},
        message::{Message, request_frame},
    },
};

pub(super) struct Peer {
    connection: Connection,
    terms: Terms,
    /// How many requests were sent.
    requests: u64,
    /// Events that came and were not expected yet.
    events: VecDeque<Message>,
    /// The requests that have had their response.
    answered: Vec<String>,
    /// Objects whose first query was answered.
    initialized: Targets,
    /// Objects that the run has created.
    created: Targets,
    /// Whether the connection has ended.
    ended: bool,
}

impl Peer {
    pub(super) fn new(connection: Connection, terms: Terms) -> Self {
        Self {
            connection,
            terms,
            requests: 0,
            events: VecDeque::new(),
            answered: Vec::new(),
            initialized: Targets::new(),
            created: Targets::new(),
            ended: false,
        }
    }

    /// The next message, judged. `None` when none comes in time.
    async fn next(&mut self, findings: &mut Findings, patience: Duration) -> Option<Message> {
        if self.ended {
            return None;
        }
        match self.connection.next(patience).await? {
            Came::Message(message) => {
                self.judge(findings, &message);
                Some(message)
            }
            Came::NoFrame(bytes) => {
                self.ended = true;
                findings.check(r::FRAME, false, "a length and a JSON object with a header", &bytes);
                None
            }
            Came::End => {
                self.ended = true;
                None
            }
        }
    }

    fn judge(&mut self, findings: &mut Findings, message: &Message) {
        let bytes = &message.bytes;
        findings.held(r::FRAME);
        let known = matches!(message.kind(), "cti.response" | "cti.event");
        let named = !message.name().is_empty() && !message.target().is_empty();
        findings.check(r::HEADER, known && named, "type, name and target", bytes);
        if message.kind() == "cti.event" {
            findings.check(r::EVENT, message.request_id().is_empty(), "no requestId", bytes);
            let target = message.target();
            let early = self.created.contains(target) && !self.initialized.contains(target);
            findings.check(r::QUIET_OBJECT, !early, "no event before the first query", bytes);
        } else {
            let result = message.text("result");
            let valid = result.eq_ignore_ascii_case("SUCCESS") || result.eq_ignore_ascii_case("FAILURE");
            findings.check(r::RESPONSE, valid, "SUCCESS or FAILURE", bytes);
            let explained = message.succeeded() || !message.text("errorMessage").is_empty();
            findings.check(r::FAILURE, explained, "errorMessage", bytes);
            let id = message.request_id().to_owned();
            findings.check(r::ONE_RESPONSE, !self.answered.contains(&id), "one response", bytes);
            self.answered.push(id);
        }
    }

    /// The bytes of a query or a request with the next ID.
    pub(super) fn write(&mut self, kind: &str, name: &str, target: &str, body: &Value) -> (String, Vec<u8>) {
        self.requests += 1;
        let id = format!("c0f0a000-0000-4000-8000-{:012x}", self.requests);
        let bytes = request_frame(kind, name, target, &id, body);
        (id, bytes)
    }

    /// Sends a query or a request and waits for its response. Without one the requirement deviates.
    pub(super) async fn request(
        &mut self,
        findings: &mut Findings,
        of: &'static Requirement,
        name: &str,
        target: &str,
        body: Value,
    ) -> Option<Message> {
        let kind = if name.contains(".query.") { "cti.query" } else { "cti.request" };
        let (id, bytes) = self.write(kind, name, target, &body);
        findings.sent(&bytes);
        // Without a connection there is no response.
        let _ = self.connection.send(&bytes).await;
        let response = self.response(findings, of, name, &id).await?;
        if name.ends_with(".init") {
            self.initialized.insert(target.to_owned());
        }
        Some(response)
    }

    /// Waits for the response to a request. Events before it are kept.
    pub(super) async fn response(
        &mut self,
        findings: &mut Findings,
        of: &'static Requirement,
        name: &str,
        id: &str,
    ) -> Option<Message> {
        while let Some(message) = self.next(findings, self.terms.timeout).await {
            if message.kind() == "cti.event" {
                self.events.push_back(message);
                continue;
            }
            if self.is_second(&message) && message.request_id() != id {
                continue;
            }
            let same = message.request_id() == id && message.name() == name;
            let expected = format!("the name {name} and the requestId {id}");
            findings.check(r::RESPONSE, same, &expected, &message.bytes);
            return Some(message);
        }
        let expected = format!("a response to {name}");
        findings.deviates(of, &expected, &self.nothing());
        findings.deviates(r::ONE_RESPONSE, &expected, &self.nothing());
        None
    }

    /// Whether a response is the second one to its request.
    fn is_second(&self, message: &Message) -> bool {
        self.answered.iter().filter(|id| *id == message.request_id()).count() > 1
    }

    /// Sends a request that succeeds.
    pub(super) async fn done(
        &mut self,
        findings: &mut Findings,
        of: &'static Requirement,
        name: &str,
        target: &str,
        body: Value,
    ) -> Option<Message> {
        let response = self.request(findings, of, name, target, body).await?;
        let expected = format!("SUCCESS to {name}");
        findings.check(of, response.succeeded(), &expected, &response.bytes).then_some(response)
    }

    /// Sends a request that fails. Returns the text.
    pub(super) async fn fails(
        &mut self,
        findings: &mut Findings,
        of: &'static Requirement,
        name: &str,
        target: &str,
        body: Value,
    ) -> Option<String> {
        let response = self.request(findings, of, name, target, body).await?;
        let expected = format!("FAILURE to {name}");
        findings.check(of, !response.succeeded(), &expected, &response.bytes);
        Some(response.text("errorMessage").to_owned())
    }

    /// Waits for an event of an object. Other events are kept.
    pub(super) async fn event(
        &mut self,
        findings: &mut Findings,
        of: &'static Requirement,
        name: &str,
        target: &str,
    ) -> Option<Message> {
        let fits = |message: &Message| message.name() == name && message.target() == target;
        if let Some(at) = self.events.iter().position(fits) {
            findings.held(of);
            return self.events.remove(at);
        }
        while let Some(message) = self.next(findings, self.terms.timeout).await {
            if fits(&message) {
                findings.held(of);
                return Some(message);
            }
            self.events.push_back(message);
        }
        let others: Vec<&str> = self.events.iter().map(Message::name).collect();
        let came = format!("{}; other events: {}", self.nothing(), others.join(", "));
        findings.deviates(of, &format!("the event {name} of {target}"), &came);
        None
    }

    /// Remembers that the run has created an object.
    pub(super) fn creates(&mut self, target: &str) {
        self.created.insert(target.to_owned());
    }

    /// The first event with this name that came and was not expected yet, without waiting.
    pub(super) fn has_event(&self, name: &str, target: &str) -> bool {
        self.events.iter().any(|message| message.name() == name && message.target() == target)
    }

    /// Sends bytes as they are.
    pub(super) async fn bytes(&mut self, bytes: &[u8]) {
        // Without a connection there is no response.
        let _ = self.connection.bytes(bytes).await;
    }

    /// Sends the same request again. The response is not a second one to the first request.
    pub(super) async fn repeat(&mut self, id: &str, message: &[u8]) {
        self.answered.retain(|answered| answered != id);
        let _ = self.connection.send(message).await;
    }

    /// Whether anything comes in a time without expected messages.
    pub(super) async fn stray(&mut self, findings: &mut Findings) -> Option<Message> {
        self.next(findings, self.terms.silence).await
    }

    /// Judges what still comes.
    pub(super) async fn judge_rest(&mut self, findings: &mut Findings) {
        while self.next(findings, self.terms.silence).await.is_some() {}
    }

    fn nothing(&self) -> String {
        if self.ended {
            "the end of the connection".to_owned()
        } else {
            format!("nothing within {:?}", self.terms.timeout)
        }
    }
}
