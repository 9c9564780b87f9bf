//! The answer of MAX to a registration (max.md §4.1).

use serde_json::{Value, json};

use super::{ContactId, text::member};

/// The `messageType` of an acknowledgement.
pub(super) const ACK: &str = "ClientEventSubscriptionAcknowledge";

/// The answer of MAX to a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// The contact that the subscription is limited to.
    pub contact: Option<ContactId>,
    /// Whether the registration was accepted.
    pub result: Result<(), Refusal>,
}

/// Why a registration was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The contact ID is zero or invalid.
    InvalidContactId,
    /// None of the types is valid.
    InvalidSubscriptionTypes,
    /// For a reason that is not known.
    Other,
}

impl Refusal {
    /// The text in `reason`.
    pub fn text(self) -> &'static str {
        match self {
            Self::InvalidContactId => "Invalid Contact Id",
            Self::InvalidSubscriptionTypes => "Invalid Subscription Types",
            Self::Other => "Error",
        }
    }

    /// Parses a reason. CXone Agent adds a full stop.
    fn parse(text: &str) -> Self {
        let known = [Self::InvalidContactId, Self::InvalidSubscriptionTypes];
        known.into_iter().find(|refusal| text.starts_with(refusal.text())).unwrap_or(Self::Other)
    }
}

impl Ack {
    pub(super) fn to_value(&self) -> Value {
        let contact = self.contact.as_ref().map_or(Value::Null, ContactId::to_value);
        let (status, reason) = match self.result {
            Ok(()) => ("OK", "Success"),
            Err(refusal) => ("ERROR", refusal.text()),
        };
        json!({"messageType": ACK, "contactId": contact, "status": status, "reason": reason})
    }

    pub(super) fn parse(event: &Value) -> Self {
        let text = |name| member(event, name).and_then(Value::as_str).unwrap_or_default();
        let contact = ContactId::given(member(event, "contactId")).ok().flatten();
        let good = text("status").eq_ignore_ascii_case("ok");
        let result = if good { Ok(()) } else { Err(Refusal::parse(text("reason"))) };
        Self { contact, result }
    }
}
