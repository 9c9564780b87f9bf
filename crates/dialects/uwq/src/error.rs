//! Errors in messages and in the configuration.

/// An error in a message or in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The message is not XML, or it is too large.
    #[error(transparent)]
    Xml(#[from] wire::xml::Error),
    /// The message is another kind of document.
    #[error("the root element is {found}, expected CCTSDK")]
    Root {
        /// The name of the root element.
        found: String,
    },
    /// An event has no name.
    #[error("an event has no name")]
    NoEventName,
    /// A data element has no name.
    #[error("a data element has no name")]
    NoDataName,
    /// An event does not name its call.
    #[error("event {event} has no occtSourceID")]
    NoSource {
        /// The name of the event.
        event: String,
    },
    /// The configured URL is invalid.
    #[error("url {url:?} is not of the form http://host:port or https://host:port")]
    Url {
        /// The configured value.
        url: String,
    },
    /// The mapping sends a name that only EBS may set.
    #[error(
        "the mapping sends {from} as {to}, which only EBS or Cordboard itself may set; choose another name"
    )]
    Forbidden {
        /// The name in the call data.
        from: String,
        /// The name in EBS.
        to: String,
    },
}
