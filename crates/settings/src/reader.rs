//! Reads the keys of one table and collects the problems.

use std::{collections::BTreeSet, ops::RangeInclusive, path::PathBuf};

use model::Secret;
use serde::de::DeserializeOwned;

use crate::{
    Place, Problem, Section, Source, suggest,
    tree::{Held, Node, Table},
};

/// An optional value. The outer `Option` is `None` when the value is invalid, the inner one when it is missing.
pub type Maybe<T> = Option<Option<T>>;

/// Reads the keys of one table and collects the problems.
pub struct Reader<'a> {
    source: Source<'a>,
    table: Table,
    place: Place,
    path: String,
    known: Vec<&'static str>,
    notes: &'a mut Notes,
}

/// What reading a file finds besides its content.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) problems: Vec<Problem>,
    /// The paths of keys that hold secrets.
    pub(crate) secrets: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    /// Reads the top table of a file.
    pub(crate) fn new(source: Source<'a>, root: Table, notes: &'a mut Notes) -> Self {
        Self { source, table: root, place: Place::Nowhere, path: String::new(), known: Vec::new(), notes }
    }

    /// A value that has a default.
    pub fn default<T: DeserializeOwned>(&mut self, key: &'static str, default: T) -> Option<T> {
        Some(self.option(key, "")?.unwrap_or(default))
    }

    /// A value that has a default. A value out of bounds becomes the nearest bound.
    pub fn clamped<T: DeserializeOwned + Ord + Copy>(
        &mut self,
        key: &'static str,
        default: T,
        bounds: RangeInclusive<T>,
    ) -> Option<T> {
        self.default(key, default).map(|value: T| value.clamp(*bounds.start(), *bounds.end()))
    }

    /// An optional value.
    pub fn option<T: DeserializeOwned>(&mut self, key: &'static str, _example: &str) -> Maybe<T> {
        match self.take(key) {
            Some(node) => self.value(key, node).map(Some),
            None => Some(None),
        }
    }

    /// A required value.
    pub fn required<T: DeserializeOwned>(&mut self, key: &'static str, example: &str) -> Option<T> {
        let value = self.option(key, example)?;
        let missing =
            || self.wrong(self.place.clone(), key, format!("is required, for example {key} = {example}"));
        value.or_else(missing)
    }

    /// An optional path. A relative path starts at the folder of the file.
    pub fn path(&mut self, key: &'static str, example: &str) -> Maybe<PathBuf> {
        Some(self.option(key, example)?.map(|path: PathBuf| self.source.folder.join(path)))
    }

    /// A required path.
    pub fn required_path(&mut self, key: &'static str, example: &str) -> Option<PathBuf> {
        self.required(key, example).map(|path: PathBuf| self.source.folder.join(path))
    }

    /// A path that has a default.
    pub fn default_path(&mut self, key: &'static str, default: PathBuf) -> Option<PathBuf> {
        self.default(key, default).map(|path: PathBuf| self.source.folder.join(path))
    }

    /// A secret, from the key or from the file that `KEY_file` names. A line end at the end of that file is not part of the secret.
    pub fn secret(&mut self, key: &'static str, example: &str) -> Maybe<Secret> {
        let (path, file_key) = (self.path_of(key), format!("{key}_file"));
        self.notes.secrets.insert(path);
        let Some(node) = self.table.remove(&file_key) else { return self.option(key, example) };
        self.known.push(key);
        if let Some(other) = self.table.remove(key) {
            return self.wrong(other.place, key, format!("{file_key} is given too; delete one of them"));
        }
        let place = node.place.clone();
        let path = self.source.folder.join(self.value::<PathBuf>(key, node)?);
        match (self.source.read)(&path) {
            Ok(text) => Some(Some(Secret::new(text.trim_end_matches(['\r', '\n'])))),
            Err(error) => self.wrong(place, &file_key, format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// A required secret. If it is missing, the rest is still checked, so that all problems are reported together.
    pub fn required_secret(&mut self, key: &'static str, example: &str) -> Option<Secret> {
        let secret = self.secret(key, example)?;
        let missing = || {
            self.note(self.place.clone(), key, format!("is required; give {key} or {key}_file"));
            Secret::new("")
        };
        Some(secret.unwrap_or_else(missing))
    }

    /// A section that always exists. If it is missing, its keys have their defaults.
    pub fn section<T: Section>(&mut self, key: &'static str) -> Option<T> {
        self.nested(key, T::read)
    }

    /// The same for a type without a declaration. `read` calls [`Reader::finish`] at its end.
    pub fn nested<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let missing = || Node { place: Place::Nowhere, held: Held::Table(Table::new()) };
        let node = self.take(key).unwrap_or_else(missing);
        self.table(key, node, read)
    }

    /// An optional section.
    pub fn part<T: Section>(&mut self, key: &'static str) -> Maybe<T> {
        match self.take(key) {
            Some(node) => self.table(key, node, T::read).map(Some),
            None => Some(None),
        }
    }

    /// A section that can be repeated.
    pub fn list<T: Section>(&mut self, key: &'static str) -> Option<Vec<T>> {
        let Some(node) = self.take(key) else { return Some(Vec::new()) };
        let Held::Tables(nodes) = node.held else {
            let path = self.path_of(key);
            return self.wrong(
                node.place,
                key,
                format!("is a section that can be repeated; expected [[{path}]]"),
            );
        };
        let nodes = nodes.into_iter().enumerate();
        let read: Vec<Option<T>> =
            nodes.map(|(index, node)| self.table(&format!("{key}.{index}"), node, T::read)).collect();
        read.into_iter().collect()
    }

    /// A section whose keys belong to this table.
    pub fn flat<T: Section>(&mut self, _key: &'static str) -> Option<T> {
        T::read_keys(self)
    }

    /// A field that is not a key.
    pub fn fixed<T>(&mut self, _key: &'static str, value: T) -> Option<T> {
        Some(value)
    }

    /// Reports the unknown keys.
    pub fn finish(&mut self) {
        for (key, node) in std::mem::take(&mut self.table) {
            let text = format!("unknown key; {}", suggest(&key, self.known.iter().copied()));
            self.note(node.place, &key, text);
        }
    }

    /// The path of a key of this table, from the top of the file.
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
            return self.wrong(node.place, key, format!("is a section; expected [{}]", self.path_of(key)));
        };
        let (source, path, known) = (self.source, self.path_of(key), Vec::new());
        read(&mut Reader { source, table, place: node.place, path, known, notes: self.notes })
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
        self.notes.problems.push(Problem { place, key, text });
    }
}

