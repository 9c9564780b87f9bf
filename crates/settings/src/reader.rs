//! Reads the keys of one table and notes what is wrong.

use std::{ops::RangeInclusive, path::PathBuf};

use model::Secret;
use serde::de::DeserializeOwned;

use crate::{
    Place, Problem, Section, Source, suggest,
    tree::{Held, Node, Table},
};

/// The outer one says whether it was right, the inner one whether it was there.
pub type Maybe<T> = Option<Option<T>>;

/// Reads the keys of one table and notes what is wrong.
pub struct Reader<'a> {
    source: Source<'a>,
    table: Table,
    place: Place,
    path: String,
    known: Vec<&'static str>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// Reads from the top.
    pub(crate) fn new(source: Source<'a>, root: Table, problems: &'a mut Vec<Problem>) -> Self {
        Self { source, table: root, place: Place::Nowhere, path: String::new(), known: Vec::new(), problems }
    }

    /// A value that has a default.
    pub fn default<T: DeserializeOwned>(&mut self, key: &'static str, default: T) -> Option<T> {
        Some(self.option(key, "")?.unwrap_or(default))
    }

    /// A value that has a default; one out of bounds becomes the nearest bound.
    pub fn clamped<T: DeserializeOwned + Ord + Copy>(
        &mut self,
        key: &'static str,
        default: T,
        bounds: RangeInclusive<T>,
    ) -> Option<T> {
        self.default(key, default).map(|value: T| value.clamp(*bounds.start(), *bounds.end()))
    }

    /// A value that may be left out.
    pub fn option<T: DeserializeOwned>(&mut self, key: &'static str, _example: &str) -> Maybe<T> {
        match self.take(key) {
            Some(node) => self.value(key, node).map(Some),
            None => Some(None),
        }
    }

    /// A value that must be given.
    pub fn required<T: DeserializeOwned>(&mut self, key: &'static str, example: &str) -> Option<T> {
        let value = self.option(key, example)?;
        let missing =
            || self.wrong(self.place.clone(), key, format!("must be given, such as {key} = {example}"));
        value.or_else(missing)
    }

    /// A path that may be left out; a relative one begins at the file's folder.
    pub fn path(&mut self, key: &'static str, example: &str) -> Maybe<PathBuf> {
        Some(self.option(key, example)?.map(|path: PathBuf| self.source.folder.join(path)))
    }

    /// A path that must be given.
    pub fn required_path(&mut self, key: &'static str, example: &str) -> Option<PathBuf> {
        self.required(key, example).map(|path: PathBuf| self.source.folder.join(path))
    }

    /// A path that has a default.
    pub fn default_path(&mut self, key: &'static str, default: PathBuf) -> Option<PathBuf> {
        self.default(key, default).map(|path: PathBuf| self.source.folder.join(path))
    }

    /// A secret, here or in the file that `KEY_file` names; a line end at the file's end is no part of it.
    pub fn secret(&mut self, key: &'static str, example: &str) -> Maybe<Secret> {
        let file_key = format!("{key}_file");
        let Some(node) = self.table.remove(&file_key) else { return self.option(key, example) };
        self.known.push(key);
        if let Some(other) = self.table.remove(key) {
            return self.wrong(other.place, key, format!("{file_key} is given as well; keep one of them"));
        }
        let place = node.place.clone();
        let path = self.source.folder.join(self.value::<PathBuf>(key, node)?);
        match (self.source.read)(&path) {
            Ok(text) => Some(Some(Secret::new(text.trim_end_matches(['\r', '\n'])))),
            Err(error) => self.wrong(place, &file_key, format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// A secret that must be given. Without it the rest is still checked, so that everything wrong is told at once.
    pub fn required_secret(&mut self, key: &'static str, example: &str) -> Option<Secret> {
        let secret = self.secret(key, example)?;
        let missing = || {
            self.note(self.place.clone(), key, format!("must be given, or {key}_file"));
            Secret::new("")
        };
        Some(secret.unwrap_or_else(missing))
    }

    /// A section that is always there; one that is left out has its defaults.
    pub fn section<T: Section>(&mut self, key: &'static str) -> Option<T> {
        self.nested(key, T::read)
    }

    /// The same, of a type that no declaration gives. `read` calls [`Reader::finish`] at its end.
    pub fn nested<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let missing = || Node { place: Place::Nowhere, held: Held::Table(Table::new()) };
        let node = self.take(key).unwrap_or_else(missing);
        self.table(key, node, read)
    }

    /// A section that may be left out.
    pub fn part<T: Section>(&mut self, key: &'static str) -> Maybe<T> {
        match self.take(key) {
            Some(node) => self.table(key, node, T::read).map(Some),
            None => Some(None),
        }
    }

    /// A section that may stand any number of times.
    pub fn list<T: Section>(&mut self, key: &'static str) -> Option<Vec<T>> {
        let Some(node) = self.take(key) else { return Some(Vec::new()) };
        let Held::Tables(nodes) = node.held else {
            let path = self.path_of(key);
            return self.wrong(
                node.place,
                key,
                format!("is a section that may stand several times: [[{path}]]"),
            );
        };
        let nodes = nodes.into_iter().enumerate();
        let read: Vec<Option<T>> =
            nodes.map(|(index, node)| self.table(&format!("{key}.{index}"), node, T::read)).collect();
        read.into_iter().collect()
    }

    /// A section whose keys stand among these.
    pub fn flat<T: Section>(&mut self, _key: &'static str) -> Option<T> {
        T::read_keys(self)
    }

    /// What is no key.
    pub fn fixed<T>(&mut self, _key: &'static str, value: T) -> Option<T> {
        Some(value)
    }

    /// Notes the keys that nobody asked for.
    pub fn finish(&mut self) {
        for (key, node) in std::mem::take(&mut self.table) {
            let text = format!("there is no such key; {}", suggest(&key, self.known.iter().copied()));
            self.note(node.place, &key, text);
        }
    }

    /// The name of a key of this table from the top.
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn take(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        self.table.remove(key)
    }

    fn table<T>(
        &mut self,
        key: &str,
        node: Node,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let Held::Table(table) = node.held else {
            return self.wrong(node.place, key, format!("is a section: [{}]", self.path_of(key)));
        };
        let (source, path, known) = (self.source, self.path_of(key), Vec::new());
        read(&mut Reader { source, table, place: node.place, path, known, problems: self.problems })
    }

    fn value<T: DeserializeOwned>(&mut self, key: &str, node: Node) -> Option<T> {
        let read = match node.held {
            Held::Text(text) => from_text(&text),
            held @ (Held::Leaf(_) | Held::Table(_) | Held::Tables(_)) => from_value(held.into_value()),
        };
        read.map_err(|text| self.note(node.place, key, text)).ok()
    }

    fn wrong<T>(&mut self, place: Place, key: &str, text: String) -> Option<T> {
        self.note(place, key, text);
        None
    }

    fn note(&mut self, place: Place, key: &str, text: String) {
        let key = self.path_of(key);
        self.problems.push(Problem { place, key, text });
    }
}

/// Reads a value of TOML; `None` when it is none.
pub(crate) fn from_toml<T: DeserializeOwned>(text: &str) -> Option<Result<T, String>> {
    let document = toml::from_str::<toml::Table>(&format!("value = {text}"));
    document.ok()?.remove("value").map(from_value)
}

fn from_value<T: DeserializeOwned>(value: toml::Value) -> Result<T, String> {
    value.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// Reads the text of a variable: as it stands where the key holds text, else as TOML.
fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let as_text = from_value(toml::Value::String(text.to_owned()));
    as_text.or_else(|error| from_toml(text).unwrap_or(Err(error)))
}
