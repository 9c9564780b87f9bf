//! What SIGHUP does: reads the certificates and the configuration again, and says what has changed.

use std::{collections::BTreeMap, path::PathBuf};

use settings::Problems;
use toml::{Table, Value};

use super::tls::Certificates;
use crate::{Dialects, config, file, log::LevelHandle};

/// The settings that apply without a restart.
const APPLIED: [&str; 1] = ["log.level"];

/// A configuration file that can be read again.
pub(crate) struct Reload {
    dialects: Dialects,
    file: PathBuf,
    level: LevelHandle,
    /// The keys of the file and their values, as they were read last. The values are compared and never shown: some are secrets.
    last: BTreeMap<String, String>,
}

impl Reload {
    /// The configuration that the node has started with.
    pub(crate) fn new(dialects: Dialects, file: PathBuf, level: LevelHandle) -> Result<Self, Problems> {
        let last = keys(&file::text_of(&file)?);
        Ok(Self { dialects, file, level, last })
    }

    /// Reads the file again, applies what can be applied, and logs what has changed.
    pub(super) fn run(&mut self) {
        let name = self.file.display().to_string();
        let read = config::load(self.dialects, &self.file);
        let config = match read {
            Ok(config) => config,
            Err(problems) => {
                for problem in problems.lines() {
                    tracing::error!(problem, "configuration not usable; the earlier one stays");
                }
                return;
            }
        };
        let Ok(text) = file::text_of(&self.file) else { return };
        let now = keys(&text);
        let changed = changed(&self.last, &now);
        self.last = now;
        let (applied, waiting): (Vec<_>, Vec<_>) =
            changed.into_iter().partition(|key| APPLIED.contains(&key.as_str()));
        if applied.is_empty() && waiting.is_empty() {
            tracing::info!(file = name, "configuration read again; it has not changed");
        }
        if !applied.is_empty() {
            match self.level.set(&config.node.log.level) {
                Ok(()) => tracing::info!(keys = applied.join(", "), "settings applied"),
                Err(error) => {
                    tracing::error!(
                        keys = applied.join(", "),
                        error = format!("{error:#}"),
                        "settings not applied"
                    );
                }
            }
        }
        if !waiting.is_empty() {
            tracing::warn!(keys = waiting.join(", "), "settings have changed; they need a restart");
        }
    }
}

/// Does what SIGHUP asks for. A demo has no configuration file.
pub(super) fn hang_up(certificates: &Certificates, reload: Option<&mut Reload>) {
    tracing::info!("hang-up signal: certificates and configuration are read again");
    certificates.reload();
    if let Some(reload) = reload {
        reload.run();
    }
}

/// The keys of a TOML file with their values. A file that is not TOML has none.
fn keys(text: &str) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    for (name, value) in text.parse::<Table>().unwrap_or_default() {
        collect(name, value, &mut keys);
    }
    keys
}

fn collect(path: String, value: Value, keys: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(table) => {
            for (name, value) in table {
                collect(format!("{path}.{name}"), value, keys);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_table) => {
            for (index, value) in items.into_iter().enumerate() {
                collect(format!("{path}.{index}"), value, keys);
            }
        }
        Value::Array(_)
        | Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_) => {
            keys.insert(path, value.to_string());
        }
    }
}

/// The keys that were added or removed, or have another value.
fn changed(before: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let gone = before.keys().filter(|key| !now.contains_key(*key));
    let new = now.iter().filter(|(key, value)| before.get(*key) != Some(value)).map(|(key, _)| key);
    let mut keys: Vec<String> = gone.chain(new).cloned().collect();
    keys.sort();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_are_named() {
        let before =
            keys("http.listen = \"a\"\nlog.level = \"info\"\n[[ari]]\nid = \"one\"\npassword = \"x\"\n");
        let now =
            keys("http.listen = \"a\"\n[[ari]]\nid = \"one\"\npassword = \"y\"\n[store]\npath = \"d\"\n");
        assert_eq!(changed(&before, &now), ["ari.0.password", "log.level", "store.path"]);
        assert!(changed(&before, &before).is_empty());
    }
}
