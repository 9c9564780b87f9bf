//! The configuration: one TOML file, the environment laid over it, everything checked before anything starts.

mod ari;
mod check;
mod crm_connector;
mod example;
mod harmony;
mod max;
mod network;
mod simulated;
mod talisma;
mod types;
mod uwq;

use std::{ffi::OsString, path::Path};

pub(crate) use self::{example::example, harmony::HARMONY_PORT, types::*, uwq::UWQ_PORT};
use crate::file::{self, File, Problems};

/// Reads a configuration file and this process's environment.
pub(crate) fn load(file: &Path) -> Result<Config, Problems> {
    let text = file::text_of(file)?;
    read(&file.display().to_string(), &text, file::folder_of(file), variables())
}

/// Reads a configuration from its text and from variables; relative paths in it begin at `folder`.
pub(crate) fn read(
    name: &str,
    text: &str,
    folder: &Path,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Problems> {
    let mut file = File::<Config>::parse(text, folder, variables);
    file.content = file.content.map(|config| config.based_at(folder));
    file.checked(name, check::check)
}

/// This process's variables; one that is no text is none of ours.
pub(crate) fn variables() -> impl Iterator<Item = (String, String)> {
    let texts =
        |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    std::env::vars_os().filter_map(texts)
}

#[cfg(test)]
mod tests;
