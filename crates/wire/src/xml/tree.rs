//! A document as a tree.

use compact_str::CompactString;

use super::Scope;

/// An element with its contents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// The name as written.
    pub name: CompactString,
    /// Names and values in document order, without duplicates.
    pub attributes: Vec<(CompactString, CompactString)>,
    /// The contents in document order.
    pub children: Vec<Node>,
    /// The namespaces in scope.
    pub scope: Scope,
}

/// An item in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text, in one piece even if it contained entities and CDATA sections.
    Text(CompactString),
}

impl Element {
    /// The name without the prefix.
    pub fn local(&self) -> &str {
        split(&self.name).1
    }

    /// The namespace of the name.
    pub fn namespace(&self) -> Option<&str> {
        self.scope.namespace(split(&self.name).0)
    }

    /// Whether the element has this name in this namespace.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.local() == local && self.namespace() == Some(namespace)
    }

    /// The value of a prefixed attribute, by the namespace of its prefix.
    pub fn attribute_in(&self, namespace: &str, local: &str) -> Option<&str> {
        let fits = |name: &str| {
            let (prefix, found) = split(name);
            found == local && !prefix.is_empty() && self.scope.namespace(prefix) == Some(namespace)
        };
        self.attributes.iter().find(|(name, _)| fits(name)).map(|(_, value)| value.as_str())
    }

    /// Resolves a name in a text or value, such as `s:Client`, to its namespace and local name. `None` when the prefix
    /// is not declared.
    pub fn resolve<'a>(&'a self, name: &'a str) -> Option<(Option<&'a str>, &'a str)> {
        let (prefix, local) = split(name.trim());
        let namespace = self.scope.namespace(prefix);
        (prefix.is_empty() || namespace.is_some()).then_some((namespace, local))
    }

    /// The first child element with this local name, in any namespace.
    pub fn first(&self, local: &str) -> Option<&Element> {
        self.elements().find(|element| element.local() == local)
    }

    /// The value of an attribute, by its name as written.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The text directly within the element.
    pub fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect()
    }
}

/// The prefix and the local name; the prefix is empty when there is none.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
