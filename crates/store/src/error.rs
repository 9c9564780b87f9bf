//! Errors of stores.

use std::path::PathBuf;

use model::{JournalId, Seq};

/// An error of a store. Failed storage is never retried: after [`Error::ends_writing`] the node stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The storage failed.
    #[error("storage failed: {0}")]
    Storage(String),
    /// The storage failed earlier. The text is the first error.
    #[error("the store accepts no more writes because of an earlier error: {0}")]
    Poisoned(String),
    /// The stored data is damaged.
    #[error("the store is damaged: {0}")]
    Corrupt(String),
    /// A record cannot be serialized.
    #[error("a record cannot be encoded: {0}")]
    Encode(String),
    /// A batch does not continue the journal.
    #[error("the journal ends with {last}, but the batch continues with {first}")]
    Gap {
        /// The last entry of the journal, or the previous entry of the batch.
        last: Seq,
        /// The entry that does not follow it.
        first: Seq,
    },
    /// A snapshot is newer than the journal.
    #[error("the journal ends with {last}, but the snapshot is of {seq}")]
    Ahead {
        /// The last entry of the journal.
        last: Seq,
        /// The sequence number of the snapshot.
        seq: Seq,
    },
    /// The store was written by another version.
    #[error("the store has format {found}, but this program needs {wanted}; use a matching version")]
    Format {
        /// The format of the store.
        found: u32,
        /// The format that this program reads.
        wanted: u32,
    },
    /// The store does not contain the journal that it contained before.
    #[error(
        "the store {} has {found}, but according to {} it had journal {journal} with {seq} events", path.display(), mark.display()
    )]
    Lost {
        /// The path of the store.
        path: PathBuf,
        /// The mark file beside the store, which says what it contained.
        mark: PathBuf,
        /// The journal that the store contained.
        journal: JournalId,
        /// The last event that is known to have been durable.
        seq: Seq,
        /// What the store contains: `no journal`, or the journal and its number of events.
        found: String,
    },
    /// Another process has opened the store.
    #[error("another node has opened the store {}; stop it first", path.display())]
    Locked {
        /// The path of the store.
        path: PathBuf,
    },
}

impl Error {
    /// Whether a writer cannot write any more after this error.
    pub fn ends_writing(&self) -> bool {
        match self {
            Self::Storage(_) | Self::Corrupt(_) | Self::Poisoned(_) => true,
            Self::Encode(_)
            | Self::Gap { .. }
            | Self::Ahead { .. }
            | Self::Format { .. }
            | Self::Lost { .. }
            | Self::Locked { .. } => false,
        }
    }

    /// The error of later calls of the writer.
    pub(crate) fn remembered(&self) -> Self {
        Self::Poisoned(self.to_string())
    }
}
