//! Limits for documents.

/// The limits for one document. A document that exceeds one of them is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The length of the document, in bytes.
    pub bytes_max: usize,
    /// The depth of nested elements, including the root.
    pub depth_max: usize,
    /// The number of elements.
    pub elements_max: usize,
    /// The number of attributes of one element.
    pub attributes_max: usize,
    /// The length of an attribute value, in bytes, with references resolved.
    pub value_bytes_max: usize,
    /// The number of namespaces in scope at one element.
    pub namespaces_max: usize,
    /// The length of the text directly within one element, in bytes, with references resolved.
    pub text_bytes_max: usize,
}

impl Limits {
    /// Limits for the messages of all dialects. Our choice.
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
