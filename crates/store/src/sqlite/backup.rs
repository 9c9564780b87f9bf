//! Copying the store while it is written.

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

/// Copies what `from` sees to `to`. Until the copy is whole and durable it bears another name.
pub(super) fn copy(from: &Connection, to: &Path) -> Result<()> {
    if to.try_exists().map_err(|error| failed(to, &error))? {
        return Err(Error::Storage(format!("{} is there already", to.display())));
    }
    let part = beside(to, ".part");
    create_private(&part)?;
    let copied = copy_pages(from, &part).and_then(|()| name(&part, to));
    if copied.is_err() {
        // The first error is the one to tell; what is left of the copy is told by the next backup.
        fs::remove_file(&part).unwrap_or_default();
    }
    copied
}

/// In one step: in several, a write between two of them would begin the copy anew.
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
