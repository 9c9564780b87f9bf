//! What can be wrong with a configuration.

/// What can be wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// MAX says who it is by one of these.
    #[error("max.desk issuers is empty: no message would be taken as MAX's")]
    NoIssuers,
    /// Messages go to these.
    #[error("max.desk origins is empty: no page would be let in")]
    NoOrigins,
}
