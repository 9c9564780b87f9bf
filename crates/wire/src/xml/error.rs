//! Why a document is rejected.

/// Why a document is rejected. Errors about limits have the actual value and the allowed one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The document is too long.
    #[error("xml has {bytes} bytes; the maximum is {bytes_max}")]
    Bytes {
        /// The length, in bytes.
        bytes: usize,
        /// The maximum length, in bytes.
        bytes_max: usize,
    },
    /// Elements are nested too deeply.
    #[error("xml is nested deeper than {depth_max} elements")]
    Depth {
        /// The maximum depth.
        depth_max: usize,
    },
    /// The document has too many elements.
    #[error("xml has more than {elements_max} elements")]
    Elements {
        /// The maximum number of elements.
        elements_max: usize,
    },
    /// An element has too many attributes.
    #[error("xml element {element} has more than {attributes_max} attributes")]
    Attributes {
        /// The element.
        element: String,
        /// The maximum number of attributes.
        attributes_max: usize,
    },
    /// The value of an attribute is too long.
    #[error("xml attribute {attribute} has {bytes} bytes; the maximum is {value_bytes_max}")]
    Value {
        /// The attribute.
        attribute: String,
        /// The length, in bytes.
        bytes: usize,
        /// The maximum length, in bytes.
        value_bytes_max: usize,
    },
    /// Too many namespaces are declared for one element.
    #[error("xml element {element} has more than {namespaces_max} namespaces in scope")]
    Namespaces {
        /// The element.
        element: String,
        /// The maximum number of namespaces.
        namespaces_max: usize,
    },
    /// A prefix has no namespace.
    #[error("xml name {name} has an undeclared prefix")]
    Prefix {
        /// The name with the prefix.
        name: String,
    },
    /// An element has too much text.
    #[error("xml element {element} has more than {text_bytes_max} bytes of text")]
    Text {
        /// The element.
        element: String,
        /// The maximum length, in bytes.
        text_bytes_max: usize,
    },
    /// The document is not UTF-8.
    #[error("xml is not utf-8 at byte {at}")]
    NotUtf8 {
        /// The position of the first invalid byte.
        at: usize,
    },
    /// The document declares an encoding other than UTF-8.
    #[error("xml declares the encoding {encoding}; only utf-8 is supported")]
    Encoding {
        /// The declared encoding.
        encoding: String,
    },
    /// The document has a document type. It is not supported, because it could declare entities.
    #[error("xml has a document type, which is not supported")]
    DocumentType,
    /// The document refers to an entity that XML does not predefine.
    #[error("xml refers to the unknown entity {name:?}")]
    Entity {
        /// The name of the entity.
        name: String,
    },
    /// The document contains a character that XML does not allow, directly or by reference.
    #[error("xml contains the forbidden character U+{code:04X}")]
    Character {
        /// The code point.
        code: u32,
    },
    /// An element has the same attribute twice.
    #[error("xml element {element} has the attribute {attribute} twice")]
    Twice {
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
    },
    /// The document is empty or ends within an element.
    #[error("xml ends within {open} open elements")]
    Truncated {
        /// The number of open elements; 0 when the document has none.
        open: usize,
    },
    /// The document has content after its root element.
    #[error("xml has more than one root")]
    Beside,
    /// The document is not well-formed in another way.
    #[error("xml is not well-formed at byte {at}: {why}")]
    NotWellFormed {
        /// The position, in bytes.
        at: u64,
        /// What is wrong.
        why: String,
    },
}
