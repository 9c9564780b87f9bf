//! Journal IDs.

use model::JournalId;

use crate::{Error, Result};

/// Creates a random journal ID.
pub(crate) fn new_journal() -> Result<JournalId> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Storage(format!("no randomness: {error}")))?;
    Ok(JournalId(uuid::Builder::from_random_bytes(bytes).into_uuid()))
}
