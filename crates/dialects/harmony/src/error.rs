//! What can be wrong with a message or a configuration.

/// What can be wrong with a message or a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too long, or cut.
    #[error(transparent)]
    Frame(#[from] wire::frame::Error),
    /// Not JSON, not UTF-8, nested too deep, or without a header of the right shape.
    #[error("the message is not a json object with a header: {why}")]
    Json {
        /// What is wrong, and where.
        why: String,
    },
    /// A header lacks what its type needs.
    #[error("the header has no {header}")]
    Header {
        /// Which.
        header: &'static str,
    },
    /// A header has a value that the protocol does not know.
    #[error("the header {header} is {value:?}, expected {expected}")]
    Value {
        /// Which.
        header: &'static str,
        /// What it is.
        value: String,
        /// What it could be.
        expected: &'static str,
    },
    /// A header is too long.
    #[error("the header {header} has {bytes} bytes, at most {bytes_max} are allowed")]
    Long {
        /// Which.
        header: &'static str,
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// The configuration names a word that is none.
    #[error("the protocol has no word {slot}")]
    Slot {
        /// What it names.
        slot: String,
    },
    /// The configuration makes two words the same.
    #[error("{slot} cannot be {text:?}: that is empty, or another word already")]
    Word {
        /// Which.
        slot: &'static str,
        /// What it should be.
        text: String,
    },
    /// The processor's name cannot be part of a target.
    #[error("processor name {name:?} is not made of 1 to 64 letters, digits, - and _")]
    Processor {
        /// What was configured.
        name: String,
    },
    /// The configured address is none.
    #[error("server {server:?} is not of the form host:port")]
    Server {
        /// What was configured.
        server: String,
    },
}
