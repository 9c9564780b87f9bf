//! The registration.

use serde_json::{Value, json};

use super::{Script, r};
use crate::{
    Step,
    max::event::{self, ACK},
    page::Message,
};

const TYPES: [&str; 5] = ["all", "agent", "contact", "contacts", "sessioninfo"];

impl Script<'_> {
    /// Waits for a registration and accepts it.
    pub(super) async fn registers(&mut self) -> Option<()> {
        // A page may have an agent who has to sign in at it.
        let _ = self.run.takes(Step::SignIn).await;
        let opening = self.run.browser.opening;
        let Some(request) = self.until("RegisterForClientEvents", opening).await else {
            self.run.findings.deviates(r::REGISTERS, "RegisterForClientEvents", "nothing in time");
            return None;
        };
        self.run.findings.check(r::REGISTERS, true, "", &request.bytes);
        self.judge_types(&request);
        self.accepts(&request);
        let rest = self.rest().await;
        if !rest.iter().any(|message| message.text("/messageType") == "RegisterForClientEvents") {
            self.run.findings.held(r::ONCE);
        }
        Some(())
    }

    fn judge_types(&mut self, request: &Message) {
        let types = request.at("/subscriptionTypes").as_array();
        let known = |one: &Value| {
            let one = one.as_str().unwrap_or_default();
            TYPES.iter().any(|known| known.eq_ignore_ascii_case(one))
        };
        let right = types.is_some_and(|types| !types.is_empty() && types.iter().all(known));
        self.run.findings.check(r::TYPES, right, &format!("some of {}", TYPES.join(", ")), &request.bytes);
    }

    /// The acknowledgement and the state of an agent who is ready.
    fn accepts(&mut self, request: &Message) {
        let contact = request.at("/contactId").clone();
        let ack = json!({ "contactId": contact, "messageType": ACK, "reason": "Success", "status": "OK" });
        let token = json!({ "messageType": "SessionInfo", "sessionToken": "conform" });
        self.send(&[ack, event::agent_state("Available"), token]);
        self.subscribed = true;
    }

    /// Sends what a page does not know.
    pub(super) async fn tolerates(&mut self) {
        self.run.post(self.document, &json!({ "messageType": "startsession", "data": { "conform": [1] } }));
        self.run.post(self.document, &Value::Null);
        self.run.post(self.document, &json!("conform"));
        self.send(&[json!({ "Type": "ConformEvent", "Conform": "1" })]);
        let mut state = event::agent_state("Available");
        state["ConformKey"] = json!("1");
        self.send(&[state]);
        let came = self.rest().await;
        match came.first() {
            Some(message) => {
                self.run.findings.check(r::TOLERATES, false, "no answer", &message.bytes);
            }
            None => self.run.findings.held(r::TOLERATES),
        }
    }

    /// The document is loaded again.
    pub(super) async fn loads_again(&mut self) {
        self.run.reloads(self.document);
        self.subscribed = false;
        // A page may have to sign in the agent again.
        let _ = self.run.takes(Step::SignIn).await;
        match self.until("RegisterForClientEvents", self.run.terms.timeout).await {
            Some(request) => {
                self.run.findings.check(r::AGAIN, true, "", &request.bytes);
                self.accepts(&request);
            }
            None => self.run.findings.deviates(r::AGAIN, "RegisterForClientEvents", "nothing"),
        }
    }
}
