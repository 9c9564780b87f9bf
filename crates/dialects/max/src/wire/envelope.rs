//! What MAX posts to a page (max.md §5).

use serde_json::{Value, json};

use super::{ContactId, Event, Hosts, limits::EVENTS_MAX};

/// Events for one page, with the contact that its subscription is tied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Who says so: `MAX`, or `CXA` for CXone Agent.
    pub issuer: String,
    /// The subscription's contact; not that of the events.
    pub contact: Option<ContactId>,
    /// What happened, in order; never empty.
    pub events: Vec<Event>,
}

impl Envelope {
    /// The message.
    pub fn to_value(&self, hosts: &Hosts) -> Value {
        let contact = self.contact.as_ref().map_or(Value::Null, ContactId::to_value);
        let events: Vec<Value> = self.events.iter().map(|event| event.to_value(hosts)).collect();
        json!({"issuer": self.issuer, "contactId": contact, "events": events})
    }

    /// Reads a message. `None`: it is no envelope. Events that mean nothing here are [`Event::Other`].
    pub fn parse(message: &Value) -> Option<Self> {
        let issuer = message.get("issuer")?.as_str()?.to_owned();
        let events = message.get("events")?.as_array()?.iter().take(EVENTS_MAX);
        let contact = ContactId::given(message.get("contactId")).ok().flatten();
        Some(Self { issuer, contact, events: events.filter_map(Event::parse).collect() })
    }
}
