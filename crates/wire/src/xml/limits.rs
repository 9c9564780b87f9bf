//! How much of a document is read.

/// The most of everything in one document. A document that goes past one of them is refused whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The whole document. Bytes.
    pub bytes_max: usize,
    /// Elements within each other, the root included.
    pub depth_max: usize,
    /// Elements in all.
    pub elements_max: usize,
    /// Attributes of one element.
    pub attributes_max: usize,
    /// One attribute's value after its references are resolved. Bytes.
    pub value_bytes_max: usize,
    /// Namespaces that are declared at one place: by an element and by all around it.
    pub namespaces_max: usize,
    /// The text right within one element, after its references are resolved. Bytes.
    pub text_bytes_max: usize,
}

impl Limits {
    /// Enough for a message of any dialect of ours. Ours.
    pub const MESSAGE: Limits = Limits {
        bytes_max: 65_536,
        depth_max: 64,
        elements_max: 1_024,
        attributes_max: 64,
        value_bytes_max: 8_192,
        namespaces_max: 64,
        text_bytes_max: 32_768,
    };
}
