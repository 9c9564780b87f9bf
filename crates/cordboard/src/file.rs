//! Files that people write, from the disk.

use std::{fs, path::Path};

use settings::{Place, Problem, Problems, Source};

/// The text of a file.
pub(crate) fn text_of(file: &Path) -> Result<String, Problems> {
    fs::read_to_string(file).map_err(|error| {
        let problem =
            Problem { place: Place::Nowhere, key: String::new(), text: format!("cannot be read: {error}") };
        Problems::new(file.display().to_string(), vec![problem])
    })
}

/// The folder that a file lies in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

/// Relative paths begin at `folder`; files that are named are read from the disk.
pub(crate) fn source(folder: &Path) -> Source<'_> {
    Source { folder, read: &|path| fs::read_to_string(path) }
}
