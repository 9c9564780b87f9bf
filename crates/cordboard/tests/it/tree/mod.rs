//! The files of the repository, for tests that check them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders that hold what was built or installed.
const SKIPPED: &[&str] = &["dist", "node_modules", "target"];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All files in a folder and in the folders below it, sorted by path.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let is_skipped = |path: &PathBuf| SKIPPED.iter().any(|name| path.ends_with(name));
    let kept = paths.into_iter().filter(|path| !is_skipped(path));
    kept.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
