//! What can go wrong with a store.

use std::path::PathBuf;

use model::{JournalId, Seq};

/// What can go wrong with a store. Nothing is tried again on storage that failed: after [`Error::ends_writing`] the node stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The storage failed.
    #[error("storage failed: {0}")]
    Storage(String),
    /// The storage failed before; says how.
    #[error("nothing more is written since {0}")]
    Poisoned(String),
    /// What was read back is not what was written.
    #[error("the store is damaged: {0}")]
    Corrupt(String),
    /// A record cannot be written down.
    #[error("a record cannot be encoded: {0}")]
    Encode(String),
    /// A batch does not continue the journal.
    #[error("the journal ends with {last}, a batch goes on with {first}")]
    Gap {
        /// The journal's last entry, or the one before in the batch.
        last: Seq,
        /// The one that does not follow it.
        first: Seq,
    },
    /// A snapshot is of what the journal does not tell.
    #[error("the journal ends with {last}, a snapshot is of {seq}")]
    Ahead {
        /// The journal's last entry.
        last: Seq,
        /// The snapshot's.
        seq: Seq,
    },
    /// The store was written by another version.
    #[error("the store has format {found}, this program reads {wanted}")]
    Format {
        /// The store's.
        found: u32,
        /// Ours.
        wanted: u32,
    },
    /// The store does not have the journal that was there before.
    #[error(
        "the store {} has {found}, but {} says that it had journal {journal} with {seq} events", path.display(), mark.display()
    )]
    Lost {
        /// Where the store is.
        path: PathBuf,
        /// The file beside it that says what was there.
        mark: PathBuf,
        /// The journal that was there.
        journal: JournalId,
        /// Its last event that is known to have been durable.
        seq: Seq,
        /// What is there: `no journal`, or which one and how many events.
        found: String,
    },
    /// Another process has the store.
    #[error("another node runs on the store {}", path.display())]
    Locked {
        /// Where the store is.
        path: PathBuf,
    },
}

impl Error {
    /// Whether a writer that met it may write nothing more.
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

    /// What a writer says that met it before.
    pub(crate) fn remembered(&self) -> Self {
        Self::Poisoned(self.to_string())
    }
}
