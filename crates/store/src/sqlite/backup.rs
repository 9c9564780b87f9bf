//! Backups of a store, also of one that a node uses.

use std::{
    fs::{self, File},
    path::Path,
    time::Duration,
};

use model::{JournalId, Seq};
use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{
    damage,
    file::{beside, create_private, failed, sync_folder_of},
    journal,
    schema::{self, Format},
};
use crate::{Error, Result};

/// How long a backup waits for a lock of the node. Our choice: the node holds locks for milliseconds.
const WAIT: Duration = Duration::from_secs(5);

/// How far a store goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The ID of its journal. `None`: a format without IDs.
    pub journal: Option<JournalId>,
    /// Its last event.
    pub last: Seq,
}

impl Position {
    pub(super) fn of(connection: &Connection) -> Result<Self> {
        Ok(Self { journal: journal::id(connection)?, last: journal::last_seq(connection)? })
    }
}

/// Copies the store at `path` to `to`, also while a node uses it, and reads the whole copy. Returns how far it goes.
///
/// The copy has the state of one moment. The node continues to work: a reader never holds its commits. The copy is one file without a log,
/// and has a temporary name until it is complete, correct and durable. Fails if `to` exists.
pub fn backup(path: &Path, to: &Path) -> Result<Position> {
    if !path.try_exists().map_err(|error| failed(path, &error))? {
        return Err(Error::Storage(format!("{} does not exist", path.display())));
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(WAIT)?;
    match schema::format(&connection)? {
        Format::Known(_) => {}
        Format::Empty => return Err(Error::Storage(format!("{} is empty", path.display()))),
        Format::Foreign(found) => return Err(Error::Format { found, wanted: schema::FORMAT }),
    }
    copy_and(&connection, to, damage::verify)
}

/// Copies the data that `from` sees to `to`. The copy has a temporary name until it is complete and durable.
pub(super) fn copy(from: &Connection, to: &Path) -> Result<()> {
    copy_and(from, to, |_| Ok(()))
}

/// Copies like [`copy`], and checks the copy before it gets its name.
fn copy_and<T>(from: &Connection, to: &Path, check: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    if to.try_exists().map_err(|error| failed(to, &error))? {
        return Err(Error::Storage(format!("{} is there already", to.display())));
    }
    let part = beside(to, ".part");
    create_private(&part)?;
    let copied = copy_pages(from, &part)
        .and_then(|()| check(&part))
        .and_then(|checked| name(&part, to).map(|()| checked));
    if copied.is_err() {
        // Return the first error. A leftover part is reported by the next backup.
        fs::remove_file(&part).unwrap_or_default();
    }
    copied
}

/// Copies all pages in one step. With several steps, a write in between would restart the copy.
fn copy_pages(from: &Connection, to: &Path) -> Result<()> {
    let mut target = Connection::open(to)?;
    let step = Backup::new(from, &mut target)?.step(-1)?;
    if step != StepResult::Done {
        return Err(Error::Storage(format!("{}: copying ended with {step:?}", to.display())));
    }
    // The copy needs no log of its own. A store that is opened for writing gets one again.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(())
}

fn name(part: &Path, to: &Path) -> Result<()> {
    let synced = File::open(part).and_then(|file| file.sync_all());
    let named = synced.and_then(|()| fs::rename(part, to)).and_then(|()| sync_folder_of(to));
    named.map_err(|error| failed(to, &error))
}
