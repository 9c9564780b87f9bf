//! Backups of a store in use.

use std::{
    fs::{self, File},
    path::Path,
};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use super::file::{beside, create_private, failed, sync_folder_of};
use crate::{Error, Result};

/// Copies the data that `from` sees to `to`. The copy has a temporary name until it is complete and durable.
pub(super) fn copy(from: &Connection, to: &Path) -> Result<()> {
    if to.try_exists().map_err(|error| failed(to, &error))? {
        return Err(Error::Storage(format!("{} is there already", to.display())));
    }
    let part = beside(to, ".part");
    create_private(&part)?;
    let copied = copy_pages(from, &part).and_then(|()| name(&part, to));
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
    if step == StepResult::Done {
        return Ok(());
    }
    Err(Error::Storage(format!("{}: copying ended with {step:?}", to.display())))
}

fn name(part: &Path, to: &Path) -> Result<()> {
    let synced = File::open(part).and_then(|file| file.sync_all());
    let named = synced.and_then(|()| fs::rename(part, to)).and_then(|()| sync_folder_of(to));
    named.map_err(|error| failed(to, &error))
}
