//! Errors in the configuration.

/// An error in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The connector's address is invalid.
    #[error("the connector's address is invalid: {0}")]
    Address(#[from] model::AddressError),
}
