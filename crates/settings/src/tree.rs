//! A TOML file as a tree of values with their places. Environment variables override values of the tree.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use crate::{Place, Problem};

/// The prefix of environment variables that override a configuration.
pub(crate) const PREFIX: &str = "CORDBOARD_";

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) held: Held,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(crate) enum Held {
    /// A text, a number or a list of them.
    Leaf(toml::Value),
    /// The text of a variable. Its type depends on the key.
    Text(String),
    /// Keys.
    Table(Table),
    /// A list of tables.
    Tables(Vec<Node>),
}

impl Held {
    /// The value without places.
    pub(crate) fn into_value(self) -> toml::Value {
        match self {
            Self::Leaf(value) => value,
            Self::Text(text) => toml::Value::String(text),
            Self::Table(table) => table
                .into_iter()
                .map(|(key, node)| (key, node.held.into_value()))
                .collect::<toml::Table>()
                .into(),
            Self::Tables(nodes) => {
                nodes.into_iter().map(|node| node.held.into_value()).collect::<Vec<_>>().into()
            }
        }
    }
}

/// Keys and their values.
pub(crate) type Table = BTreeMap<String, Node>;

/// Parses a file. A text that is not TOML gives problems with their lines.
pub(crate) fn parse(text: &str) -> Result<Table, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let breaks = Breaks::of(text);
    if errors.is_empty() {
        return Ok(grow_table(&breaks, table.get_ref()));
    }
    Err(errors.iter().map(|error| syntax(&breaks, error)).collect())
}

/// Overrides values of a tree with variables: `CORDBOARD_HTTP__LISTEN` sets `listen` of `[http]`. Returns the problems of variables that
/// match no section.
pub(crate) fn overlay(
    root: &mut Table,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in variables {
        let Some(path) = name.strip_prefix(PREFIX).filter(|path| path.contains("__")) else { continue };
        let path: Vec<String> = path.split("__").map(str::to_ascii_lowercase).collect();
        let place = Place::Variable(name);
        if let Err(text) = set(root, &path, &place, value) {
            problems.push(Problem { place, key: path.join("."), text });
        }
    }
    problems
}

/// The positions of the line ends, found once: each key of a large floor needs its line.
struct Breaks(Vec<usize>);

impl Breaks {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte, counted from 1.
    fn line_of(&self, at: usize) -> usize {
        1 + self.0.partition_point(|end| *end < at)
    }
}

fn syntax(breaks: &Breaks, error: &toml::de::Error) -> Problem {
    let line = error.span().map_or(1, |span| breaks.line_of(span.start));
    Problem { place: Place::Line(line), key: String::new(), text: error.message().to_owned() }
}

fn grow_table(breaks: &Breaks, table: &DeTable<'_>) -> Table {
    let entries = table.iter().map(|(key, value)| {
        let place = Place::Line(breaks.line_of(key.span().start));
        (key.get_ref().to_string(), grow(breaks, place, value))
    });
    entries.collect()
}

fn grow(breaks: &Breaks, place: Place, value: &Spanned<DeValue<'_>>) -> Node {
    let held = match value.get_ref() {
        DeValue::Table(table) => Held::Table(grow_table(breaks, table)),
        DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
            let grown = items.iter().map(|item| {
                let place = Place::Line(breaks.line_of(item.span().start));
                grow(breaks, place, item)
            });
            Held::Tables(grown.collect())
        }
        DeValue::Array(_)
        | DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => leaf(value),
    };
    Node { place, held }
}

/// A parsed value without tables. If a number is out of range, the error becomes a text, which the key then refuses.
fn leaf(value: &Spanned<DeValue<'_>>) -> Held {
    match toml::Value::deserialize(ValueDeserializer::from(value.clone())) {
        Ok(leaf) => Held::Leaf(leaf),
        Err(error) => Held::Text(error.message().to_owned()),
    }
}

fn set(table: &mut Table, path: &[String], place: &Place, value: String) -> Result<(), String> {
    let (key, rest) = path.split_first().ok_or("the name of the variable is incomplete")?;
    if rest.is_empty() {
        table.insert(key.clone(), Node { place: place.clone(), held: Held::Text(value) });
        return Ok(());
    }
    let fresh = || Node { place: place.clone(), held: Held::Table(Table::new()) };
    let node = table.entry(key.clone()).or_insert_with(fresh);
    match &mut node.held {
        Held::Table(table) => set(table, rest, place, value),
        Held::Tables(list) => set_in_list(list, rest, place, value),
        Held::Leaf(_) | Held::Text(_) => Err(format!("{key} is a value, not a section")),
    }
}

/// `CORDBOARD_UWQ__DESK__0__URL` sets `url` of the first `[[uwq.desk]]`.
fn set_in_list(list: &mut [Node], path: &[String], place: &Place, value: String) -> Result<(), String> {
    let (index, rest) = path.split_first().ok_or("the name of the variable is incomplete")?;
    let count = list.len();
    let index: usize =
        index.parse().map_err(|_| format!("{index:?} is not an index; expected 0 to {}", count - 1))?;
    let node =
        list.get_mut(index).ok_or_else(|| format!("the index is too high; expected 0 to {}", count - 1))?;
    match &mut node.held {
        Held::Table(table) => set(table, rest, place, value),
        Held::Tables(_) | Held::Leaf(_) | Held::Text(_) => Err("it is a value, not a section".to_owned()),
    }
}
