//! Registrations.

use serde_json::{Value, json};

use super::{Script, r, talk::events};
use crate::max::event::{self, ACK, is_of_contact, number};

const TYPES: &str = "Invalid Subscription Types";
const CONTACT: &str = "Invalid Contact Id";

impl Script<'_> {
    /// Valid types, without a call.
    pub(super) async fn types(&mut self) -> Option<()> {
        let agent = self.talk.accepted(r::AGENT, &json!({ "subscriptionTypes": ["agent"] })).await?;
        let is_first = events(&agent).first().is_some_and(|event| event::name(event) == ACK);
        self.talk.check(r::ACK_FIRST, is_first, "the acknowledgement first", &agent);
        let state = events(&agent).iter().any(|event| event::name(event) == "AgentState");
        let pure =
            !events(&agent).iter().any(|event| event::name(event) == "SessionInfo" || is_of_contact(event));
        self.talk.check(r::AGENT, state && pure, "AgentState, and neither contact nor token", &agent);
        self.talk.unregister();
        for (of, types) in [
            (r::ANY_CASE, json!(["AGENT"])),
            (r::ONE_VALID, json!(["conform", "agent"])),
            (r::NO_PANEL, json!(["contact"])),
        ] {
            if self.talk.accepted(of, &json!({ "subscriptionTypes": types })).await.is_some() {
                self.talk.unregister();
            }
        }
        let token = self.talk.accepted(r::SESSION, &json!({ "subscriptionTypes": ["sessioninfo"] })).await?;
        let names: Vec<&str> = events(&token).iter().map(event::name).collect();
        let right = names == [ACK, "SessionInfo"];
        self.talk.check(r::SESSION, right, "the acknowledgement and SessionInfo", &token);
        self.talk.unregister();
        Some(())
    }

    /// Registrations without a valid type.
    pub(super) async fn errors(&mut self) -> Option<()> {
        let types = |types: Value| json!({ "subscriptionTypes": types });
        self.talk.refused(r::NONE_VALID, &types(json!([])), TYPES).await?;
        // Without an effect of the first one there is an answer to the next one.
        self.talk.refused(r::NONE_VALID, &types(json!(["conform"])), TYPES).await?;
        self.talk.refused(r::NO_LIST, &json!({}), TYPES).await?;
        if self.talk.accepted(r::TRY_AGAIN, &types(json!(["agent"]))).await.is_some() {
            self.talk.unregister();
        }
        Some(())
    }

    /// Registrations with a contact.
    pub(super) async fn contact_ids(&mut self) -> Option<()> {
        let with = |contact: Value| json!({ "contactId": contact, "subscriptionTypes": ["contact"] });
        for contact in [json!(0), json!("abc")] {
            self.talk.refused(r::BAD_CONTACT, &with(contact), CONTACT).await?;
        }
        let both = json!({ "contactId": "abc", "subscriptionTypes": [] });
        self.talk.refused(r::FIRST_ERROR, &both, CONTACT).await?;
        for contact in [json!(-1), json!(1.5), json!(true), json!({}), json!([])] {
            self.talk.refused(r::ODD_CONTACT, &with(contact), CONTACT).await?;
        }
        for contact in [Value::Null, json!("")] {
            if self.talk.accepted(r::NO_CONTACT, &with(contact)).await.is_some() {
                self.talk.unregister();
            }
        }
        let unknown = "304828365";
        let digits = self.talk.accepted(r::DIGITS, &with(json!(unknown))).await?;
        let right = digits.at("/contactId") == &number(unknown);
        self.talk.check(r::DIGITS, right, &format!("the number {unknown}"), &digits);
        self.talk.unregister();
        Some(())
    }
}
