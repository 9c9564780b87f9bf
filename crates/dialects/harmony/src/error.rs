//! Errors in messages and in the configuration.

/// An error in a message or in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A frame is too long or incomplete.
    #[error(transparent)]
    Frame(#[from] wire::frame::Error),
    /// The message is not JSON, not UTF-8, nested too deeply, or has no valid header.
    #[error("the message is not a JSON object with a header: {why}")]
    Json {
        /// What is wrong, and where.
        why: String,
    },
    /// A required header member is missing.
    #[error("the header has no {header}")]
    Header {
        /// The name of the member.
        header: &'static str,
    },
    /// A header member has an unknown value.
    #[error("the header {header} is {value:?}, expected {expected}")]
    Value {
        /// The name of the member.
        header: &'static str,
        /// Its value.
        value: String,
        /// The expected values.
        expected: &'static str,
    },
    /// A header member is too long.
    #[error("the header {header} has {bytes} bytes, at most {bytes_max} are allowed")]
    Long {
        /// The name of the member.
        header: &'static str,
        /// Its length in bytes.
        bytes: usize,
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// The configuration names an unknown word.
    #[error("words: the protocol has no slot {slot}; see the table in docs/harmony.md")]
    Slot {
        /// The configured slot.
        slot: String,
    },
    /// The configuration gives two words the same text.
    #[error("words: {slot} cannot be {text:?}, because that is empty or the text of another word")]
    Word {
        /// The slot.
        slot: &'static str,
        /// The configured text.
        text: String,
    },
    /// The processor's name contains characters that a target cannot contain.
    #[error("processor name {name:?} must have 1 to 64 letters, digits, - and _")]
    Processor {
        /// The configured name.
        name: String,
    },
    /// The configured address is invalid.
    #[error("server {server:?} is not of the form host:port")]
    Server {
        /// The configured address.
        server: String,
    },
}
