//! Calls, and the agent's commands at the page.

use super::{Script, r};
use crate::{
    Requirement, Step,
    max::event::{self, Contact},
};

/// The contacts of the run.
const FIRST: &str = "304828365";
const SECOND: &str = "304828366";

impl Script<'_> {
    /// A call that is answered and ended at the page.
    pub(super) async fn takes_a_call(&mut self) -> Option<()> {
        self.shows(FIRST, "Incoming", "InboundContact", "Dialing");
        self.rest().await;
        self.command(Step::Answer, r::ANSWER, "AnswerEvent", FIRST).await?;
        self.shows(FIRST, "Active", "InboundContact", "Active");
        self.rest().await;
        if self.command(Step::Hold, r::HOLD, "HoldEvent", FIRST).await.is_some() {
            self.shows(FIRST, "Holding", "InboundContact", "Active");
            self.rest().await;
            self.command(Step::Resume, r::RESUME, "HoldEvent", FIRST).await;
            self.shows(FIRST, "Active", "InboundContact", "Active");
            self.rest().await;
        }
        if self.command(Step::Mute, r::MUTE, "MuteEvent", FIRST).await.is_some() {
            self.send(&[event::mute(true)]);
            self.rest().await;
        }
        if self.command(Step::Record, r::RECORD, "RecordEvent", FIRST).await.is_some() {
            let customer = self.customer.clone();
            let contact = Contact { id: FIRST, customer: &customer };
            self.send(&[contact.event("Active", true, false)]);
            self.rest().await;
            if self.command(Step::Mask, r::MASK, "MaskEvent", FIRST).await.is_some() {
                self.send(&[contact.event("Masking", true, false)]);
                self.rest().await;
            }
        }
        let ended = self.command(Step::HangUp, r::HANG_UP, "HangupEvent", FIRST).await;
        self.shows(FIRST, "Disconnected", "Available", "Disconnected");
        self.rest().await;
        ended
    }

    /// A call that is rejected at the page.
    pub(super) async fn refuses(&mut self) {
        self.shows(SECOND, "Incoming", "InboundContact", "Dialing");
        self.rest().await;
        self.command(Step::Refuse, r::REFUSE, "RefuseEvent", SECOND).await;
        self.shows(SECOND, "Disconnected", "Unavailable", "Disconnected");
        self.rest().await;
    }

    /// The agent does a step at the page, which causes a command.
    async fn command(
        &mut self,
        step: Step,
        of: &'static Requirement,
        kind: &str,
        contact: &str,
    ) -> Option<()> {
        if !self.run.step(step, &[of, r::RIGHT_CONTACT, r::NO_REPEAT]).await {
            return None;
        }
        let timeout = self.run.terms.timeout;
        let Some(command) = self.until(kind, timeout).await else {
            self.run.findings.deviates(of, kind, &format!("nothing within {timeout:?}"));
            return None;
        };
        self.run.findings.check(of, true, "", &command.bytes);
        let named = command.at("/contactId");
        let right = named.is_null() || named == contact || named == &event::number(contact);
        self.run.findings.check(r::RIGHT_CONTACT, right, &format!("contactId {contact}"), &command.bytes);
        let came = self.rest().await;
        match came.iter().find(|message| message.text("/messageType") == kind) {
            Some(again) => {
                self.run.findings.check(r::NO_REPEAT, false, "one command", &again.bytes);
            }
            None => self.run.findings.held(r::NO_REPEAT),
        }
        Some(())
    }
}
