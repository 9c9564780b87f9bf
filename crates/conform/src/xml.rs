//! XML as a tree, with everything in it that a protocol may forbid.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

/// An element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The name as written, with its prefix.
    pub(crate) name: String,
    /// The attributes in their order.
    pub(crate) attributes: Vec<(String, String)>,
    /// The elements in it.
    pub(crate) children: Vec<Element>,
    /// The text in it.
    pub(crate) text: String,
}

/// A document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    /// The outermost element.
    pub(crate) root: Element,
    /// Whether it has an XML declaration.
    pub(crate) declaration: bool,
    /// Whether it has a DOCTYPE.
    pub(crate) doctype: bool,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document. `None` when it is not well-formed.
pub(crate) fn read(bytes: &[u8]) -> Option<Document> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader::from_str(text);
    let (mut document, mut open, mut root) = (Document::default(), Vec::<Element>::new(), None);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => close(element(&start)?, &mut open, &mut root)?,
            Event::End(_) => close(open.pop()?, &mut open, &mut root)?,
            Event::Text(text) => add(&text, &mut open)?,
            Event::CData(text) => add(&text, &mut open)?,
            Event::GeneralRef(name) => {
                let written = format!("&{};", &*name);
                add(&quick_xml::escape::unescape(&written).ok()?, &mut open)?;
            }
            Event::Decl(_) => document.declaration = true,
            Event::DocType(_) => document.doctype = true,
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    document.root = root.filter(|_| open.is_empty())?;
    Some(document)
}

fn element(start: &BytesStart<'_>) -> Option<Element> {
    let name = start.name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.as_ref().to_owned();
        attributes.push((name, attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()));
    }
    Some(Element { name, attributes, ..Element::default() })
}

/// Puts a complete element into the one around it. A second outermost element is an error.
fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Option<()> {
    match open.last_mut() {
        Some(around) => around.children.push(element),
        None if root.is_none() => *root = Some(element),
        None => return None,
    }
    Some(())
}

/// Adds text to the innermost element. Only white space may be outside of the outermost one.
fn add(text: &str, open: &mut [Element]) -> Option<()> {
    match open.last_mut() {
        Some(around) => around.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_with_what_a_protocol_may_forbid() {
        let read = |text: &str| read(text.as_bytes());
        let document = read("<?xml version='1.0'?><!DOCTYPE a><s:a b='1&amp;2'><c/>x&lt;y</s:a>").unwrap();
        assert!(document.declaration && document.doctype);
        assert_eq!(document.root.name, "s:a");
        assert_eq!(document.root.attribute("b"), Some("1&2"));
        assert_eq!((document.root.children.len(), document.root.text.as_str()), (1, "x<y"));
        for wrong in ["", "a", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "<a b=1/>"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
