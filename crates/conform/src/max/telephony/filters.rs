//! Which events a subscription gets during a call.

use serde_json::{Value, json};

use super::{
    Script, r,
    talk::{ack, events, registration},
};
use crate::max::event::{self, CALL, is_of_contact, number};

impl Script<'_> {
    /// Subscribes with different types, while the call is held and resumed. The subscription for everything ends.
    pub(super) async fn filters(&mut self, contact: &str) -> Option<()> {
        self.talk.unregister();
        self.talk.accepted(r::AGENT, &json!({ "subscriptionTypes": ["agent"] })).await?;
        let came = self.holds_and_mutes(contact).await;
        self.talk.no(r::AGENT, &came, "no event of a contact", is_of_contact);
        self.talk.unregister();

        let first = self.talk.accepted(r::CONTACTS, &json!({ "subscriptionTypes": ["contacts"] })).await?;
        let listed = events(&first).iter().any(|event| event["ContactID"] == contact);
        self.talk.check(r::CONTACTS, listed, &format!("the contact {contact}"), &first);
        let came = self.holds_and_mutes(contact).await;
        self.talk.no(r::CONTACTS, &came, "events of contacts", |event| !is_of_contact(event));
        self.talk.unregister();

        self.talk.accepted(r::SESSION, &json!({ "subscriptionTypes": ["sessioninfo"] })).await?;
        let came = self.holds_and_mutes(contact).await;
        self.talk.no(r::SESSION, &came, "nothing", |_| true);
        self.talk.unregister();

        let named = json!({ "contactId": number(contact), "subscriptionTypes": ["contact"] });
        let first = self.talk.accepted(r::ONE_CONTACT, &named).await?;
        let listed = events(&first).iter().any(|event| event["ContactID"] == contact);
        self.talk.check(r::ONE_CONTACT, listed, &format!("the contact {contact}"), &first);
        self.talk.command("HoldEvent", contact);
        self.talk.status(r::ONE_CONTACT, contact, "Holding").await;
        self.talk.unregister();

        let named = json!({ "contactId": number(contact), "subscriptionTypes": ["sessioninfo"] });
        self.talk.accepted(r::NAMES_IT, &named).await?;
        self.talk.command("HoldEvent", contact);
        self.talk.status(r::NAMES_IT, contact, "Active").await;
        self.talk.unregister();
        self.talk.rest().await;
        Some(())
    }

    /// Holds and resumes, mutes and unmutes. Returns what came.
    async fn holds_and_mutes(&mut self, contact: &str) -> Vec<crate::page::Message> {
        let mut came = Vec::new();
        for button in ["HoldEvent", "HoldEvent", "MuteEvent", "MuteEvent"] {
            self.talk.command(button, contact);
            came.extend(self.talk.rest().await);
        }
        came
    }

    /// The page in the contact panel, if there is one.
    pub(super) async fn panel(&mut self, contact: &str) -> Option<()> {
        let Some(panel) = self.talk.panel else {
            let why = "no contact panel was opened whose address has ?panel";
            self.talk.run.findings.not_reached(&[r::PANEL], why);
            return None;
        };
        self.talk.to_panel.clear();
        self.talk.run.post(panel, &registration(&json!({ "subscriptionTypes": ["contact"] })));
        self.talk.rest().await;
        let came = std::mem::take(&mut self.talk.to_panel);
        let Some(first) = came.first() else {
            self.talk.run.findings.deviates(r::PANEL, "an answer to the panel", "nothing");
            return None;
        };
        let right = ack(first)["status"] == "OK" && ack(first)["contactId"] == number(contact);
        self.talk.check(r::PANEL, right, &format!("OK with the contact {contact}"), first);
        let own = |event: &Value| event::name(event) != CALL || event["ContactID"] == contact;
        let right = events(first).iter().all(own) && events(first).iter().any(is_of_contact);
        self.talk.check(r::PANEL, right, "this contact only", first);
        let unregister = json!({ "messageType": "UnregisterFromClientEvents", "issuer": "Conform" });
        self.talk.run.post(panel, &unregister);
        Some(())
    }
}
