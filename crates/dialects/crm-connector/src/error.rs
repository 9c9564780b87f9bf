//! What can be wrong with what a session is made of.

/// Why a session cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The connector's address is none.
    #[error("the connector's address cannot be used: {0}")]
    Address(#[from] model::AddressError),
}
