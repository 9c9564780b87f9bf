//! Bodies: JSON objects, read and written by the words of the table.

use compact_str::CompactString;
use serde_json::{Map, Value};

use super::{
    limits::{ENTRIES_MAX, TEXT_BYTES_MAX},
    vocabulary::{Word, Words},
    words::Key,
};

/// Why a body cannot be understood; a sentence for the peer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Something is missing.
    #[error("the body has no {key}")]
    Missing {
        /// What.
        key: String,
    },
    /// Something has another type, or is too long.
    #[error("{key} in the body is not {expected}")]
    Wrong {
        /// What.
        key: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// A JSON object with the words to read it by.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    pub(super) words: &'a Words,
    object: Option<&'a Map<String, Value>>,
}

impl<'a> Body<'a> {
    /// Takes an object, or nothing at all for `null`.
    pub fn new(words: &'a Words, value: &'a Value) -> Result<Self, Fault> {
        match value {
            Value::Object(object) => Ok(Self { words, object: Some(object) }),
            Value::Null => Ok(Self { words, object: None }),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(Fault::Wrong { key: "what stands".to_owned(), expected: "an object" })
            }
        }
    }

    /// The value of a key; one that is `null` counts as absent.
    pub(super) fn get<W: Word>(&self, key: W) -> Option<&'a Value> {
        self.object?.get(self.words.text(key)).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, key: Key) -> Result<CompactString, Fault> {
        self.text_if(key)?.ok_or_else(|| self.missing(key))
    }

    pub(super) fn text_if(&self, key: Key) -> Result<Option<CompactString>, Fault> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.as_str().filter(|text| text.len() <= TEXT_BYTES_MAX) {
            Some(text) => Ok(Some(text.into())),
            None => Err(self.wrong(key, "a text of at most 1,024 bytes")),
        }
    }

    /// An empty text counts as absent.
    pub(super) fn filled(&self, key: Key) -> Result<Option<CompactString>, Fault> {
        Ok(self.text_if(key)?.filter(|text| !text.is_empty()))
    }

    pub(super) fn flag(&self, key: Key) -> Result<bool, Fault> {
        match self.get(key) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| self.wrong(key, "true or false")),
        }
    }

    pub(super) fn word<W: Word>(&self, key: Key) -> Result<W, Fault> {
        let text = self.text(key)?;
        self.words.find(&text).ok_or_else(|| self.wrong(key, "a word of the protocol"))
    }

    pub(super) fn object(&self, key: Key) -> Result<Option<Body<'a>>, Fault> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self { words: self.words, object: Some(object) })),
            Some(_) => Err(self.wrong(key, "an object")),
        }
    }

    /// The objects of a list; none where there is no list.
    pub(super) fn list<T>(
        &self,
        key: Key,
        read: impl Fn(Body<'a>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        match value.as_array().filter(|list| list.len() <= ENTRIES_MAX) {
            Some(list) => list.iter().map(|entry| read(Body::new(self.words, entry)?)).collect(),
            None => Err(self.wrong(key, "a list of at most 256 entries")),
        }
    }

    pub(super) fn missing(&self, key: Key) -> Fault {
        Fault::Missing { key: self.words.text(key).to_owned() }
    }

    pub(super) fn wrong(&self, key: Key, expected: &'static str) -> Fault {
        Fault::Wrong { key: self.words.text(key).to_owned(), expected }
    }
}

/// Writes a body.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    words: &'a Words,
    object: Map<String, Value>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(words: &'a Words) -> Self {
        Self { words, object: Map::new() }
    }

    pub(super) fn words(&self) -> &'a Words {
        self.words
    }

    /// One for an object within this one.
    pub(super) fn again(&self) -> Self {
        Self::new(self.words)
    }

    pub(super) fn put<W: Word>(mut self, key: W, value: impl Into<Value>) -> Self {
        self.object.insert(self.words.text(key).to_owned(), value.into());
        self
    }

    pub(super) fn text(self, key: Key, text: &str) -> Self {
        self.put(key, text)
    }

    pub(super) fn text_if(self, key: Key, text: Option<&CompactString>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self,
        }
    }

    pub(super) fn word<W: Word>(self, key: Key, word: W) -> Self {
        let text = self.words.text(word).to_owned();
        self.put(key, text)
    }

    pub(super) fn list<T>(self, key: Key, entries: &[T], write: impl Fn(&'a Words, &T) -> Value) -> Self {
        let words = self.words;
        self.put(key, entries.iter().map(|entry| write(words, entry)).collect::<Vec<_>>())
    }

    pub(super) fn done(self) -> Value {
        Value::Object(self.object)
    }
}
