//! The keys that a file and the environment set, as text, without secrets.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Held, Table};

/// The text in place of a secret.
const REDACTED: &str = "(secret)";

/// Parts of names of keys whose values are never shown, whatever their type is.
const SECRET_NAMES: [&str; 3] = ["password", "secret", "token"];

/// The keys that are set, by path, with their values in TOML: `http.listen`, `agents.0.id`. Values of secrets are replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given(BTreeMap<String, String>);

impl Given {
    /// Collects every key with a value.
    pub(crate) fn of(root: &Table) -> Self {
        let mut given = Self::default();
        given.collect("", root);
        given
    }

    /// Replaces the values of keys that hold secrets.
    pub(crate) fn redact(&mut self, secrets: &BTreeSet<String>) {
        for (path, value) in &mut self.0 {
            let name = path.rsplit('.').next().unwrap_or(path);
            let is_file = name.ends_with("_file");
            if secrets.contains(path) || (!is_file && SECRET_NAMES.iter().any(|part| name.contains(part))) {
                REDACTED.clone_into(value);
            }
        }
    }

    /// The keys and their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, value)| (path.as_str(), value.as_str()))
    }

    fn collect(&mut self, path: &str, table: &Table) {
        for (key, node) in table {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match &node.held {
                Held::Table(table) => self.collect(&path, table),
                Held::Tables(nodes) => {
                    for (index, node) in nodes.iter().enumerate() {
                        if let Held::Table(table) = &node.held {
                            self.collect(&format!("{path}.{index}"), table);
                        }
                    }
                }
                Held::Leaf(value) => drop(self.0.insert(path, without_login(&value.to_string()))),
                Held::Text(text) => drop(self.0.insert(path, without_login(text))),
            }
        }
    }
}

/// A value without the user name and password of a URL in it.
fn without_login(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value.to_owned() };
    let authority = rest.find(['/', '?', '#', '"']).unwrap_or(rest.len());
    match rest[..authority].rfind('@') {
        Some(at) => format!("{scheme}://{REDACTED}{}", &rest[at..]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    #[test]
    fn no_secret_is_in_the_given_keys() {
        let text = "[http]\nlisten = \"127.0.0.1:8080\"\n[ari]\nurl = \"http://u:hidden1@pbx:8088/ari\"\nkeyed = \"hidden2\"\n\
                    password = \"hidden3\"\npassword_file = \"pw\"\n[[peer]]\nid = 7\n";
        let mut given = Given::of(&tree::parse(text).unwrap());
        given.redact(&BTreeSet::from(["ari.keyed".to_owned()]));
        let shown: Vec<_> = given.iter().collect();
        let wanted = [
            ("ari.keyed", "(secret)"),
            ("ari.password", "(secret)"),
            ("ari.password_file", "\"pw\""),
            ("ari.url", "\"http://(secret)@pbx:8088/ari\""),
            ("http.listen", "\"127.0.0.1:8080\""),
            ("peer.0.id", "7"),
        ];
        assert_eq!(shown, wanted);
    }
}
