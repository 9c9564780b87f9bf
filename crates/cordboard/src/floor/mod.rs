//! The floor file: agents, queues, reasons, dispositions, scripts, pages, accounts and contacts in TOML.

mod check;
mod diff;
mod entries;
mod password;

use std::path::Path;

use model::{Contact, Floor};
use settings::{File, Problems, Section};

pub(crate) use self::{
    diff::{Change, State, compare},
    entries::FloorFile,
    password::{PlannedAccount, Salts, hash_all, hash_with},
};
use crate::file;

/// The contents of a floor file.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The floor.
    pub(crate) floor: Floor,
    /// The accounts, which replace all existing ones. Empty: the existing accounts stay.
    pub(crate) accounts: Vec<PlannedAccount>,
    /// Contacts to add or change. Other contacts stay.
    pub(crate) contacts: Vec<Contact>,
}

/// Reads a floor file.
pub(crate) fn load(file: &Path) -> Result<Plan, Problems> {
    read(&file.display().to_string(), &file::text_of(file)?, file::folder_of(file))
}

/// Reads a floor file's text. Relative names of password files start at `folder`.
pub(crate) fn read(name: &str, text: &str, folder: &Path) -> Result<Plan, Problems> {
    let file = File::parse(text, file::source(folder), [], FloorFile::read);
    file.checked(name, check::check).map(FloorFile::into_plan)
}

/// The risks of a floor: one line each, with the file and the key.
pub(crate) fn warnings(file: &Path, floor: &Floor) -> Vec<String> {
    let warnings = numbers::warnings(floor).into_iter();
    warnings.map(|(key, text)| format!("{}: {key}: {text}", file.display())).collect()
}

const HEAD: &str = "\
# A Cordboard floor file with every key, written by `cordboard config example --floor`.
#
# A single # precedes a default, or an example of a key or section without a default. Remove it to set the key.
# [[agents]] starts one agent; repeat the section for each agent. The same applies to the other sections in double brackets.
# `cordboard apply FILE` shows what a file changes at a node, asks, and applies it.
# A time is a whole number and a unit: 250ms, 30s, 5m, 8h, 7d.

";

/// An example floor file with every key.
pub(crate) fn example() -> String {
    settings::example(HEAD, &FloorFile::keys())
}

#[cfg(test)]
mod tests;
