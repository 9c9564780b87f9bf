//! The namespaces in scope at an element (Namespaces in XML 1.0).

use std::sync::Arc;

use compact_str::CompactString;

use super::{Error, tree::split};

/// The namespace of the prefix `xml`, which is predefined.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of the prefix `xmlns`, which is predefined.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The namespaces in scope at an element. Elements without declarations share the scope of their parent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope(Option<Arc<Declared>>);

/// The declarations of one element.
#[derive(Debug, PartialEq, Eq)]
struct Declared {
    /// Prefixes and namespaces. The prefix of the default namespace is empty, and an empty namespace undeclares it.
    own: Vec<(CompactString, CompactString)>,
    around: Scope,
    /// The number of declarations here and in the parents.
    count: usize,
}

impl Scope {
    /// The namespace of a prefix; of the default namespace for the empty prefix.
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        match prefix {
            "xml" => return Some(XML),
            "xmlns" => return Some(XMLNS),
            _ => {}
        }
        let mut scope = self;
        while let Some(declared) = &scope.0 {
            if let Some((_, namespace)) = declared.own.iter().find(|(own, _)| own == prefix) {
                return Some(namespace.as_str()).filter(|namespace| !namespace.is_empty());
            }
            scope = &declared.around;
        }
        None
    }

    fn count(&self) -> usize {
        self.0.as_ref().map_or(0, |declared| declared.count)
    }
}

/// The scope at an element: its declarations, within the scope of its parent.
pub(super) fn declare(
    around: Option<&Scope>,
    element: &str,
    attributes: &[(CompactString, CompactString)],
    namespaces_max: usize,
) -> Result<Scope, Error> {
    let around = around.cloned().unwrap_or_default();
    let own = attributes.iter().filter_map(|(name, value)| Some((declared(name)?, value)));
    let own: Vec<_> = own.map(|(prefix, value)| (CompactString::from(prefix), value.clone())).collect();
    if own.is_empty() {
        return Ok(around);
    }
    if let Some((prefix, _)) = own.iter().find(|(prefix, namespace)| is_wrong(prefix, namespace)) {
        return Err(Error::Prefix { name: format!("xmlns:{prefix}") });
    }
    let count = around.count() + own.len();
    if count > namespaces_max {
        return Err(Error::Namespaces { element: element.to_owned(), namespaces_max });
    }
    Ok(Scope(Some(Arc::new(Declared { own, around, count }))))
}

/// The prefix that an attribute declares.
fn declared(attribute: &str) -> Option<&str> {
    match split(attribute) {
        ("", "xmlns") => Some(""),
        ("xmlns", prefix) => Some(prefix),
        _ => None,
    }
}

/// Whether a declaration is forbidden: `xml` and `xmlns` cannot be declared, and a prefix must have a namespace.
fn is_wrong(prefix: &str, namespace: &str) -> bool {
    let reserved = matches!(prefix, "xml" | "xmlns") || namespace == XML || namespace == XMLNS;
    reserved || (namespace.is_empty() && !prefix.is_empty()) || prefix.contains(':')
}
