//! SOAP envelopes, with namespaces.

use crate::xml::{self, Element};

/// The namespace of WS-Addressing 1.0.
pub(crate) const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
/// The namespace of WS-Security.
pub(crate) const SECURITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// The namespace of timestamps.
pub(crate) const UTILITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
/// The namespace of `nil`.
pub(crate) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A version of SOAP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Soap11,
    Soap12,
}

impl Version {
    /// The namespace of the envelope.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Soap11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Self::Soap12 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    /// The content type of a message.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Soap11 => "text/xml; charset=utf-8",
            Self::Soap12 => "application/soap+xml; charset=utf-8",
        }
    }

    /// Whether a header has this version's content type, with any further parameters.
    pub(crate) fn is_typed(self, header: Option<&str>) -> bool {
        let plain = header.unwrap_or_default().to_ascii_lowercase().replace([' ', '"'], "");
        let mut parts = plain.split(';');
        let kind = self.content_type().split(';').next();
        parts.next() == kind && parts.any(|part| part == "charset=utf-8")
    }
}

/// An element with resolved names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    /// The namespace; empty without one.
    pub(crate) namespace: String,
    /// The name without a prefix.
    pub(crate) name: String,
    /// Namespace, name and value of each attribute that declares no namespace.
    pub(crate) attributes: Vec<(String, String, String)>,
    /// The elements in it.
    pub(crate) children: Vec<Node>,
    /// The text in it.
    pub(crate) text: String,
}

impl Node {
    /// The first child with this name in any namespace.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child; empty without one.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// Whether it has this namespace and this name.
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, namespace: &str, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(at, known, _)| at == namespace && known == name);
        found.map(|(_, _, value)| value.as_str())
    }

    /// Whether it is null.
    pub(crate) fn is_nil(&self) -> bool {
        matches!(self.attribute(INSTANCE, "nil"), Some("true" | "1"))
    }

    /// Whether a receiver must understand it.
    pub(crate) fn must_be_understood(&self, version: Version) -> bool {
        matches!(self.attribute(version.namespace(), "mustUnderstand"), Some("true" | "1"))
    }

    /// The local part of a qualified name in the text.
    fn named(&self) -> String {
        let text = self.text.trim();
        text.split_once(':').map_or(text, |(_, name)| name).to_owned()
    }
}

fn resolve(element: &Element, around: &[(String, String)]) -> Node {
    let mut scope = around.to_vec();
    let mut plain = Vec::new();
    for (name, value) in &element.attributes {
        match name.strip_prefix("xmlns") {
            Some("") => scope.push((String::new(), value.clone())),
            Some(prefix) if prefix.starts_with(':') => scope.push((prefix[1..].to_owned(), value.clone())),
            Some(_) | None => plain.push((name, value)),
        }
    }
    let find = |prefix: &str| {
        let found = scope.iter().rev().find(|(known, _)| known == prefix);
        found.map(|(_, namespace)| namespace.clone()).unwrap_or_default()
    };
    let split = |name: &str| match name.split_once(':') {
        Some((prefix, name)) => (find(prefix), name.to_owned()),
        None => (String::new(), name.to_owned()),
    };
    let (mut namespace, name) = split(&element.name);
    if !element.name.contains(':') {
        namespace = find("");
    }
    let attribute = |(name, value): (&String, &String)| {
        let (namespace, name) = split(name);
        (namespace, name, value.clone())
    };
    let attributes = plain.into_iter().map(attribute).collect();
    let children = element.children.iter().map(|child| resolve(child, &scope)).collect();
    Node { namespace, name, attributes, children, text: element.text.clone() }
}

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    /// The version of the envelope.
    pub(crate) version: Version,
    /// The headers.
    pub(crate) headers: Vec<Node>,
    /// The elements of the body.
    pub(crate) body: Vec<Node>,
    /// Whether the document has a document type.
    pub(crate) doctype: bool,
}

impl Envelope {
    /// A header.
    pub(crate) fn header(&self, namespace: &str, name: &str) -> Option<&Node> {
        self.headers.iter().find(|header| header.is(namespace, name))
    }

    /// The fault, if it is one.
    pub(crate) fn fault(&self) -> Option<Fault> {
        let fault = self.body.first().filter(|node| node.is(self.version.namespace(), "Fault"))?;
        Some(match self.version {
            Version::Soap11 => Fault { general: None, code: fault.child("faultcode")?.named() },
            Version::Soap12 => {
                let code = fault.child("Code")?;
                let general = code.child("Value")?.named();
                let inner = code.child("Subcode").and_then(|subcode| subcode.child("Value"));
                Fault { code: inner.map_or(general.clone(), Node::named), general: Some(general) }
            }
        })
    }
}

/// A fault without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The general code, in SOAP 1.2.
    pub(crate) general: Option<String>,
    /// The code that says most: the subcode if there is one.
    pub(crate) code: String,
}

/// Reads an element with its namespaces.
pub(crate) fn node(bytes: &[u8]) -> Option<Node> {
    Some(resolve(&xml::read(bytes)?.root, &[]))
}

/// Reads an envelope. `None` when it is not one.
pub(crate) fn read(bytes: &[u8]) -> Option<Envelope> {
    let document = xml::read(bytes)?;
    let root = resolve(&document.root, &[]);
    let version = [Version::Soap11, Version::Soap12]
        .into_iter()
        .find(|version| root.is(version.namespace(), "Envelope"))?;
    let part = |name: &str| root.child(name).map(|part| part.children.clone());
    Some(Envelope {
        version,
        headers: part("Header").unwrap_or_default(),
        body: part("Body")?,
        doctype: document.doctype,
    })
}

/// Writes an envelope around headers and a body that are XML.
pub(crate) fn write(version: Version, headers: &str, body: &str) -> String {
    let namespace = version.namespace();
    format!(
        "<s:Envelope xmlns:s=\"{namespace}\"><s:Header>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_resolved_where_they_are_declared() {
        let body = "<a xmlns='urn:a' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><b:c xmlns:b='urn:b' i:nil='1'/></a>";
        let envelope = read(write(Version::Soap12, "<h xmlns='urn:h'/>", body).as_bytes()).unwrap();
        assert_eq!((envelope.version, envelope.headers.len()), (Version::Soap12, 1));
        let a = &envelope.body[0];
        assert!(a.is("urn:a", "a") && a.children[0].is("urn:b", "c") && a.children[0].is_nil());
        assert!(read(b"<a/>").is_none() && read(b"a").is_none());
    }

    #[test]
    fn faults_of_both_versions_have_their_code() {
        let old =
            "<s:Fault><faultcode xmlns:f='urn:f'>f:Bad</faultcode><faultstring>x</faultstring></s:Fault>";
        let fault = read(write(Version::Soap11, "", old).as_bytes()).unwrap().fault().unwrap();
        assert_eq!(fault, Fault { general: None, code: "Bad".to_owned() });
        let new = "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>f:Bad</s:Value></s:Subcode></s:Code></s:Fault>";
        let fault = read(write(Version::Soap12, "", new).as_bytes()).unwrap().fault().unwrap();
        assert_eq!(fault, Fault { general: Some("Sender".to_owned()), code: "Bad".to_owned() });
    }
}
