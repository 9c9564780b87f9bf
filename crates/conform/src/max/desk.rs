//! Tests an embedded page: the run is MAX.

mod calls;
mod requirement;
mod session;

use std::{io, time::Duration};

use serde_json::{Value, json};

use self::requirement as r;
use super::{
    DESK, Page,
    event::{self, Contact},
};
use crate::{
    Report, Step, Steps, Terms,
    page::{Came, Message, Run, Tested},
};

pub(crate) use self::requirement::ALL as REQUIREMENTS;

/// Every step that the script may need.
pub(super) const STEPS: &[Step] = &[
    Step::SignIn,
    Step::Answer,
    Step::Hold,
    Step::Resume,
    Step::Mute,
    Step::Record,
    Step::Mask,
    Step::HangUp,
    Step::Refuse,
];

/// Every `messageType` of a page (max.md §1.2).
const KINDS: [&str; 10] = [
    "RegisterForClientEvents",
    "UnregisterFromClientEvents",
    "ContactCardData",
    "AnswerEvent",
    "RefuseEvent",
    "HoldEvent",
    "MuteEvent",
    "MaskEvent",
    "RecordEvent",
    "HangupEvent",
];

/// Tests an embedded page.
///
/// # Errors
/// When the run cannot listen.
pub async fn run(page: Page, steps: &Steps, terms: &Terms) -> io::Result<Report> {
    let Page { to, browser, issuer, customer } = page;
    let run = Run::open(DESK, Tested::Frame(to), browser, steps, terms).await?;
    let mut script = Script { run, issuer, customer, document: 0, subscribed: false };
    script.everything().await;
    Ok(script.run.report().await)
}

/// The script.
struct Script<'a> {
    run: Run<'a>,
    issuer: String,
    customer: String,
    document: usize,
    /// Whether the page is subscribed.
    subscribed: bool,
}

impl Script<'_> {
    async fn everything(&mut self) -> Option<()> {
        self.registers().await?;
        self.tolerates().await;
        self.takes_a_call().await;
        self.refuses().await;
        self.loads_again().await;
        Some(())
    }

    /// The next message in time, judged.
    async fn next(&mut self, patience: Duration) -> Option<Message> {
        loop {
            match self.run.next(patience).await? {
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
        let (findings, bytes) = (&mut self.run.findings, &message.bytes[..]);
        if let Some(lost) = message.lost.first() {
            let came = format!("{lost}, in {}", String::from_utf8_lossy(bytes));
            findings.deviates(r::OBJECT, "values of JSON only", &came);
        }
        if !findings.check(r::OBJECT, message.value.is_object(), "an object", bytes) {
            return;
        }
        let kind = message.text("/messageType");
        findings.check(r::KIND, KINDS.contains(&kind), &format!("one of {}", KINDS.join(", ")), bytes);
        let issuer = message.at("/issuer");
        findings.check(r::ISSUER, issuer.is_null() || issuer.is_string(), "a text", bytes);
        let contact = message.at("/contactId");
        let whole = match contact {
            Value::Null => true,
            Value::Number(number) => number.is_u64() && number.as_u64() != Some(0),
            Value::String(text) => text.bytes().all(|byte| byte.is_ascii_digit()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
        };
        findings.check(r::CONTACT, whole, "a whole number", bytes);
        match kind {
            "RegisterForClientEvents" => {
                let first = !self.subscribed;
                findings.check(r::ONCE, first, "UnregisterFromClientEvents before it", bytes);
            }
            "UnregisterFromClientEvents" => self.subscribed = false,
            _ => {}
        }
    }

    /// Waits for a message of this kind. Others pass.
    async fn until(&mut self, kind: &str, patience: Duration) -> Option<Message> {
        let until = tokio::time::Instant::now() + patience;
        loop {
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            let message = self.next(left).await?;
            if message.text("/messageType") == kind {
                return Some(message);
            }
        }
    }

    /// Everything that comes until nothing comes for a while.
    async fn rest(&mut self) -> Vec<Message> {
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

    /// Sends an envelope with these events.
    fn send(&mut self, events: &[Value]) {
        let envelope = json!({ "issuer": self.issuer, "contactId": null, "events": events });
        self.run.post(self.document, &envelope);
    }

    /// Shows a call with this status, and the agent's state and leg.
    fn shows(&mut self, id: &str, status: &str, state: &str, leg: &str) {
        let customer = self.customer.clone();
        let call = Contact { id, customer: &customer }.event(status, false, status == "Disconnected");
        self.send(&[call, event::agent_state(state), event::agent_leg(id, leg)]);
    }
}
