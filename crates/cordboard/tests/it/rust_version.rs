//! The minimum Rust version is the version of all builds.
//!
//! `rust-toolchain.toml` sets one toolchain for all builds of this workspace: tests, lints and CI. It is the minimum version that
//! `rust-version` states, so each build checks that this version is sufficient.

use std::{fs, path::Path, process::Command};

use cargo_metadata::MetadataCommand;

#[test]
fn the_minimum_version_is_the_one_that_builds() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let root = metadata.workspace_root.as_std_path();
    let channel = channel(root);
    for package in metadata.packages {
        let promised = package.rust_version.unwrap_or_else(|| panic!("{} has no rust-version", package.name));
        assert_eq!(
            promised.to_string(),
            channel,
            "{}: rust-version, and channel of rust-toolchain.toml",
            package.name
        );
    }
    let rustc = Command::new("rustc").arg("--version").current_dir(root).output().unwrap();
    let version = String::from_utf8(rustc.stdout).unwrap();
    let built_with = version.split_whitespace().nth(1).unwrap();
    assert_eq!(built_with, channel, "the rustc that runs, and channel of rust-toolchain.toml");
}

/// The toolchain of this workspace.
fn channel(root: &Path) -> String {
    let text = fs::read_to_string(root.join("rust-toolchain.toml")).unwrap();
    let file: toml::Table = text.parse().unwrap();
    file["toolchain"]["channel"].as_str().unwrap().to_owned()
}
