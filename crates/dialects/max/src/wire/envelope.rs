//! Messages from MAX to a page (max.md §5).

use serde_json::{Value, json};

use super::{ContactId, Event, Hosts, limits::EVENTS_MAX};

/// Events for one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The issuer: `MAX`, or `CXA` for CXone Agent.
    pub issuer: String,
    /// The contact of the subscription, not of the events.
    pub contact: Option<ContactId>,
    /// The events, in order; never empty.
    pub events: Vec<Event>,
}

impl Envelope {
    /// Prints the message.
    pub fn to_value(&self, hosts: &Hosts) -> Value {
        let contact = self.contact.as_ref().map_or(Value::Null, ContactId::to_value);
        let events: Vec<Value> = self.events.iter().map(|event| event.to_value(hosts)).collect();
        json!({"issuer": self.issuer, "contactId": contact, "events": events})
    }

    /// Parses a message. `None` if it is not an envelope. Unknown events become [`Event::Other`].
    pub fn parse(message: &Value) -> Option<Self> {
        let issuer = message.get("issuer")?.as_str()?.to_owned();
        let events = message.get("events")?.as_array()?.iter().take(EVENTS_MAX);
        let contact = ContactId::given(message.get("contactId")).ok().flatten();
        Some(Self { issuer, contact, events: events.filter_map(Event::parse).collect() })
    }
}
