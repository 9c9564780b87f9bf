//! Files that only our own user may read: they hold hashes of passwords and people's numbers.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Opens a file for writing; makes it, for us alone, where there is none. SQLite gives the files it puts beside one the same rights.
pub(super) fn open_private(path: &Path) -> Result<File> {
    private().create(true).truncate(false).open(path).map_err(|error| failed(path, &error))
}

/// Makes a file for us alone; fails where there is one.
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

/// Makes what was done to names in the folder of `path` durable.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// A file of the same name with something behind it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The error of a file, which names it.
pub(super) fn failed(path: &Path, error: &io::Error) -> Error {
    Error::Storage(format!("{}: {error}", path.display()))
}
