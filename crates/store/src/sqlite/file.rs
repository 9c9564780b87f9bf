//! Files that only the user of the process can read, because they contain password hashes and telephone numbers.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Opens a private file for writing, and creates it if needed. SQLite gives its additional files the same permissions.
pub(super) fn open_private(path: &Path) -> Result<File> {
    private().create(true).truncate(false).open(path).map_err(|error| failed(path, &error))
}

/// Creates a private file. Fails if it exists.
pub(super) fn create_private(path: &Path) -> Result<File> {
    private().create_new(true).open(path).map_err(|error| failed(path, &error))
}

fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Syncs the folder of `path`, which makes created and renamed files durable.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// The path with a suffix added to the file name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// An I/O error with the path of the file.
pub(super) fn failed(path: &Path, error: &io::Error) -> Error {
    Error::Storage(format!("{}: {error}", path.display()))
}
