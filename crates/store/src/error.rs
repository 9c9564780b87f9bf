//! What can go wrong with a store.

use model::Seq;

/// What can go wrong with a store. After an error of the writer the node stops: nothing is tried again on storage that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The storage failed.
    #[error("storage failed: {0}")]
    Storage(String),
    /// What was read back is not what was written.
    #[error("the store is damaged: {0}")]
    Corrupt(String),
    /// A record cannot be written down.
    #[error("a record cannot be encoded: {0}")]
    Encode(String),
    /// A batch does not continue the journal.
    #[error("the journal ends with {last}, a batch begins with {first}")]
    Gap {
        /// The journal's last entry.
        last: Seq,
        /// The batch's first.
        first: Seq,
    },
    /// The store was written by another version.
    #[error("the store has format {found}, this program reads {wanted}")]
    Format {
        /// The store's.
        found: u32,
        /// Ours.
        wanted: u32,
    },
}
