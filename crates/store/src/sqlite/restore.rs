//! Puts a backup in the place of a store.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use model::{JournalId, Seq};
use uuid::Uuid;

use super::{
    SqliteWriter,
    backup::{self, Position},
    damage,
    existing::{self, ExistingFile},
    file::{beside, failed},
    lock::Lock,
    mark::{self, Mark},
};
use crate::{Error, Result};

/// A backup that was read and found correct, and the store that it will replace. No node can start meanwhile.
#[derive(Debug)]
pub struct Restore {
    backup: PathBuf,
    path: PathBuf,
    held: Position,
    replaced: Option<Position>,
    lock: Arc<Lock>,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The new ID of the journal.
    pub journal: JournalId,
    /// The last event.
    pub last: Seq,
    /// Where the replaced store is, if there was one.
    pub kept: Option<PathBuf>,
}

impl Restore {
    /// Reads the whole backup, and how far the store at `path` goes. Changes nothing.
    ///
    /// Fails with [`Error::Locked`] while a node uses the store, and if the backup is damaged.
    pub fn prepare(backup: &Path, path: &Path) -> Result<Self> {
        let lock = Arc::new(Lock::take(path)?);
        let held = damage::verify(backup)?;
        let replaced = replaced(path)?;
        Ok(Self { backup: backup.to_owned(), path: path.to_owned(), held, replaced, lock })
    }

    /// How far the backup goes.
    pub fn backup(&self) -> Position {
        self.held
    }

    /// How far the store goes that is replaced, by its mark or by itself, if there is one.
    pub fn replaced(&self) -> Option<Position> {
        self.replaced
    }

    /// Whether the store that is replaced has events that the backup does not have.
    pub fn loses(&self) -> bool {
        self.replaced.is_some_and(|replaced| {
            let is_other = replaced.journal.is_some() && replaced.journal != self.held.journal;
            replaced.last > Seq(0) && (is_other || replaced.last > self.held.last)
        })
    }

    /// Replaces the store. The replaced one is kept beside it. The journal gets a new ID, because clients may have seen events that the
    /// backup does not have.
    pub fn run(self) -> Result<Restored> {
        // If this process is killed before the end, the mark keeps a node from starting with half of it.
        if mark::read(&self.path)?.is_none() {
            mark::write(&self.path, Mark { journal: JournalId(Uuid::nil()), seq: Seq(1) })?;
        }
        let kept = self.set_aside()?;
        let from = damage::open(&self.backup)?;
        backup::copy(&from, &self.path)?;
        drop(from);
        drop(SqliteWriter::open(&self.path, self.lock, true)?);
        let mark = mark::read(&self.path)?;
        let mark = mark.ok_or_else(|| Error::Storage(format!("{} has no mark", self.path.display())))?;
        Ok(Restored { journal: mark.journal, last: mark.seq, kept })
    }

    /// Renames the store and its log. Returns the new name.
    fn set_aside(&self) -> Result<Option<PathBuf>> {
        let name = |number| beside(&self.path, &format!(".replaced-{number}"));
        let kept = (1..1_000).map(name).find(|kept| !kept.exists());
        let full = || Error::Storage(format!("{}: too many replaced stores are kept", self.path.display()));
        let kept = kept.ok_or_else(full)?;
        let mut is_kept = false;
        for suffix in ["", "-wal", "-shm"] {
            let (from, to) = (beside(&self.path, suffix), beside(&kept, suffix));
            if from.try_exists().map_err(|error| failed(&from, &error))? {
                fs::rename(&from, &to).map_err(|error| failed(&from, &error))?;
                is_kept = true;
            }
        }
        Ok(is_kept.then_some(kept))
    }
}

/// How far the store at `path` goes, or went according to its mark. A store that cannot be read is replaced too.
fn replaced(path: &Path) -> Result<Option<Position>> {
    let marked = mark::read(path)?.map(|mark| Position { journal: Some(mark.journal), last: mark.seq });
    let found = match existing::look(path) {
        Ok(ExistingFile::Journal { id, last }) => Some(Position { journal: id, last }),
        Ok(ExistingFile::Nothing | ExistingFile::Foreign) | Err(_) => None,
    };
    // Both can exist, and the mark is older or of a lost journal.
    Ok(match (found, marked) {
        (Some(found), Some(marked)) if found.last < marked.last => Some(marked),
        (Some(found), _) => Some(found),
        (None, marked) => marked,
    })
}
