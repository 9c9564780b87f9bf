//! The lock of a store.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use super::file::{beside, failed, open_private};
use crate::{Error, Result};

/// A lock that keeps other processes from opening a store. The operating system releases it when the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks the store at `path`.
    pub(super) fn take(path: &Path) -> Result<Self> {
        let beside = beside(path, ".lock");
        let file = open_private(&beside)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed(&beside, &error)),
        }
    }
}
