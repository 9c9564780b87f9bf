//! The configuration: one TOML file, overridden by environment variables, and checked completely before the node starts.

mod check;
mod exposed;
mod network;
mod oidc;
mod types;

use std::{ffi::OsString, path::Path};

use settings::{File, Problems, Reader, Section};

pub(crate) use self::{exposed::exposed, network::Network, oidc::Oidc, types::*};
use crate::{Dialects, file};

/// Reads a configuration file and this process's environment.
pub(crate) fn load(dialects: Dialects, file: &Path) -> Result<Config, Problems> {
    let text = file::text_of(file)?;
    read(dialects, &file.display().to_string(), &text, file::folder_of(file), variables())
}

/// Reads a configuration from its text and from variables. Relative paths start at `folder`.
pub(crate) fn read(
    dialects: Dialects,
    name: &str,
    text: &str,
    folder: &Path,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Problems> {
    let read = |reader: &mut Reader<'_>| Config::read(dialects, reader);
    let file = File::parse(text, file::source(folder), variables, read);
    let given = file.given.clone();
    let config = file.checked(name, check::check)?;
    Ok(Config { given, ..config })
}

const HEAD: &str = "\
# A Cordboard configuration with every key, written by `cordboard config example`.
#
# A single # precedes a default, or an example of a key or section without a default. Remove it to set the key.
# An empty file is valid. `cordboard check FILE` reports every mistake in a file.
# Environment variables override the file: CORDBOARD_HTTP__LISTEN=127.0.0.1:9000 sets `listen` of [http].
# A time is a whole number and a unit: 250ms, 30s, 5m, 8h, 7d.
";

/// The section that follows the dialects in the example.
const AFTER_DIALECTS: &str = "limits";

/// An example configuration with every key.
pub(crate) fn example(dialects: Dialects) -> String {
    let mut keys = NodeSettings::keys();
    let at = keys.iter().position(|key| key.name == AFTER_DIALECTS).unwrap_or(keys.len());
    keys.splice(at..at, dialects.iter().map(|dialect| dialect.key()));
    settings::example(HEAD, &keys)
}

/// The environment variables of this process. Those that are not Unicode are ignored.
pub(crate) fn variables() -> impl Iterator<Item = (String, String)> {
    let texts =
        |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    std::env::vars_os().filter_map(texts)
}

#[cfg(test)]
mod tests;
