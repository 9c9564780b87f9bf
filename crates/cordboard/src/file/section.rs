//! A section of the configuration, declared once: its type, its keys, their words and their defaults.

use std::path::{Path, PathBuf};

use model::Secret;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    problem::{Place, Problem, suggest},
    tree::{Held, Node, Table},
};

/// Something that is read from a table of the file.
pub(crate) trait Section: Sized {
    /// Reads it. `None` when something is wrong, which the reader has noted.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;

    /// Its keys, for the example.
    fn keys() -> Vec<Key>;
}

/// A key of a section, for the example.
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it means, line by line.
    pub(crate) doc: &'static [&'static str],
    /// What it holds.
    pub(crate) shown: Shown,
}

/// What the example shows of a key.
pub(crate) enum Shown {
    /// A value in TOML: the default, or an example where there is none.
    Value(String),
    /// A section that is always there.
    Section(Vec<Key>),
    /// A section that may be left out, and what it stands for with it.
    Part(Vec<Key>),
    /// A section that may stand any number of times.
    List(Vec<Key>),
}

/// Declares a section: after each key's type stands how it is read.
///
/// - `default(value)`: the value when the file says nothing
/// - `option(example)`: `Option`; the example is TOML
/// - `required(example)`: must be given
/// - `secret(example)`: `Option<Secret>`, from the key itself or from the file that `KEY_file` names
/// - `section()`: a section that is always there
/// - `part()`: `Option`; a section that may be left out
/// - `list()`: `Vec`; a section that may stand any number of times
macro_rules! section {
    (
        $(#[doc = $doc:literal])*
        $name:ident {
            $( $(#[doc = $key_doc:literal])+ $key:ident: $held:ty = $how:ident($($shown:expr)?) ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct $name {
            $( $(#[doc = $key_doc])+ pub(crate) $key: $crate::file::section::held!($how $held), )*
        }

        impl $crate::file::section::Section for $name {
            fn read(reader: &mut $crate::file::section::Reader<'_>) -> Option<Self> {
                // Every key is read before any is missed, so that everything wrong is told at once.
                $( let $key = reader.$how($crate::file::section::name(stringify!($key)) $(, $shown)?); )*
                reader.finish();
                Some(Self { $( $key: $key?, )* })
            }

            fn keys() -> Vec<$crate::file::section::Key> {
                vec![ $( $crate::file::section::Key {
                    name: $crate::file::section::name(stringify!($key)),
                    doc: &[ $($key_doc),+ ],
                    shown: $crate::file::section::shown!($how $held $(, $shown)?),
                }, )* ]
            }
        }
    };
}

/// The type in which a key is held.
macro_rules! held {
    (option $held:ty) => { Option<$held> };
    (secret $held:ty) => { Option<$held> };
    (part $held:ty) => { Option<$held> };
    (list $held:ty) => { Vec<$held> };
    ($how:ident $held:ty) => { $held };
}

/// What the example shows of a key.
macro_rules! shown {
    (default $held:ty, $shown:expr) => {
        $crate::file::section::Shown::Value($crate::file::section::toml_text::<$held>(&$shown))
    };
    (section $held:ty) => {
        $crate::file::section::Shown::Section(<$held as $crate::file::section::Section>::keys())
    };
    (part $held:ty) => {
        $crate::file::section::Shown::Part(<$held as $crate::file::section::Section>::keys())
    };
    (list $held:ty) => {
        $crate::file::section::Shown::List(<$held as $crate::file::section::Section>::keys())
    };
    ($how:ident $held:ty, $shown:expr) => {
        $crate::file::section::Shown::Value($shown.to_owned())
    };
}

pub(crate) use {held, section, shown};

/// The name of a key that may be a word of Rust's.
pub(crate) fn name(key: &'static str) -> &'static str {
    key.strip_prefix("r#").unwrap_or(key)
}

/// A default as TOML.
pub(crate) fn toml_text<T: Serialize>(value: &T) -> String {
    match toml::Value::try_from(value) {
        Ok(value) => value.to_string(),
        Err(error) => unreachable!("a default is text, a number or a list of such: {error}"),
    }
}

/// The outer one says whether it was right, the inner one whether it was there.
type Maybe<T> = Option<Option<T>>;

/// Reads the keys of one table and notes what is wrong.
pub(crate) struct Reader<'a> {
    folder: &'a Path,
    table: Table,
    place: Place,
    path: String,
    known: Vec<&'static str>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// Reads from the top. Files of secrets are looked for from `folder` on.
    pub(super) fn new(folder: &'a Path, root: Table, problems: &'a mut Vec<Problem>) -> Self {
        Self { folder, table: root, place: Place::Nowhere, path: String::new(), known: Vec::new(), problems }
    }

    /// A value that has a default.
    pub(crate) fn default<T: DeserializeOwned>(&mut self, key: &'static str, default: T) -> Option<T> {
        match self.take(key) {
            Some(node) => self.value(key, node),
            None => Some(default),
        }
    }

    /// A value that may be left out.
    pub(crate) fn option<T: DeserializeOwned>(&mut self, key: &'static str, _example: &str) -> Maybe<T> {
        match self.take(key) {
            Some(node) => self.value(key, node).map(Some),
            None => Some(None),
        }
    }

    /// A value that must be given.
    pub(crate) fn required<T: DeserializeOwned>(&mut self, key: &'static str, example: &str) -> Option<T> {
        match self.take(key) {
            Some(node) => self.value(key, node),
            None => self.wrong(self.place.clone(), key, format!("must be given, such as {key} = {example}")),
        }
    }

    /// A secret, here or in the file that `KEY_file` names; a line end at the file's end is no part of it.
    pub(crate) fn secret(&mut self, key: &'static str, example: &str) -> Maybe<Secret> {
        let file_key = format!("{key}_file");
        let Some(node) = self.table.remove(&file_key) else { return self.option(key, example) };
        self.known.push(key);
        if let Some(other) = self.table.remove(key) {
            return self.wrong(other.place, key, format!("{file_key} is given as well; keep one of them"));
        }
        let place = node.place.clone();
        let path = self.folder.join(self.value::<PathBuf>(key, node)?);
        match std::fs::read_to_string(&path) {
            Ok(text) => Some(Some(Secret::new(text.trim_end_matches(['\r', '\n'])))),
            Err(error) => self.wrong(place, &file_key, format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// A section that is always there; one that is left out has its defaults.
    pub(crate) fn section<T: Section>(&mut self, key: &'static str) -> Option<T> {
        let missing = || Node { place: Place::Nowhere, held: Held::Table(Table::new()) };
        let node = self.take(key).unwrap_or_else(missing);
        self.table(key, node)
    }

    /// A section that may be left out.
    pub(crate) fn part<T: Section>(&mut self, key: &'static str) -> Maybe<T> {
        match self.take(key) {
            Some(node) => self.table(key, node).map(Some),
            None => Some(None),
        }
    }

    /// A section that may stand any number of times.
    pub(crate) fn list<T: Section>(&mut self, key: &'static str) -> Option<Vec<T>> {
        let Some(node) = self.take(key) else { return Some(Vec::new()) };
        let Held::Tables(nodes) = node.held else {
            return self.wrong(
                node.place,
                key,
                format!("is a section that may stand several times: [[{}]]", self.path_of(key)),
            );
        };
        let nodes = nodes.into_iter().enumerate();
        let read: Vec<Option<T>> =
            nodes.map(|(index, node)| self.table(&format!("{key}.{index}"), node)).collect();
        read.into_iter().collect()
    }

    /// Notes the keys that nobody asked for.
    pub(crate) fn finish(&mut self) {
        for (key, node) in std::mem::take(&mut self.table) {
            let text = format!("there is no such key; {}", suggest(&key, self.known.iter().copied()));
            self.note(node.place, &key, text);
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        self.table.remove(key)
    }

    fn table<T: Section>(&mut self, key: &str, node: Node) -> Option<T> {
        let Held::Table(table) = node.held else {
            return self.wrong(node.place, key, format!("is a section: [{}]", self.path_of(key)));
        };
        let (folder, path, known) = (self.folder, self.path_of(key), Vec::new());
        T::read(&mut Reader { folder, table, place: node.place, path, known, problems: self.problems })
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

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

fn from_value<T: DeserializeOwned>(value: toml::Value) -> Result<T, String> {
    value.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// Reads the text of a variable: as it stands where the key holds text, else as TOML.
fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let as_text = from_value(toml::Value::String(text.to_owned()));
    as_text.or_else(|error| {
        let document = toml::from_str::<toml::Table>(&format!("value = {text}"));
        let value = document.ok().and_then(|mut table| table.remove("value"));
        value.map_or(Err(error), from_value)
    })
}
