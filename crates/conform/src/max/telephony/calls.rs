//! Calls and commands.

use serde_json::{Value, json};

use super::{Script, r, talk::events};
use crate::{
    Requirement, Step,
    max::event::{self, CALL},
};

/// What needs a call.
const OF_CALL: &[&Requirement] = &[
    r::INCOMING,
    r::ANI,
    r::AT_ONCE,
    r::ANSWERS,
    r::HOLDS,
    r::MUTES,
    r::RECORDS,
    r::MASKS,
    r::HANGS_UP,
    r::CARD,
    r::COMPLETE,
    r::CONTACTS,
    r::ONE_CONTACT,
    r::NAMES_IT,
    r::PANEL,
    r::REFUSES,
];

impl Script<'_> {
    /// A call that is answered and ended by commands.
    pub(super) async fn takes_a_call(&mut self) -> Option<()> {
        let contact = self.rings().await?;
        self.talk.press("AnswerEvent");
        self.talk.status(r::ANSWERS, &contact, "Active").await?;
        self.talk.rest().await;
        self.presses(&contact).await;
        self.filters(&contact).await;
        self.panel(&contact).await;
        self.hangs_up(&contact).await
    }

    /// Registers for everything and waits for a call. Returns its contact.
    async fn rings(&mut self) -> Option<String> {
        self.talk.accepted(r::ACCEPTS, &json!({ "subscriptionTypes": ["all"] })).await?;
        // An agent may be ready already.
        let _ = self.talk.run.takes(Step::Ready).await;
        self.talk.rest().await;
        if !self.talk.run.step(Step::Ring, OF_CALL).await {
            return None;
        }
        let incoming = |event: &Value| event::name(event) == CALL && event["Status"] == "Incoming";
        let (call, message) =
            self.talk.event(r::INCOMING, "CallContactEvent with Incoming", incoming).await?;
        let inbound = call["IsInbound"] == "True";
        self.talk.check(r::INCOMING, inbound, "IsInbound True", &message);
        let ani = call["ANI"].as_str().unwrap_or_default().to_owned();
        let right = !ani.is_empty() && self.customer.as_ref().is_none_or(|customer| *customer == ani);
        let expected = format!("ANI {}", self.customer.as_deref().unwrap_or("with a number"));
        self.talk.check(r::ANI, right, &expected, &message);
        let state = events(&message).iter().any(|event| event["CurrentState"] == "InboundContact");
        self.talk.check(r::AT_ONCE, state, "AgentState InboundContact in the same envelope", &message);
        self.talk.rest().await;
        Some(call["ContactID"].as_str().unwrap_or_default().to_owned())
    }

    /// Every button during the call.
    async fn presses(&mut self, contact: &str) -> Option<()> {
        self.talk.post(&json!({
            "messageType": "ContactCardData", "issuer": "Conform",
            "contactCardData": { "name": "Conform Customer" }
        }));
        self.talk.silent(r::CARD).await;
        self.talk.press("AnswerEvent");
        self.talk.silent(r::NO_BUTTON).await;
        for status in ["Holding", "Active"] {
            self.talk.press("HoldEvent");
            self.talk.status(r::HOLDS, contact, status).await?;
            self.talk.rest().await;
        }
        for muted in ["True", "False"] {
            self.talk.press("MuteEvent");
            let is = |event: &Value| event::name(event) == "Mute" && event["AgentMuted"] == muted;
            self.talk.event(r::MUTES, &format!("Mute with AgentMuted {muted}"), is).await?;
            self.talk.rest().await;
        }
        self.talk.press("RecordEvent");
        let is = |event: &Value| event::name(event) == CALL && event["IsLogging"] == "True";
        self.talk.event(r::RECORDS, "CallContactEvent with IsLogging True", is).await?;
        self.talk.rest().await;
        self.talk.press("RecordEvent");
        let came = self.talk.rest().await;
        self.talk.no(r::RECORDS, &came, "nothing", |event| event["IsLogging"] == "False");
        for status in ["Masking", "Active"] {
            self.talk.press("MaskEvent");
            self.talk.status(r::MASKS, contact, status).await?;
            self.talk.rest().await;
        }
        Some(())
    }

    async fn hangs_up(&mut self, contact: &str) -> Option<()> {
        self.talk.accepted(r::ACCEPTS, &json!({ "subscriptionTypes": ["all"] })).await?;
        self.talk.command("HangupEvent", contact);
        let (mut last, _) = self.talk.status(r::HANGS_UP, contact, "Disconnected").await?;
        if last["FinalState"] != "True" {
            let of_contact = contact.to_owned();
            let is = move |event: &Value| event["ContactID"] == of_contact && event["FinalState"] == "True";
            let expected = "Disconnected with FinalState True; complete the interaction";
            (last, _) = self.talk.event(r::COMPLETE, expected, is).await?;
        }
        let came = self.talk.rest().await;
        self.talk.no(r::COMPLETE, &came, "no event of it", |event| event["ContactID"] == last["ContactID"]);
        self.talk.unregister();
        Some(())
    }

    /// A call that is rejected.
    pub(super) async fn refuses(&mut self) -> Option<()> {
        let contact = self.rings().await?;
        self.talk.command("RefuseEvent", &contact);
        self.talk.status(r::REFUSES, &contact, "Disconnected").await?;
        self.talk.rest().await;
        self.talk.unregister();
        Some(())
    }
}
