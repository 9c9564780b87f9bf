//! Bodies: JSON objects, read and written with the table of words.

use compact_str::CompactString;
use model::Secret;
use serde_json::{Map, Value};

use super::{
    limits::{ENTRIES_MAX, TEXT_BYTES_MAX},
    vocabulary::{Word, Words},
    words::Key,
};

/// Why a body is invalid, as a sentence for the peer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A key is missing.
    #[error("the body has no {key}")]
    Missing {
        /// The key.
        key: String,
    },
    /// A value has the wrong type or is too long.
    #[error("{key} in the body is not {expected}")]
    Wrong {
        /// The key.
        key: String,
        /// What was expected.
        expected: &'static str,
    },
}

/// A JSON object, with the words to read it.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    words: &'a Words,
    object: Option<&'a Map<String, Value>>,
}

impl<'a> Body<'a> {
    /// Wraps an object. `null` counts as an empty object.
    pub fn new(words: &'a Words, value: &'a Value) -> Result<Self, Fault> {
        match value {
            Value::Object(object) => Ok(Self { words, object: Some(object) }),
            Value::Null => Ok(Self { words, object: None }),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(Fault::Wrong { key: "what stands".to_owned(), expected: "an object" })
            }
        }
    }

    /// The value of a key. `null` counts as absent.
    pub(super) fn get<W: Word>(&self, key: W) -> Option<&'a Value> {
        self.object?.get(self.words.text(key)).filter(|value| !value.is_null())
    }

    fn text(&self, key: Key) -> Result<Option<CompactString>, Fault> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.as_str().filter(|text| text.len() <= TEXT_BYTES_MAX) {
            Some(text) => Ok(Some(text.into())),
            None => Err(self.wrong(key, "a text of at most 1,024 bytes")),
        }
    }

    pub(super) fn object(&self, key: Key) -> Result<Option<Body<'a>>, Fault> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self { words: self.words, object: Some(object) })),
            Some(_) => Err(self.wrong(key, "an object")),
        }
    }

    /// A required object.
    pub(super) fn required(&self, key: Key) -> Result<Body<'a>, Fault> {
        self.object(key)?.ok_or_else(|| self.missing(key))
    }

    fn missing(&self, key: Key) -> Fault {
        Fault::Missing { key: self.words.text(key).to_owned() }
    }

    fn wrong(&self, key: Key, expected: &'static str) -> Fault {
        Fault::Wrong { key: self.words.text(key).to_owned(), expected }
    }
}

/// Writes a body.
#[derive(Debug)]
pub struct Writer<'a> {
    words: &'a Words,
    object: Map<String, Value>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(words: &'a Words) -> Self {
        Self { words, object: Map::new() }
    }

    pub(super) fn put<W: Word>(&mut self, key: W, value: impl Into<Value>) {
        self.object.insert(self.words.text(key).to_owned(), value.into());
    }

    /// A writer for an object within this one.
    pub(super) fn again(&self) -> Self {
        Self::new(self.words)
    }

    pub(super) fn nest(&mut self, key: Key, object: &impl Object) {
        self.put(key, object.print(self.words));
    }

    pub(super) fn done(self) -> Value {
        Value::Object(self.object)
    }
}

/// A type that is a body, or an object within one.
pub trait Object: Sized {
    /// Reads the object.
    fn read(body: Body) -> Result<Self, Fault>;

    /// Writes all fields.
    fn write(&self, writer: &mut Writer);

    /// The object as a body.
    fn print(&self, words: &Words) -> Value {
        let mut writer = Writer::new(words);
        self.write(&mut writer);
        writer.done()
    }
}

/// A type that is the value of a key.
pub(super) trait Field: Sized {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault>;

    /// Reads a value that may be absent.
    fn read_if(body: &Body, key: Key) -> Result<Option<Self>, Fault> {
        body.get(key).map(|_| Self::read_at(body, key)).transpose()
    }

    fn write_at(&self, writer: &mut Writer, key: Key);
}

