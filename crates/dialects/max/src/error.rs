//! What can be wrong with a configuration.

/// What can be wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// MAX says who it is by one of these.
    #[error("issuers is empty: no message would be taken as MAX's")]
    NoIssuers,
    /// Messages come from these and go there.
    #[error("origins is empty: nobody around our page would be heard")]
    NoOrigins,
}
