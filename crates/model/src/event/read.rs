//! Reads events from JSON. The `type` selects the enum that parses the event. Our own JSON has `type` first; other JSON
//! can have it anywhere.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use super::{AgentEvent, ConversationEvent, DetailEvent, Event, FloorEvent, InteractionEvent, LinkEvent};

/// The JSON field that names the event.
const TYPE: &str = "type";

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Events)
    }
}

struct Events;

impl<'de> Visitor<'de> for Events {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Event, M::Error> {
        let mut before = Map::new();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key != TYPE {
                before.insert(key.into_owned(), map.next_value()?);
                continue;
            }
            let word: String = map.next_value()?;
            if before.is_empty() {
                return Group::of(&word).read(MapAccessDeserializer::new(Tagged::new(word, map)));
            }
            while let Some((key, value)) = map.next_entry()? {
                before.insert(key, value);
            }
            let group = Group::of(&word);
            before.insert(TYPE.to_owned(), Value::String(word));
            return group.read(Value::Object(before)).map_err(M::Error::custom);
        }
        Err(M::Error::missing_field(TYPE))
    }
}

/// The enum that an event belongs to.
enum Group {
    Floor,
    Link,
    Agent,
    Interaction,
    Conversation,
    Detail,
}

impl Group {
    /// Selects the enum by the first word of the event name. Unknown names go to `InteractionEvent`, which rejects
    /// them.
    fn of(word: &str) -> Self {
        match word.split('-').next().unwrap_or_default() {
            "floor" | "queue" | "notice" => Self::Floor,
            "switch" => Self::Link,
            "agent" => Self::Agent,
            "conversation" | "parties" | "controls" => Self::Conversation,
            "data" | "contact" | "customer" | "card" | "popped" | "logged" | "recording" | "notes" => {
                Self::Detail
            }
            _ => Self::Interaction,
        }
    }

    fn read<'de, D: Deserializer<'de>>(self, event: D) -> Result<Event, D::Error> {
        match self {
            Self::Floor => FloorEvent::deserialize(event).map(Event::Floor),
            Self::Link => LinkEvent::deserialize(event).map(Event::Link),
            Self::Agent => AgentEvent::deserialize(event).map(Event::Agent),
            Self::Interaction => InteractionEvent::deserialize(event).map(Event::Interaction),
            Self::Conversation => ConversationEvent::deserialize(event).map(Event::Conversation),
            Self::Detail => DetailEvent::deserialize(event).map(Event::Detail),
        }
    }
}

/// A JSON map whose `type` was already read and is replayed as the first entry.
struct Tagged<M> {
    word: Option<String>,
    is_key_read: bool,
    rest: M,
}

impl<M> Tagged<M> {
    fn new(word: String, rest: M) -> Self {
        Self { word: Some(word), is_key_read: false, rest }
    }
}

impl<'de, M: MapAccess<'de>> MapAccess<'de> for Tagged<M> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, M::Error> {
        if self.is_key_read {
            return self.rest.next_key_seed(seed);
        }
        self.is_key_read = true;
        seed.deserialize(TYPE.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, M::Error> {
        match self.word.take() {
            Some(word) => seed.deserialize(word.into_deserializer()),
            None => self.rest.next_value_seed(seed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_as_it_was_written() {
        for text in [
            r#"{"type":"agent-desk-changed","agent":"1001","attended":true}"#,
            r#"{"type":"switch-link-changed","switch":"pbx","up":false,"features":[]}"#,
            r#"{"type":"notice-raised","notice":{"level":"info","code":"invalid","text":"x"}}"#,
            r#"{"type":"release-overdue","agent":"1001","interaction":"01890000-0000-7000-8000-000000000000"}"#,
        ] {
            let event: Event = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&event).unwrap(), text);
        }
    }

    #[test]
    fn the_type_may_come_later() {
        let text = r#"{"attended":true,"type":"agent-desk-changed","agent":"1001"}"#;
        let event: Event = serde_json::from_str(text).unwrap();
        assert_eq!(event.as_str(), "agent-desk-changed");
    }

    #[test]
    fn what_is_no_event_is_refused_by_name() {
        let error = |text: &str| serde_json::from_str::<Event>(text).unwrap_err().to_string();
        assert!(error(r#"{"agent":"1001"}"#).starts_with("missing field `type`"));
        assert!(error(r#"{"type":"agent-slept","agent":"1001"}"#).contains("agent-slept"));
        assert!(error(r#"{"agent":"1001","type":"agent-desk-changed"}"#).contains("attended"));
        assert!(error(r#"{"type":"sang"}"#).contains("sang"));
    }
}
