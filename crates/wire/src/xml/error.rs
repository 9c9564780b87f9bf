//! Why a document is refused.

/// Why a document is refused. Each limit is named with what was found and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too long as a whole.
    #[error("xml has {bytes} bytes, at most {bytes_max} are allowed")]
    Bytes {
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// Too many elements within each other.
    #[error("xml nested deeper than {depth_max} elements")]
    Depth {
        /// Elements allowed.
        depth_max: usize,
    },
    /// Too many elements.
    #[error("xml has more than {elements_max} elements")]
    Elements {
        /// Elements allowed.
        elements_max: usize,
    },
    /// Too many attributes at one element.
    #[error("xml element {element} has more than {attributes_max} attributes")]
    Attributes {
        /// Which element.
        element: String,
        /// Attributes allowed.
        attributes_max: usize,
    },
    /// An attribute's value is too long.
    #[error("xml attribute {attribute} has {bytes} bytes, at most {value_bytes_max} are allowed")]
    Value {
        /// Which attribute.
        attribute: String,
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        value_bytes_max: usize,
    },
    /// Too many namespaces are declared at one place.
    #[error("xml element {element} stands within more than {namespaces_max} namespaces")]
    Namespaces {
        /// Which element.
        element: String,
        /// Namespaces allowed.
        namespaces_max: usize,
    },
    /// A prefix stands for no namespace.
    #[error("xml name {name} has a prefix that is not declared")]
    Prefix {
        /// Which name.
        name: String,
    },
    /// An element has too much text.
    #[error("xml element {element} has more than {text_bytes_max} bytes of text")]
    Text {
        /// Which element.
        element: String,
        /// Bytes allowed.
        text_bytes_max: usize,
    },
    /// Not UTF-8.
    #[error("xml is not utf-8 at byte {at}")]
    NotUtf8 {
        /// The first byte that is not.
        at: usize,
    },
    /// An encoding is declared that is not the one we read.
    #[error("xml is declared as {encoding}, only utf-8 is read")]
    Encoding {
        /// What is declared.
        encoding: String,
    },
    /// Document types are not read: they can declare entities.
    #[error("xml has a document type")]
    DocumentType,
    /// Only the five entities of XML itself are known.
    #[error("xml refers to the unknown entity {name:?}")]
    Entity {
        /// Which.
        name: String,
    },
    /// A character that XML does not allow, as itself or by reference.
    #[error("xml holds the forbidden character U+{code:04X}")]
    Character {
        /// Its code point.
        code: u32,
    },
    /// An attribute stands twice at one element.
    #[error("xml element {element} has the attribute {attribute} twice")]
    Twice {
        /// Which element.
        element: String,
        /// Which attribute.
        attribute: String,
    },
    /// The document has no element, or ends within one.
    #[error("xml ends within {open} open elements")]
    Truncated {
        /// How many; 0 when there was none at all.
        open: usize,
    },
    /// Something stands beside the root.
    #[error("xml has more than one root")]
    Beside,
    /// Anything else that is not XML.
    #[error("xml is not well-formed at byte {at}: {why}")]
    NotWellFormed {
        /// Where.
        at: u64,
        /// What is wrong.
        why: String,
    },
}
