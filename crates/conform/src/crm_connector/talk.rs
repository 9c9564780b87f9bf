//! The messages of both ends.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    Requirement,
    page::{Came, Message, Run},
};

/// The requirements for every message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Each {
    /// `type` of the tested end.
    pub(super) kind: &'static str,
    /// `type` of the run.
    pub(super) own: &'static str,
    /// What `action` can be.
    pub(super) actions: &'static [&'static str],
    /// It is an object of JSON values.
    pub(super) object: &'static Requirement,
    /// Its `type` is that of this end.
    pub(super) kind_is: &'static Requirement,
    /// Its `action` is known.
    pub(super) known: &'static Requirement,
}

/// The conversation with the tested end.
pub(super) struct Talk<'a> {
    pub(super) run: Run<'a>,
    each: Each,
    /// The document of the page that talks to the tested end.
    pub(super) document: usize,
    /// Messages that have been judged and that nobody has waited for.
    passed: Vec<Message>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(run: Run<'a>, each: Each) -> Self {
        Self { run, each, document: 0, passed: Vec::new() }
    }

    /// The next message in time, judged.
    pub(super) async fn next(&mut self, patience: Duration) -> Option<Message> {
        let until = Instant::now() + patience.min(Duration::from_secs(86_400));
        loop {
            match self.run.next(until.saturating_duration_since(Instant::now())).await? {
                Came::Loaded { document, .. } => self.document = document,
                Came::Message(message) => {
                    self.document = message.document;
                    self.judge(&message);
                    return Some(message);
                }
            }
        }
    }

    fn judge(&mut self, message: &Message) {
        let Each { kind, actions, object, kind_is, known, .. } = self.each;
        let (findings, bytes) = (&mut self.run.findings, &message.bytes[..]);
        if let Some(lost) = message.lost.first() {
            findings.deviates(
                object,
                "values of JSON only",
                &format!("{lost}, in {}", String::from_utf8_lossy(bytes)),
            );
        }
        if findings.check(object, message.value.is_object(), "an object", bytes) {
            findings.check(kind_is, message.text("/type") == kind, &format!("type {kind}"), bytes);
            let is_known = actions.contains(&message.text("/action"));
            findings.check(known, is_known, &format!("one of {}", actions.join(", ")), bytes);
        }
    }

    /// Waits for a message with this action. Others before it have passed.
    pub(super) async fn until(&mut self, action: &str, patience: Duration) -> Option<Message> {
        let until = Instant::now() + patience;
        while let Some(message) = self.next(until.saturating_duration_since(Instant::now())).await {
            if message.text("/action") == action {
                return Some(message);
            }
            self.passed.push(message);
        }
        None
    }

    /// Waits for a message that a requirement demands.
    pub(super) async fn expect(&mut self, of: &'static Requirement, action: &str) -> Option<Message> {
        let timeout = self.run.terms.timeout;
        let found = self.until(action, timeout).await;
        match &found {
            Some(message) => {
                self.run.findings.check(of, true, "", &message.bytes);
            }
            None => {
                let others: Vec<&str> = self.passed.iter().map(|message| message.text("/action")).collect();
                let came = match others.is_empty() {
                    true => format!("nothing within {timeout:?}"),
                    false => format!("nothing within {timeout:?} but {}", others.join(", ")),
                };
                self.run.findings.deviates(of, &format!("the message {action}"), &came);
            }
        }
        found
    }

    /// Everything that comes until nothing comes for a while, with what has passed before.
    pub(super) async fn rest(&mut self) -> Vec<Message> {
        let mut all = std::mem::take(&mut self.passed);
        while let Some(message) = self.next(self.run.terms.silence).await {
            all.push(message);
            // A peer that never stops is no reason to wait forever.
            if all.len() > 500 {
                break;
            }
        }
        all
    }

    /// What has passed before, without waiting.
    pub(super) fn passed(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.passed)
    }

    /// Checks that none of these messages has one of the actions.
    pub(super) fn none(&mut self, of: &'static Requirement, among: &[Message], actions: &[&str]) {
        self.no(of, among, &format!("no {}", actions.join(" and no ")), |action| actions.contains(&action));
    }

    /// Checks that all of these messages have one of the actions, or that there are none.
    pub(super) fn only(&mut self, of: &'static Requirement, among: &[Message], actions: &[&str]) {
        self.no(of, among, "no answer", |action| !actions.contains(&action));
    }

    fn no(
        &mut self,
        of: &'static Requirement,
        among: &[Message],
        expected: &str,
        wrong: impl Fn(&str) -> bool,
    ) {
        match among.iter().find(|message| wrong(message.text("/action"))) {
            Some(message) => {
                self.run.findings.check(of, false, expected, &message.bytes);
            }
            None => self.run.findings.held(of),
        }
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

    /// Sends an action with this payload; null sends none.
    pub(super) fn send(&mut self, action: &str, data: &Value) {
        let message = self.message(action, data);
        self.run.post(self.document, &message);
    }

    /// Sends something that is no message of this protocol.
    pub(super) fn raw(&mut self, value: &Value) {
        self.run.post(self.document, value);
    }

    /// Sends an action from a window of another origin.
    pub(super) fn send_as_stranger(&mut self, action: &str, data: &Value) {
        let message = self.message(action, data);
        self.run.post_as_stranger(self.document, &message);
    }

    fn message(&self, action: &str, data: &Value) -> Value {
        let mut message = json!({ "type": self.each.own, "action": action });
        if !data.is_null() {
            message["data"] = data.clone();
        }
        message
    }
}
