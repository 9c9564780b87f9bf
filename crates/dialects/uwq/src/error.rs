//! What can be wrong with a message or a configuration.

/// What can be wrong with a message or a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not XML, or too much of it.
    #[error(transparent)]
    Xml(#[from] wire::xml::Error),
    /// Another document.
    #[error("the root is {found}, expected CCTSDK")]
    Root {
        /// What the root is.
        found: String,
    },
    /// An event has no name.
    #[error("an event has no name")]
    NoEventName,
    /// A pair has no name.
    #[error("a data element has no name")]
    NoDataName,
    /// It is not said which call it is.
    #[error("event {event} has no occtSourceID")]
    NoSource {
        /// Which event.
        event: String,
    },
    /// The configured address is none.
    #[error("url {url:?} is not of the form http://host:port")]
    Url {
        /// What was configured.
        url: String,
    },
    /// A pair is to be sent that only EBS may set.
    #[error("the mapping sends {from} as {to}, which only EBS or the dialect itself may set")]
    Forbidden {
        /// Our name.
        from: String,
        /// The name at EBS.
        to: String,
    },
}
