//! The process's files: how many it may open, and who may read its data.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::Path,
};

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::STORE_FILE;

/// How many files the process needs besides connections. Our choice: the database, its readers, the listeners, connections to peers.
const OTHER_FILES: u64 = 1_024;

/// Raises the limit of open files to what the system allows, because each connection is an open file. Warns if that is not enough.
pub(super) fn raise_limit(connections_max: usize) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: maximum, maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            current
        }
    };
    let needed = u64::try_from(connections_max).unwrap_or(u64::MAX).saturating_add(OTHER_FILES);
    match current {
        Some(files) if files < needed => {
            tracing::warn!(
                files,
                needed,
                "fewer open files are allowed than http.connections_max needs (LimitNOFILE)"
            );
        }
        limit => tracing::info!(files = limit.unwrap_or(u64::MAX), "limit of open files"),
    }
}

/// Creates a folder that only the user of this process can read, whatever the umask is. Warns if an existing one is open to others.
pub(crate) fn private_folder(path: &Path) -> Result<()> {
    let created = DirBuilder::new().recursive(true).mode(0o700).create(path);
    created.with_context(|| format!("cannot create the folder {}", path.display()))?;
    warn_if_open(path);
    let files = fs::read_dir(path).with_context(|| format!("cannot read the folder {}", path.display()))?;
    for file in files.flatten() {
        if file.file_name().to_string_lossy().starts_with(STORE_FILE) {
            warn_if_open(&file.path());
        }
    }
    Ok(())
}

/// Warns that others can read or change a file or folder.
fn warn_if_open(path: &Path) {
    // An error shows when the file is opened.
    let Ok(found) = fs::metadata(path) else { return };
    let mode = found.mode() & 0o777;
    if mode & 0o077 != 0 {
        let (path, mode) = (path.display(), format!("{mode:03o}"));
        tracing::warn!(%path, mode, "other users may read password hashes and telephone numbers here; use chmod go-rwx");
    }
}
