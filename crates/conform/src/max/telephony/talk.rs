//! The conversation with MAX.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::r;
use crate::{
    Requirement,
    max::event::{self, ACK, CALL, number},
    page::{Came, Message, Run},
};

/// What is in the address of the page in a contact panel.
const PANEL: &str = "panel";

pub(super) struct Talk<'a> {
    pub(super) run: Run<'a>,
    issuer: String,
    /// The document in the workspace.
    workspace: Option<usize>,
    /// The document in the contact panel.
    pub(super) panel: Option<usize>,
    /// Messages to the panel.
    pub(super) to_panel: Vec<Message>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(run: Run<'a>, issuer: String) -> Self {
        Self { run, issuer, workspace: None, panel: None, to_panel: Vec::new() }
    }

    /// Waits until the page in the workspace is loaded.
    pub(super) async fn opens(&mut self) -> Option<()> {
        let opening = self.run.browser.opening;
        while self.workspace.is_none() {
            let came = self.run.next(opening).await?;
            self.takes(came);
        }
        Some(())
    }

    /// Takes what has come. Returns a message to the workspace.
    fn takes(&mut self, came: Came) -> Option<Message> {
        match came {
            Came::Loaded { document, query } if query.contains(PANEL) => self.panel = Some(document),
            Came::Loaded { document, .. } => self.workspace = Some(document),
            Came::Message(message) => {
                self.judge(&message);
                if Some(message.document) == self.workspace {
                    return Some(message);
                }
                self.to_panel.push(message);
            }
        }
        None
    }

    /// The next envelope to the workspace, judged.
    pub(super) async fn next(&mut self, patience: Duration) -> Option<Message> {
        let until = Instant::now() + patience;
        loop {
            let came = self.run.next(until.saturating_duration_since(Instant::now())).await?;
            if let Some(message) = self.takes(came) {
                return Some(message);
            }
        }
    }

    fn judge(&mut self, message: &Message) {
        let (findings, bytes) = (&mut self.run.findings, &message.bytes[..]);
        if let Some(lost) = message.lost.first() {
            findings.deviates(
                r::OBJECT,
                "values of JSON only",
                &format!("{lost}, in {}", String::from_utf8_lossy(bytes)),
            );
        }
        if !findings.check(r::OBJECT, message.value.is_object(), "an object", bytes) {
            return;
        }
        let right = message.text("/issuer") == self.issuer;
        findings.check(r::ISSUER, right, &format!("issuer {}", self.issuer), bytes);
        let events = message.at("/events").as_array().filter(|events| !events.is_empty());
        findings.check(r::EVENTS, events.is_some(), "events, with at least one", bytes);
        for event in events.into_iter().flatten() {
            self.judge_event(event, bytes);
        }
    }

    fn judge_event(&mut self, one: &Value, bytes: &[u8]) {
        let findings = &mut self.run.findings;
        let name = event::name(one);
        let own = [ACK, "SessionInfo"].contains(&name);
        let right = !name.is_empty() && one["Type"].is_string() != own;
        findings.check(r::NAMED, right, "Type, or messageType of the acknowledgement and SessionInfo", bytes);
        let Some(pairs) = one.as_object().filter(|_| !own) else { return };
        let no_text = pairs.iter().find(|(key, value)| {
            let is_list = event::LISTS.contains(&key.as_str()) && value.is_array();
            !value.is_string() && !is_list
        });
        let expected = no_text.map_or_else(String::new, |(key, _)| format!("{key} of {name} as a text"));
        findings.check(r::TEXTS, no_text.is_none(), &expected, bytes);
        let word = |key: &&str| one[*key].as_str().is_none_or(|word| ["True", "False"].contains(&word));
        let wrong = event::BOOLEANS.iter().find(|key| !word(key));
        findings.check(r::BOOLEANS, wrong.is_none(), &format!("True or False in {wrong:?}"), bytes);
        let times = ["StartTimeUTC", "LastStateChangeTimeUTC"];
        let wrong = times.iter().find(|key| one[**key].as_str().is_some_and(|time| !event::is_time(time)));
        findings.check(r::TIMES, wrong.is_none(), &format!("a time in UTC in {wrong:?}"), bytes);
        match name {
            CALL => {
                let missing = event::CALL_KEYS.iter().find(|key| one.get(**key).is_none());
                let known = one["Status"].as_str().is_some_and(|status| event::STATUSES.contains(&status));
                let expected = missing.map_or("a known Status".to_owned(), |key| format!("the key {key}"));
                findings.check(r::KEYS, missing.is_none() && known, &expected, bytes);
                let id = one["ContactID"].as_str().unwrap_or_default();
                let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
                findings.check(r::IDS, digits, "ContactID of digits", bytes);
            }
            "AgentState" => {
                let known = one["CurrentState"].as_str().is_some_and(|state| event::STATES.contains(&state));
                let keys = ["CurrentOutReason", "StartTimeUTC", "IsAcw"];
                let whole = keys.iter().all(|key| one.get(*key).is_some());
                findings.check(r::STATES, known && whole, "a known CurrentState, and all keys", bytes);
            }
            "AgentLeg" | "AgentLegEvent" => {
                let status = one["Status"].as_str().unwrap_or_default();
                let right = ["Dialing", "Active", "Disconnected"].contains(&status)
                    && ["AgentLegId", "FinalState"].iter().all(|key| one[*key].is_string());
                findings.check(r::LEG, right, "AgentLegId, a known Status and FinalState", bytes);
            }
            _ => {}
        }
    }

    /// Posts from the page in the workspace.
    pub(super) fn post(&mut self, message: &Value) {
        if let Some(workspace) = self.workspace {
            self.run.post(workspace, message);
        }
    }

    /// Posts a message without an answer of its own.
    pub(super) fn press(&mut self, message_type: &str) {
        self.post(&json!({ "messageType": message_type, "issuer": "Conform" }));
    }

    /// Posts a command for a contact.
    pub(super) fn command(&mut self, message_type: &str, contact: &str) {
        self.post(&json!({ "messageType": message_type, "issuer": "Conform", "contactId": number(contact) }));
    }

    /// Registers, with these keys.
    pub(super) fn register(&mut self, keys: &Value) {
        let message = registration(keys);
        self.post(&message);
    }

    /// Registers, and returns the first envelope.
    pub(super) async fn registered(&mut self, of: &'static Requirement, keys: &Value) -> Option<Message> {
        self.register(keys);
        let answer = self.next(self.run.terms.timeout).await;
        if answer.is_none() {
            let came = format!("nothing within {:?}", self.run.terms.timeout);
            self.run.findings.deviates(of, &format!("an answer to {keys}"), &came);
        }
        answer
    }

    /// Registers, and checks that it is accepted.
    pub(super) async fn accepted(&mut self, of: &'static Requirement, keys: &Value) -> Option<Message> {
        let answer = self.registered(of, keys).await?;
        let ack = ack(&answer);
        let reason = ack["reason"].as_str().unwrap_or_default();
        let ok = ack["status"] == "OK" && reason.starts_with("Success");
        self.check(r::ACCEPTS, ok, "status OK, reason Success", &answer);
        self.check(of, ok, &format!("OK after {keys}"), &answer);
        let contact = keys.get("contactId").and_then(as_contact).unwrap_or_default();
        let right = ack["contactId"] == contact;
        self.check(r::ACK_CONTACT, right, &format!("contactId {contact}"), &answer);
        let right = answer.at("/contactId") == &contact;
        self.check(r::CONTACT, right, &format!("contactId {contact}"), &answer);
        ok.then_some(answer)
    }

    /// Registers, and checks that it is refused for this reason.
    pub(super) async fn refused(
        &mut self,
        of: &'static Requirement,
        keys: &Value,
        reason: &str,
    ) -> Option<()> {
        let answer = self.registered(of, keys).await?;
        let ack = ack(&answer);
        let right =
            ack["status"] == "ERROR" && ack["reason"].as_str().unwrap_or_default().starts_with(reason);
        self.check(of, right, &format!("ERROR, {reason} after {keys}"), &answer);
        let alone = answer.at("/events").as_array().is_some_and(|events| events.len() == 1);
        self.check(r::ERROR_ALONE, alone, "the acknowledgement alone", &answer);
        if ack["status"] == "OK" {
            self.unregister();
        }
        Some(())
    }

    pub(super) fn unregister(&mut self) {
        self.press("UnregisterFromClientEvents");
    }

    /// Everything that comes until nothing comes for a while.
    pub(super) async fn rest(&mut self) -> Vec<Message> {
        let mut all = Vec::new();
        while let Some(message) = self.next(self.run.terms.silence).await {
            all.push(message);
            // A peer that never stops is no reason to wait forever.
            if all.len() > 500 {
                break;
            }
        }
        all
    }

    /// Checks that nothing comes.
    pub(super) async fn silent(&mut self, of: &'static Requirement) {
        let came = self.rest().await;
        self.no(of, &came, "nothing", |_| true);
    }

    /// Checks that none of these envelopes has such an event.
    pub(super) fn no(
        &mut self,
        of: &'static Requirement,
        among: &[Message],
        expected: &str,
        wrong: impl Fn(&Value) -> bool,
    ) {
        let found =
            among.iter().find(|message| events(message).iter().any(&wrong) || events(message).is_empty());
        match found {
            Some(message) => {
                self.run.findings.check(of, false, expected, &message.bytes);
            }
            None => self.run.findings.held(of),
        }
    }

    /// Waits for an envelope with such an event, and returns both.
    pub(super) async fn event(
        &mut self,
        of: &'static Requirement,
        expected: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> Option<(Value, Message)> {
        let until = Instant::now() + self.run.terms.timeout;
        let mut names = Vec::new();
        while let Some(message) = self.next(until.saturating_duration_since(Instant::now())).await {
            if let Some(found) = events(&message).iter().find(|event| fits(event)) {
                self.check(of, true, "", &message);
                return Some((found.clone(), message));
            }
            names.extend(events(&message).iter().map(|event| event::name(event).to_owned()));
        }
        let came = format!("nothing within {:?} but {}", self.run.terms.timeout, names.join(", "));
        self.run.findings.deviates(of, expected, came.trim_end_matches(" but "));
        None
    }

    /// Waits for an event about a contact with this status.
    pub(super) async fn status(
        &mut self,
        of: &'static Requirement,
        contact: &str,
        status: &str,
    ) -> Option<(Value, Message)> {
        let fits = |event: &Value| {
            event::name(event) == CALL && event["ContactID"] == contact && event["Status"] == status
        };
        self.event(of, &format!("CallContactEvent of {contact} with {status}"), fits).await
    }

    /// Checks a message.
    pub(super) fn check(
        &mut self,
        of: &'static Requirement,
        holds: bool,
        expected: &str,
        message: &Message,
    ) -> bool {
        self.run.findings.check(of, holds, expected, &message.bytes)
    }
}

/// The registration with these keys.
pub(super) fn registration(keys: &Value) -> Value {
    let mut message = json!({ "messageType": "RegisterForClientEvents", "issuer": "Conform" });
    for (key, value) in keys.as_object().into_iter().flatten() {
        message[key] = value.clone();
    }
    message
}

/// The events of an envelope.
pub(super) fn events(message: &Message) -> &[Value] {
    message.at("/events").as_array().map_or(&[], Vec::as_slice)
}

/// The acknowledgement in an envelope; null without one.
pub(super) fn ack(message: &Message) -> Value {
    events(message).iter().find(|event| event::name(event) == ACK).cloned().unwrap_or_default()
}

/// A contact ID of a registration as it is in the envelope.
fn as_contact(id: &Value) -> Option<Value> {
    match id {
        Value::String(id) if id.is_empty() => None,
        Value::String(id) => Some(number(id)),
        Value::Null => None,
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(id.clone()),
    }
}
