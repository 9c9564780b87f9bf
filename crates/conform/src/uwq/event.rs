//! Events (uwq.md §5).

use quick_xml::escape::escape;

use crate::{http::Message, xml};

/// An event as it came.
#[derive(Debug, Default)]
pub(super) struct Event {
    /// The name.
    pub(super) name: String,
    /// Names and values, in their order.
    pub(super) data: Vec<(String, String)>,
    /// Whether the document has the documented elements and attributes, and nothing else.
    pub(super) is_grammatical: bool,
    /// Whether the document has one event.
    pub(super) is_single: bool,
    /// Whether the document has neither declaration, nor DOCTYPE, nor white space.
    pub(super) is_bare: bool,
}

impl Event {
    /// The value of a pair.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.data.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The ID of the call.
    pub(super) fn source(&self) -> &str {
        self.value("occtSourceID").unwrap_or_default()
    }
}

/// Reads the first event of a document. Without one the event has no name.
pub(super) fn read(message: &Message) -> Event {
    let Some(document) = xml::read(&message.body) else { return Event::default() };
    let root = &document.root;
    let Some(event) = root.children.first() else { return Event::default() };
    let pair = |data: &xml::Element| Some((data.attribute("name")?.into(), data.attribute("value")?.into()));
    Event {
        name: event.attribute("name").unwrap_or_default().to_owned(),
        data: event.children.iter().filter_map(pair).collect(),
        is_grammatical: root.name == "CCTSDK" && root.children.iter().all(is_event),
        is_single: root.children.len() == 1,
        is_bare: !document.declaration && !document.doctype && is_dense(root),
    }
}

fn is_event(event: &xml::Element) -> bool {
    let is_data = |data: &xml::Element| {
        data.name == "data"
            && data.children.is_empty()
            && data.text.trim().is_empty()
            && has_only(data, &["name", "value"])
    };
    event.name == "event" && has_only(event, &["name"]) && event.children.iter().all(is_data)
}

fn has_only(element: &xml::Element, names: &[&str]) -> bool {
    element.attributes.len() == names.len() && names.iter().all(|name| element.attribute(name).is_some())
}

/// Whether an element has no text, in all its elements.
fn is_dense(element: &xml::Element) -> bool {
    element.text.is_empty() && element.children.iter().all(is_dense)
}

/// Writes an event.
pub(super) fn write(name: &str, data: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("<data name=\"{name}\" value=\"{}\"/>", escape(*value));
    let pairs: String = data.iter().map(pair).collect();
    format!("<CCTSDK><event name=\"{name}\">{pairs}</event></CCTSDK>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_written_and_judged() {
        let judge = |body: &str| read(&Message { body: body.into(), ..Message::default() });
        let body = write("ScreenPop", &[("occtSourceID", "c&1"), ("occtANI", "")]);
        let event = judge(&body);
        assert_eq!(
            (event.name.as_str(), event.source(), event.value("occtANI")),
            ("ScreenPop", "c&1", Some(""))
        );
        assert!(event.is_grammatical && event.is_single && event.is_bare);
        assert!(!judge(&body.replace("data", "datum")).is_grammatical);
        assert!(!judge(&body.replace("/>", ">x</data>")).is_grammatical);
        assert!(!judge(&body.replace("<event", "\n<event")).is_bare);
        assert!(!judge("<CCTSDK><event name='a'/><event name='b'/></CCTSDK>").is_single);
        assert_eq!(judge("nothing").name, "");
    }
}
