//! The places of the keys in a file.

use std::collections::BTreeMap;

use crate::{
    Place, Problem,
    tree::{Held, Table},
};

/// The place of each key of a file, by its path: `http.listen`, `agents.0.id`.
#[derive(Debug, Default)]
pub struct Lines(BTreeMap<String, Place>);

impl Lines {
    /// Collects the place of every key.
    pub(crate) fn of(root: &Table) -> Self {
        let mut lines = Self::default();
        lines.collect("", root);
        lines
    }

    /// A problem at the place of the key, or at the place of the section in which the key is missing.
    pub fn problem(&self, key: &str, text: impl Into<String>) -> Problem {
        let section = key.rsplit_once('.').map_or("", |(section, _)| section);
        let place = self.0.get(key).or_else(|| self.0.get(section)).cloned();
        Problem { place: place.unwrap_or(Place::Nowhere), key: key.to_owned(), text: text.into() }
    }

    fn collect(&mut self, path: &str, table: &Table) {
        for (key, node) in table {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.0.insert(path.clone(), node.place.clone());
            match &node.held {
                Held::Table(table) => self.collect(&path, table),
                Held::Tables(nodes) => {
                    for (index, node) in nodes.iter().enumerate() {
                        let path = format!("{path}.{index}");
                        self.0.insert(path.clone(), node.place.clone());
                        if let Held::Table(table) = &node.held {
                            self.collect(&path, table);
                        }
                    }
                }
                Held::Leaf(_) | Held::Text(_) => {}
            }
        }
    }
}
