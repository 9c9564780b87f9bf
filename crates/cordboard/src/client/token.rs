//! The token file. A node writes one when it starts, so that commands of the same user can use its API.
//!
//! Its folder is `$XDG_RUNTIME_DIR/cordboard`, or else `$HOME/.cache/cordboard`, or else `cordboard` in the folder for temporary files.
//! The folder has mode 0700 and the file 0600. A file that other users could have read or written is refused.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use model::Secret;

use super::{Error, Node};

/// The environment variable that overrides the file.
const VARIABLE: &str = "CORDBOARD_TOKEN";

/// Permission bits of group and others.
const OTHERS: u32 = 0o077;

/// The token for a node.
pub(super) fn find(node: &Node) -> Result<Secret, Error> {
    match variable() {
        Some(token) => Ok(Secret::new(token)),
        None => read(node, &folder()),
    }
}

/// Whether the token comes from the token file and not from the environment variable.
pub(super) fn is_from_file() -> bool {
    variable().is_none()
}

fn variable() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|token| !token.is_empty())
}

/// A token file that this process wrote. Dropping this deletes the file.
#[derive(Debug)]
pub(crate) struct TokenFile(PathBuf);

impl TokenFile {
    /// Writes the token file of a node in this process.
    pub(crate) fn write(node: &Node, token: &Secret) -> io::Result<Self> {
        write(node, token, &folder())
    }
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        // It does not matter if the file is already deleted.
        let _ = fs::remove_file(&self.0);
    }
}

fn folder() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_RUNTIME_DIR").or_else(|| set("HOME").map(|home| home.join(".cache")));
    base.unwrap_or_else(std::env::temp_dir).join("cordboard")
}

fn read(node: &Node, folder: &Path) -> Result<Secret, Error> {
    let file = folder.join(node.file_name());
    let bad = |why: String| Error::BadToken { file: file.clone(), why };
    if !file.exists() {
        return Err(Error::NoToken { node: node.clone(), looked: file });
    }
    private(folder).and_then(|()| private(&file)).map_err(bad)?;
    let token = fs::read_to_string(&file).map_err(|error| bad(format!("cannot be read: {error}")))?;
    Ok(Secret::new(token.trim()))
}

/// Checks that only the owner can use the file or folder, and that it is not a symbolic link.
fn private(path: &Path) -> Result<(), String> {
    let meta = fs::symlink_metadata(path).map_err(|error| format!("cannot be examined: {error}"))?;
    let mode = meta.permissions().mode();
    if meta.is_symlink() {
        return Err(format!("is not safe: {} is a symbolic link", path.display()));
    }
    if mode & OTHERS != 0 {
        return Err(format!(
            "is not safe: {} has mode {:03o}, so other users can access it",
            path.display(),
            mode & 0o777
        ));
    }
    Ok(())
}

fn write(node: &Node, token: &Secret, folder: &Path) -> io::Result<TokenFile> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    private(folder).map_err(|why| io::Error::other(format!("the token file {why}")))?;
    let path = folder.join(node.file_name());
    // A node that was killed leaves its file behind.
    if let Err(error) = fs::remove_file(&path)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(token.reveal().as_bytes())?;
    Ok(TokenFile(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> Node {
        "http://127.0.0.1:8080".parse().unwrap()
    }

    fn private_folder() -> (tempfile::TempDir, PathBuf) {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("cordboard");
        (base, folder)
    }

    #[test]
    fn a_token_is_private_and_is_deleted_with_its_node() {
        let (_base, folder) = private_folder();
        let file = write(&node(), &Secret::new("t0ken"), &folder).unwrap();
        assert_eq!(fs::metadata(&file.0).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(read(&node(), &folder).unwrap(), Secret::new("t0ken"));
        drop(file);
        assert!(matches!(read(&node(), &folder), Err(Error::NoToken { .. })));
    }

    #[test]
    fn a_left_over_token_is_replaced() {
        let (_base, folder) = private_folder();
        std::mem::forget(write(&node(), &Secret::new("old"), &folder).unwrap());
        let _file = write(&node(), &Secret::new("new"), &folder).unwrap();
        assert_eq!(read(&node(), &folder).unwrap(), Secret::new("new"));
    }

    #[test]
    fn a_token_that_others_can_read_is_refused() {
        let (_base, folder) = private_folder();
        let file = write(&node(), &Secret::new("t0ken"), &folder).unwrap();
        fs::set_permissions(&file.0, fs::Permissions::from_mode(0o640)).unwrap();
        let error = read(&node(), &folder).unwrap_err().to_string();
        assert!(error.contains("has mode 640, so other users can access it"), "{error}");
    }

    #[test]
    fn a_folder_that_others_can_write_is_refused() {
        let (_base, folder) = private_folder();
        let _file = write(&node(), &Secret::new("t0ken"), &folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(read(&node(), &folder), Err(Error::BadToken { .. })));
        assert!(write(&node(), &Secret::new("t0ken"), &folder).is_err());
    }
}
