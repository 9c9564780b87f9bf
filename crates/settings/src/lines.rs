//! Where each key of a file stands.

use std::collections::BTreeMap;

use crate::{
    Place, Problem,
    tree::{Held, Table},
};

/// Where each key of a file stands, by its path: `http.listen`, `agents.0.id`.
#[derive(Debug, Default)]
pub struct Lines(BTreeMap<String, Place>);

impl Lines {
    /// Notes the place of every key.
    pub(crate) fn of(root: &Table) -> Self {
        let mut lines = Self::default();
        lines.note("", root);
        lines
    }

    /// A problem where the key stands, or where the section stands that should have it.
    pub fn problem(&self, key: &str, text: impl Into<String>) -> Problem {
        let section = key.rsplit_once('.').map_or("", |(section, _)| section);
        let place = self.0.get(key).or_else(|| self.0.get(section)).cloned();
        Problem { place: place.unwrap_or(Place::Nowhere), key: key.to_owned(), text: text.into() }
    }

    fn note(&mut self, path: &str, table: &Table) {
        for (key, node) in table {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.0.insert(path.clone(), node.place.clone());
            match &node.held {
                Held::Table(table) => self.note(&path, table),
                Held::Tables(nodes) => {
                    for (index, node) in nodes.iter().enumerate() {
                        let path = format!("{path}.{index}");
                        self.0.insert(path.clone(), node.place.clone());
                        if let Held::Table(table) = &node.held {
                            self.note(&path, table);
                        }
                    }
                }
                Held::Leaf(_) | Held::Text(_) => {}
            }
        }
    }
}
