//! The bridge at the other end of the connection: what it requests, and what the run answers.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use serde_json::{Value, json};

use super::r;
use crate::{
    Requirement, Terms,
    findings::Findings,
    harmony::{
        connection::{Came, Connection},
        message::{Message, event, is_guid, refusal, response},
    },
};

pub(super) struct Peer {
    connection: Connection,
    terms: Terms,
    processor: String,
    /// What came while a step was done.
    waiting: VecDeque<Came>,
    /// The IDs of all requests.
    ids: BTreeSet<String>,
    /// The names of all requests, in order.
    names: Vec<String>,
}

impl Peer {
    pub(super) fn new(connection: Connection, terms: Terms, processor: String) -> Self {
        Self {
            connection,
            terms,
            processor,
            waiting: VecDeque::new(),
            ids: BTreeSet::new(),
            names: Vec::new(),
        }
    }

    /// Takes what comes. Questions about the client itself are answered, everything else waits.
    pub(super) async fn collect(&mut self) {
        match self.connection.next(Duration::MAX).await {
            Some(Came::Message(message)) if message.name() == "control.request.status" => {
                self.answer_itself(&message).await;
            }
            Some(Came::End) | None => std::future::pending().await,
            Some(came) => self.waiting.push_back(came),
        }
    }

    /// The next message, judged.
    pub(super) async fn next(&mut self, findings: &mut Findings, patience: Duration) -> Option<Message> {
        let came = match self.waiting.pop_front() {
            Some(came) => came,
            None => self.connection.next(patience).await?,
        };
        match came {
            Came::Message(message) => {
                self.judge(findings, &message);
                Some(message)
            }
            Came::NoFrame(bytes) => {
                findings.check(r::FRAME, false, "a length and a JSON object with a header", &bytes);
                None
            }
            Came::End => None,
        }
    }

    fn judge(&mut self, findings: &mut Findings, message: &Message) {
        let bytes = &message.bytes;
        findings.held(r::FRAME);
        let kind = if message.name().contains(".query.") { "cti.query" } else { "cti.request" };
        let whole = message.kind() == kind && !message.name().is_empty() && !message.target().is_empty();
        findings.check(r::HEADER, whole, &format!("type {kind}, name and target"), bytes);
        let id = message.request_id().to_owned();
        let own = is_guid(&id) && self.ids.insert(id);
        findings.check(r::GUID, own, "a GUID that no other request has", bytes);
        findings.check(r::BODY, message.body.is_object(), "a body", bytes);
        self.names.push(message.name().to_owned());
    }

    /// Waits for a request. Others before it are answered with success.
    pub(super) async fn await_request(
        &mut self,
        findings: &mut Findings,
        of: &'static Requirement,
        name: &str,
    ) -> Option<Message> {
        while let Some(message) = self.next(findings, self.terms.timeout).await {
            if message.name() == name {
                findings.held(of);
                return Some(message);
            }
            self.answer_itself(&message).await;
        }
        let came = format!("nothing within {:?}, after {}", self.terms.timeout, self.names.join(", "));
        findings.deviates(of, &format!("the request {name}"), &came);
        None
    }

    /// Waits for a request and answers it with success.
    pub(super) async fn expect(
        &mut self,
        findings: &mut Findings,
        of: &'static Requirement,
        name: &str,
    ) -> Option<Message> {
        let message = self.await_request(findings, of, name).await?;
        self.answer(&message, json!({})).await;
        Some(message)
    }

    /// Answers everything for a while.
    pub(super) async fn settle(&mut self, findings: &mut Findings) {
        while let Some(message) = self.next(findings, self.terms.silence).await {
            self.answer_itself(&message).await;
        }
    }

    /// Answers a request about the client itself, and any other one, with success.
    pub(super) async fn answer_itself(&mut self, message: &Message) {
        self.answer(message, json!({})).await;
        if message.name() == "control.request.status" {
            let target = format!("{}.CONTROL", self.processor);
            self.event("control.status", &target, json!({ "status": "STARTED" })).await;
        }
    }

    pub(super) async fn answer(&mut self, to: &Message, body: Value) {
        // A bridge that is gone sends nothing more.
        let _ = self.connection.send(&response(to, &body)).await;
    }

    /// Answers that a request is refused.
    pub(super) async fn refuse(&mut self, to: &Message, why: &str) {
        let _ = self.connection.send(&refusal(to, why)).await;
    }

    pub(super) async fn event(&mut self, name: &str, target: &str, body: Value) {
        let _ = self.connection.send(&event(name, target, &body)).await;
    }

    pub(super) async fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.connection.bytes(bytes).await;
    }

    /// Whether these requests came in this order.
    pub(super) fn came_in_order(&self, names: &[&str]) -> bool {
        let places: Vec<Option<usize>> =
            names.iter().map(|name| self.names.iter().position(|came| came == name)).collect();
        places.iter().all(Option::is_some) && places.is_sorted()
    }
}