impl Field for CompactString {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
        body.text(key)?.ok_or_else(|| body.missing(key))
    }

    /// An empty text counts as absent.
    fn read_if(body: &Body, key: Key) -> Result<Option<Self>, Fault> {
        Ok(body.text(key)?.filter(|text| !text.is_empty()))
    }

    fn write_at(&self, writer: &mut Writer, key: Key) {
        writer.put(key, self.as_str());
    }
}

impl Field for Secret {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
        CompactString::read_at(body, key).map(Self::new)
    }

    fn write_at(&self, writer: &mut Writer, key: Key) {
        writer.put(key, self.reveal());
    }
}

/// An absent flag is false.
impl Field for bool {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
        let Some(value) = body.get(key) else { return Ok(false) };
        value.as_bool().ok_or_else(|| body.wrong(key, "true or false"))
    }

    fn write_at(&self, writer: &mut Writer, key: Key) {
        writer.put(key, *self);
    }
}

impl<W: Word> Field for W {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
        let text = CompactString::read_at(body, key)?;
        body.words.find(&text).ok_or_else(|| body.wrong(key, "a known word of the protocol"))
    }

    /// An unknown word counts as absent.
    fn read_if(body: &Body, key: Key) -> Result<Option<Self>, Fault> {
        Ok(CompactString::read_if(body, key)?.and_then(|text| body.words.find(&text)))
    }

    fn write_at(&self, writer: &mut Writer, key: Key) {
        writer.put(key, writer.words.text(*self));
    }
}

impl Field for Value {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
        body.get(key).cloned().ok_or_else(|| body.missing(key))
    }

    fn write_at(&self, writer: &mut Writer, key: Key) {
        writer.put(key, self.clone());
    }
}

/// An absent list is empty.
impl<T: Object> Field for Vec<T> {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
        let Some(value) = body.get(key) else { return Ok(Self::new()) };
        match value.as_array().filter(|list| list.len() <= ENTRIES_MAX) {
            Some(list) => list.iter().map(|entry| T::read(Body::new(body.words, entry)?)).collect(),
            None => Err(body.wrong(key, "a list of at most 256 entries")),
        }
    }

    fn write_at(&self, writer: &mut Writer, key: Key) {
        let words = writer.words;
        writer.put(key, self.iter().map(|entry| entry.print(words)).collect::<Vec<_>>());
    }
}

impl<T: Field> Field for Option<T> {
    fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
        T::read_if(body, key)
    }

    fn write_at(&self, writer: &mut Writer, key: Key) {
        if let Some(value) = self {
            value.write_at(writer, key);
        }
    }
}

/// Reads or writes one field of a table: under its key; under its key with a default if it is absent; or inline, as an object whose fields
/// are among the others.
macro_rules! field {
    (read $body:ident, inline) => {
        Object::read($body)?
    };
    (read $body:ident, $key:ident or default) => {
        Field::read_if(&$body, Key::$key)?.unwrap_or_default()
    };
    (read $body:ident, $key:ident) => {
        Field::read_at(&$body, Key::$key)?
    };
    (write $writer:ident, $value:expr, inline) => {
        Object::write($value, $writer)
    };
    (write $writer:ident, $value:expr, $key:ident $(or default)?) => {
        Field::write_at($value, $writer, Key::$key)
    };
}
pub(super) use field;

/// Declares a type and its form in a body: each field as `name: Type = Key`, see `field!`. An optional last key is always written with the
/// same value and never read.
macro_rules! object {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty = $($how:ident)+,)*
    } $(with $constant:ident = $constant_value:expr)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl Object for $name {
            fn read(body: Body) -> Result<Self, Fault> {
                Ok(Self { $($field: field!(read body, $($how)+),)* })
            }

            fn write(&self, writer: &mut Writer) {
                $(field!(write writer, &self.$field, $($how)+);)*
                $(writer.put(Key::$constant, $constant_value);)?
            }
        }

        impl Field for $name {
            fn read_at(body: &Body, key: Key) -> Result<Self, Fault> {
                Object::read(body.required(key)?)
            }

            fn write_at(&self, writer: &mut Writer, key: Key) {
                writer.nest(key, self);
            }
        }
    };
}
pub(super) use object;