/// Reads a TOML value; `None` if the text is not TOML.
pub(crate) fn from_toml<T: DeserializeOwned>(text: &str) -> Option<Result<T, String>> {
    let document = toml::from_str::<toml::Table>(&format!("value = {text}"));
    document.ok()?.remove("value").map(from_value)
}

fn from_value<T: DeserializeOwned>(value: toml::Value) -> Result<T, String> {
    value.try_into().map_err(|error: toml::de::Error| plain(error.message()))
}

/// Whole numbers in the words of Rust, and in plain words.
const NUMBERS: [(&str, &str); 6] = [
    ("expected u8", "expected a whole number from 0 to 255"),
    ("expected u16", "expected a whole number from 0 to 65535"),
    ("expected u32", "expected a whole number of 0 or more"),
    ("expected u64", "expected a whole number of 0 or more"),
    ("expected usize", "expected a whole number of 0 or more"),
    ("expected i32", "expected a whole number"),
];

/// A message of serde in plain words.
fn plain(message: &str) -> String {
    if let Some((value, expected)) =
        message.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, expected "))
    {
        return format!("{value:?} is not valid; expected {}", expected.replace('`', "\""));
    }
    let number =
        NUMBERS.iter().find_map(|(rust, plain)| Some(message.strip_suffix(rust)?.to_owned() + plain));
    number.unwrap_or_else(|| message.to_owned())
}

/// Reads the text of a variable: as text if the key takes text, otherwise as TOML.
fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let as_text = from_value(toml::Value::String(text.to_owned()));
    as_text.or_else(|error| from_toml(text).unwrap_or(Err(error)))
}
