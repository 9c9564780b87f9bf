//! Errors in the configuration.

/// An error in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No issuer is configured.
    #[error("issuers is empty, so all messages would be ignored; set it to [\"MAX\"]")]
    NoIssuers,
    /// No origin is configured.
    #[error("origins is empty, so all messages would be ignored; list the origins of MAX")]
    NoOrigins,
}
