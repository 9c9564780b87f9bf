//! Checks that a store contains what it contained before, without changing anything.

use std::path::Path;

use model::{JournalId, Seq};
use rusqlite::{Connection, OpenFlags};

use super::{file::failed, journal, mark, mark::Mark, schema};
use crate::{Error, Result};

/// What exists at a path.
pub(super) enum ExistingFile {
    /// No file, or an empty one.
    Nothing,
    /// A journal. Older formats have no journal ID.
    Journal { id: Option<JournalId>, last: Seq },
    /// Not a store. Opening it fails.
    Foreign,
}

/// Rejects a store with fewer events or another journal than its mark says.
pub(super) fn check(path: &Path) -> Result<()> {
    let Some(wanted) = mark::read(path)? else { return Ok(()) };
    let found = look(path)?;
    if found.fits(&wanted) {
        return Ok(());
    }
    let (path, mark, found) = (path.to_owned(), mark::place(path), found.words());
    Err(Error::Lost { path, mark, journal: wanted.journal, seq: wanted.seq, found })
}

pub(super) fn look(path: &Path) -> Result<ExistingFile> {
    if !path.try_exists().map_err(|error| failed(path, &error))? {
        return Ok(ExistingFile::Nothing);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    match schema::format(&connection)? {
        schema::Format::Empty => Ok(ExistingFile::Nothing),
        schema::Format::Known(_) => {
            Ok(ExistingFile::Journal { id: journal::id(&connection)?, last: journal::last_seq(&connection)? })
        }
        schema::Format::Foreign(_) => Ok(ExistingFile::Foreign),
    }
}

impl ExistingFile {
    fn fits(&self, wanted: &Mark) -> bool {
        match self {
            Self::Nothing => wanted.seq == Seq(0),
            Self::Journal { id, last } => id.is_none_or(|id| id == wanted.journal) && *last >= wanted.seq,
            Self::Foreign => true,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Nothing | Self::Foreign => "no journal".to_owned(),
            Self::Journal { id: Some(id), last } => format!("journal {id} with {last} events"),
            Self::Journal { id: None, last } => format!("a journal with {last} events"),
        }
    }
}
