//! Whole messages.

use super::{
    Addressed, Refusal, Security, Token, Validity, Version, WSA, WSU, fault::Fault, heads::Heads, security,
};
use crate::xml::{self, Element, Limits, Node, Writer};

/// A message that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its version.
    pub version: Version,
    /// How it is addressed, if it is.
    pub addressed: Option<Addressed>,
    /// `wsa:Action`.
    pub action: Option<String>,
    /// `wsa:RelatesTo`.
    pub relates_to: Option<String>,
    /// What it says of its sender.
    pub security: Option<Security>,
    /// The first element in the body; a body may be empty.
    pub body: Option<Element>,
}

impl Message {
    /// Reads a message that came as `version`.
    ///
    /// Fails with a bare status where it is no envelope of that version, and with a fault where a header cannot be taken.
    pub fn read(document: &[u8], version: Version, limits: &Limits) -> Result<Self, Refusal> {
        if document.len() > limits.bytes_max {
            return Err(Refusal::TooLarge);
        }
        let envelope = xml::parse(document, limits).map_err(Refusal::NotXml)?;
        if !envelope.is(version.namespace(), "Envelope") {
            return Err(Refusal::NotEnvelope);
        }
        let header = envelope.elements().find(|child| child.is(version.namespace(), "Header"));
        let addressed = header.and_then(Addressed::find);
        let heads = header.map(|header| Heads::read(version, header)).transpose();
        let heads = match heads {
            Ok(heads) => heads.unwrap_or_default(),
            Err(fault) => return Err(Refusal::Fault { fault, addressed }),
        };
        let Heads { action, message_id: _, relates_to, security } = heads;
        let body = into_elements(envelope).find(|child| child.is(version.namespace(), "Body"));
        let body = into_elements(body.ok_or(Refusal::NotEnvelope)?).next();
        Ok(Self { version, addressed, action, relates_to, security, body })
    }

    /// The fault that the message is, if it is one.
    pub fn fault(&self) -> Option<Fault> {
        let body = self.body.as_ref()?;
        body.is(self.version.namespace(), "Fault").then(|| Fault::read(self.version, body))
    }
}

fn into_elements(element: Element) -> impl Iterator<Item = Element> {
    element.children.into_iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    })
}

/// What stands before the body of a message that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// The version of SOAP.
    pub version: Version,
    /// What it asks or answers; WS-Addressing is written when it is given.
    pub action: Option<&'a str>,
    /// Its own id.
    pub message_id: Option<&'a str>,
    /// The id of the message that it answers.
    pub relates_to: Option<&'a str>,
    /// Where it goes.
    pub to: Option<&'a str>,
    /// When it is good.
    pub validity: Option<Validity>,
    /// Who sends it.
    pub token: Option<&'a Token>,
    /// Namespace and name of the header that was not understood; in faults of SOAP 1.2.
    pub not_understood: Option<(&'a str, &'a str)>,
}

impl<'a> Head<'a> {
    /// A message without headers.
    pub fn new(version: Version) -> Self {
        Self {
            version,
            action: None,
            message_id: None,
            relates_to: None,
            to: None,
            validity: None,
            token: None,
            not_understood: None,
        }
    }

    /// An answer: what it answers is named where it had an id.
    pub fn answering(version: Version, action: Option<&'a str>, request: Option<&'a str>) -> Self {
        Self { action, relates_to: request, ..Self::new(version) }
    }

    fn is_empty(&self) -> bool {
        self.action.is_none()
            && self.validity.is_none()
            && self.token.is_none()
            && self.not_understood.is_none()
    }

    fn write(&self, xml: &mut Writer) {
        if self.is_empty() {
            return;
        }
        xml.open("s:Header", &[]);
        if let Some((namespace, local)) = self.not_understood {
            xml.empty("s:NotUnderstood", &[("xmlns:f", namespace), ("qname", &format!("f:{local}"))]);
        }
        if let Some(action) = self.action {
            xml.leaf("wsa:Action", &[("s:mustUnderstand", "1")], action);
            self.write_addresses(xml);
        }
        if self.validity.is_some() || self.token.is_some() {
            security::write(xml, self.validity, self.token);
        }
        xml.close();
    }

    fn write_addresses(&self, xml: &mut Writer) {
        if let Some(id) = self.relates_to {
            xml.leaf("wsa:RelatesTo", &[], id);
        }
        if let Some(id) = self.message_id {
            xml.leaf("wsa:MessageID", &[], id);
            xml.open("wsa:ReplyTo", &[]);
            xml.leaf("wsa:Address", &[], ANONYMOUS);
            xml.close();
        }
        if let Some(to) = self.to {
            xml.leaf("wsa:To", &[("s:mustUnderstand", "1")], to);
        }
    }
}

/// "Answer on this connection".
const ANONYMOUS: &str = "http://www.w3.org/2005/08/addressing/anonymous";

/// Writes a message. `body` writes what is in its body; `s` stands for the envelope's namespace.
pub fn write(head: &Head<'_>, body: impl FnOnce(&mut Writer)) -> String {
    let mut xml = Writer::new();
    let mut namespaces = vec![("xmlns:s", head.version.namespace())];
    if head.action.is_some() {
        namespaces.push(("xmlns:wsa", WSA));
    }
    if head.validity.is_some() || head.token.is_some() {
        namespaces.push(("xmlns:u", WSU));
    }
    xml.open("s:Envelope", &namespaces);
    head.write(&mut xml);
    xml.open("s:Body", &[]);
    body(&mut xml);
    xml.finish()
}
