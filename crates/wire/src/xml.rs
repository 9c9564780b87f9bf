//! Small XML documents: read into a bounded tree, and written with correct escapes.
//!
//! Supports what Cordboard's peers need: elements, attributes, namespaces, text, CDATA, comments, the five predefined
//! entities and character references. A document type is an error, so no entity can be declared. Names are stored as
//! written, including the prefix; each element has the namespaces of its prefixes.

mod error;
mod limits;
mod read;
mod scope;
mod tree;
mod write;

pub use error::Error;
pub use limits::Limits;
pub use read::parse;
pub use scope::Scope;
pub use tree::{Element, Node};
pub use write::{Writer, escaped};

/// Whether XML 1.0 allows a character at all, escaped or not (XML 1.0 §2.2).
pub fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
