//! SOAP messages.

use super::{
    Addressing, FaultKind, Refusal, Security, Token, Validity, Version, WSA, WSU, fault::Fault,
    headers::Headers, security,
};
use crate::xml::{self, Element, Limits, Node, Writer};

/// A message that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The SOAP version.
    pub version: Version,
    /// The WS-Addressing headers; `None` when there are none.
    pub addressed: Option<Addressing>,
    /// `wsa:Action`.
    pub action: Option<String>,
    /// `wsa:RelatesTo`.
    pub relates_to: Option<String>,
    /// The security header; `None` when there is none.
    pub security: Option<Security>,
    /// The element of the body; `None` when the body is empty.
    pub body: Option<Element>,
}

impl Message {
    /// Reads a message of a given version.
    ///
    /// Fails with a plain status when the document is not an envelope of that version, and with a fault when a header
    /// is not acceptable, or when the body has more than one element.
    pub fn read(document: &[u8], version: Version, limits: &Limits) -> Result<Self, Refusal> {
        if document.len() > limits.bytes_max {
            return Err(Refusal::TooLarge);
        }
        let envelope = xml::parse(document, limits).map_err(Refusal::NotXml)?;
        if !envelope.is(version.namespace(), "Envelope") {
            return Err(Refusal::NotEnvelope);
        }
        let header = part(&envelope, version, "Header")?;
        part(&envelope, version, "Body")?.ok_or(Refusal::NotEnvelope)?;
        let addressed = header.and_then(Addressing::find);
        let heads = header.map(|header| Headers::read(version, header)).transpose();
        let heads = match heads {
            Ok(heads) => heads.unwrap_or_default(),
            Err(fault) => return Err(Refusal::Fault { fault, addressed }),
        };
        let Headers { action, message_id: _, relates_to, security } = heads;
        let body = into_elements(envelope).find(|child| child.is(version.namespace(), "Body"));
        let mut bodies = into_elements(body.ok_or(Refusal::NotEnvelope)?);
        let body = bodies.next();
        if let Some((first, second)) = body.as_ref().zip(bodies.next()) {
            let text = format!(
                "the element Body has the elements {} and {}; expected only one",
                first.local(),
                second.local()
            );
            let fault = Fault::new(FaultKind::DeserializationFailed, text);
            return Err(Refusal::Fault { fault, addressed });
        }
        Ok(Self { version, addressed, action, relates_to, security, body })
    }

    /// The fault in the message, if there is one.
    pub fn fault(&self) -> Option<Fault> {
        let body = self.body.as_ref()?;
        body.is(self.version.namespace(), "Fault").then(|| Fault::read(self.version, body))
    }
}

/// A part of the envelope, which must not be there twice.
fn part<'a>(envelope: &'a Element, version: Version, name: &str) -> Result<Option<&'a Element>, Refusal> {
    let mut found = envelope.elements().filter(|child| child.is(version.namespace(), name));
    let first = found.next();
    if found.next().is_none() {
        return Ok(first);
    }
    let text = format!("the element Envelope has more than one {name}; expected only one");
    Err(Refusal::Fault { fault: Fault::new(FaultKind::DeserializationFailed, text), addressed: None })
}

fn into_elements(element: Element) -> impl Iterator<Item = Element> {
    element.children.into_iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    })
}

/// The headers of a message to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// The SOAP version.
    pub version: Version,
    /// The action. When given, WS-Addressing headers are written.
    pub action: Option<&'a str>,
    /// The ID of the message.
    pub message_id: Option<&'a str>,
    /// The ID of the message that it answers.
    pub relates_to: Option<&'a str>,
    /// The destination address.
    pub to: Option<&'a str>,
    /// When the message is valid.
    pub validity: Option<Validity>,
    /// The sender's credentials.
    pub token: Option<&'a Token>,
    /// In SOAP 1.2 faults: namespace and name of the header that was not understood.
    pub not_understood: Option<(&'a str, &'a str)>,
}

impl<'a> Head<'a> {
    /// Headers of a plain message.
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

    /// Headers of an answer. It refers to the request if the request had an ID.
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

/// The address that stands for "answer on this connection".
const ANONYMOUS: &str = "http://www.w3.org/2005/08/addressing/anonymous";

/// Writes a message. `body` writes the contents of its body; the prefix `s` stands for the envelope's namespace.
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
