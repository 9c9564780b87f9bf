//! Reading of configuration and floor files.

use std::{fs, path::Path};

use settings::{Place, Problem, Problems, Source};

use crate::output::plain_reason;

/// The text of a file.
pub(crate) fn text_of(file: &Path) -> Result<String, Problems> {
    fs::read_to_string(file).map_err(|error| {
        let problem = Problem {
            place: Place::Nowhere,
            key: String::new(),
            text: format!("cannot be read: {}", plain_reason(&error.to_string())),
        };
        Problems::new(file.display().to_string(), vec![problem])
    })
}

/// The folder of a file.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

/// Access to the file system; relative paths start at `folder`.
pub(crate) fn source(folder: &Path) -> Source<'_> {
    Source { folder, read: &|path| fs::read_to_string(path) }
}
