//! The floor file: agents, queues, reasons, dispositions, scripts, pages, accounts and contacts, as people write them.

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

/// What a floor file asks for.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The floor.
    pub(crate) floor: Floor,
    /// Who may sign in, in place of everybody who may; empty: nothing is asked.
    pub(crate) accounts: Vec<PlannedAccount>,
    /// Contacts that are to be there; others stay.
    pub(crate) contacts: Vec<Contact>,
}

/// Reads a floor file.
pub(crate) fn load(file: &Path) -> Result<Plan, Problems> {
    read(&file.display().to_string(), &file::text_of(file)?, file::folder_of(file))
}

/// Reads a floor file's text; files of passwords are looked for from `folder` on.
pub(crate) fn read(name: &str, text: &str, folder: &Path) -> Result<Plan, Problems> {
    let file = File::parse(text, file::source(folder), [], FloorFile::read);
    file.checked(name, check::check).map(FloorFile::into_plan)
}

/// What is dangerous about a floor, each with the file and the key.
pub(crate) fn warnings(file: &Path, floor: &Floor) -> Vec<String> {
    let warnings = numbers::warnings(floor).into_iter();
    warnings.map(|(key, text)| format!("{}: {key}: {text}", file.display())).collect()
}

#[cfg(test)]
mod tests;
