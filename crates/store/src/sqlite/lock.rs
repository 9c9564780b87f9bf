//! One process at a time.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Keeps everybody else out of a store as long as it lives. The system lets go of it when the process dies, however it dies.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks the store at `path`.
    pub(super) fn take(path: &Path) -> Result<Self> {
        let beside = beside(path, ".lock");
        let failed = |error| Error::Storage(format!("{}: {error}", beside.display()));
        let file = File::options().create(true).truncate(false).write(true).open(&beside).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// A file of the same name with something behind it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
