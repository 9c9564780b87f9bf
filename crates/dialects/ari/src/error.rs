//! Errors in the configuration.

/// An error in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An endpoint template does not contain its placeholder exactly once.
    #[error(
        "endpoint template {text:?} must contain {place} once, and no other []{{}}, control characters or spaces"
    )]
    Template {
        /// The template.
        text: String,
        /// The required placeholder.
        place: &'static str,
    },
    /// A name contains other characters than letters, digits, `-` and `_`.
    #[error("{what} {text:?} must have one or more letters, digits, - and _, and nothing else")]
    Name {
        /// `application`, `user` or `format`.
        what: &'static str,
        /// The name.
        text: String,
    },
    /// A media URI is not allowed.
    #[error(
        "media {text:?} must begin with sound:, number:, digits:, characters: or tone: and name media of this Asterisk"
    )]
    Media {
        /// The configured value.
        text: String,
    },
    /// The server is not of the form host:port.
    #[error("server {server:?} is not of the form host:port")]
    Server {
        /// The configured value.
        server: String,
    },
}
