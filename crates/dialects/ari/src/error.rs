//! What can be wrong with how the dialect is set up.

/// Why a session cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A template has not exactly one place for what it is filled with.
    #[error(
        "endpoint template {text:?} must hold {place} once, and nothing else of []{{}}, control characters or blanks"
    )]
    Template {
        /// The template.
        text: String,
        /// What it must hold.
        place: &'static str,
    },
    /// A name that goes into addresses holds something else than letters, digits, `-` and `_`.
    #[error("{what} {text:?} may hold letters, digits, - and _ only, and has to hold one")]
    Name {
        /// `application`, `user` or `format`.
        what: &'static str,
        /// The name.
        text: String,
    },
    /// What is to be played is none of what may be.
    #[error(
        "media {text:?} is not sound:, number:, digits:, characters: or tone: and something of this Asterisk's own"
    )]
    Media {
        /// What was given.
        text: String,
    },
    /// The server is no host and port.
    #[error("server {server:?} is not a host, a colon and a port")]
    Server {
        /// What was given.
        server: String,
    },
}
