//! A section of a file, declared once: its type, its keys, their documentation and their defaults.

use serde::{Serialize, de::DeserializeOwned};

use crate::Reader;

/// Something that is read from a table of a file.
pub trait Section: Sized {
    /// Reads its keys, and leaves the others of the table alone. `None` when something is wrong, which the reader has noted.
    fn read_keys(reader: &mut Reader<'_>) -> Option<Self>;

    /// Its keys, for the example.
    fn keys() -> Vec<Key>;

    /// Reads a table of its own: another key is an error.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let read = Self::read_keys(reader);
        reader.finish();
        read
    }
}

/// A key of a section, for the example.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it means, line by line.
    pub doc: &'static [&'static str],
    /// What it holds.
    pub shown: Shown,
}

/// What the example shows of a key.
#[derive(Debug, Clone)]
pub enum Shown {
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
/// | how | field | |
/// |---|---|---|
/// | `default(value)` | `T` | the value when the file says nothing |
/// | `clamped(value, least..=most)` | `T` | the same; a value out of bounds becomes the nearest bound |
/// | `option(example)` | `Option<T>` | the example is TOML |
/// | `required(example)` | `T` | must be given |
/// | `path(example)` | `Option<PathBuf>` | a relative path begins at the file's folder |
/// | `required_path(example)`, `default_path(value)` | `PathBuf` | the same |
/// | `secret(example)` | `Option<Secret>` | from the key itself or from the file that `KEY_file` names |
/// | `required_secret(example)` | `Secret` | the same, and must be given |
/// | `section()` | `T` | a section that is always there |
/// | `part()` | `Option<T>` | a section that may be left out |
/// | `list()` | `Vec<T>` | a section that may stand any number of times |
/// | `flat()` | `T` | a section whose keys stand among these |
/// | `fixed(value)` | `T` | not a key: programs may set it, files may not |
///
/// `Default` gives each key its default, and a required one its example.
///
/// ```
/// use cordboard_settings::{Span, section};
///
/// section! {
///     /// A link.
///     pub Link {
///         /// The host to connect to.
///         host: String = required("\"pbx.example.com\""),
///         /// How long a connection may take.
///         timeout: Span = default(Span::s(5)),
///     }
/// }
///
/// assert_eq!(Link::default().timeout, Span::s(5));
/// ```
#[macro_export]
macro_rules! section {
    (
        $(#[doc = $doc:literal])*
        $vis:vis $name:ident {
            $( $(#[doc = $key_doc:literal])+ $key:ident: $held:ty = $how:ident($($shown:expr),*) ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name {
            $( $(#[doc = $key_doc])+ $vis $key: $crate::held!($how $held), )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $key: $crate::initial!($how $($shown),*), )* }
            }
        }

        impl $crate::Section for $name {
            fn read_keys(reader: &mut $crate::Reader<'_>) -> Option<Self> {
                // Every key is read before any is missed, so that everything wrong is told at once.
                $( let $key = reader.$how($crate::key_name(stringify!($key)) $(, $shown)*); )*
                Some(Self { $( $key: $key?, )* })
            }

            fn keys() -> Vec<$crate::Key> {
                [ $( $crate::declared!($crate::key_name(stringify!($key)), &[ $($key_doc),+ ],
                    $how $held $(, $shown)*) ),* ].concat()
            }
        }
    };
}

/// The type of a field.
#[doc(hidden)]
#[macro_export]
macro_rules! held {
    (option $held:ty) => { Option<$held> };
    (path $held:ty) => { Option<$held> };
    (secret $held:ty) => { Option<$held> };
    (part $held:ty) => { Option<$held> };
    (list $held:ty) => { Vec<$held> };
    ($how:ident $held:ty) => { $held };
}

/// The value of a field of which a file says nothing; of a required one, its example.
#[doc(hidden)]
#[macro_export]
macro_rules! initial {
    (default $value:expr) => {
        $value
    };
    (clamped $value:expr, $bounds:expr) => {
        $value
    };
    (default_path $value:expr) => {
        $value
    };
    (fixed $value:expr) => {
        $value
    };
    (required $example:expr) => {
        $crate::parsed($example)
    };
    (required_path $example:expr) => {
        $crate::parsed($example)
    };
    (required_secret $example:expr) => {
        $crate::parsed($example)
    };
    ($how:ident $($example:expr)?) => {
        Default::default()
    };
}

/// The keys of a field, for the example.
#[doc(hidden)]
#[macro_export]
macro_rules! declared {
    ($name:expr, $doc:expr, fixed $held:ty, $value:expr) => { Vec::new() };
    ($name:expr, $doc:expr, flat $held:ty) => { <$held as $crate::Section>::keys() };
    ($name:expr, $doc:expr, $how:ident $held:ty $(, $shown:expr)*) => {
        vec![$crate::Key { name: $name, doc: $doc, shown: $crate::shown!($how $held $(, $shown)*) }]
    };
}

/// What the example shows of a key.
#[doc(hidden)]
#[macro_export]
macro_rules! shown {
    (default $held:ty, $value:expr) => { $crate::Shown::Value($crate::toml_text::<$held>(&$value)) };
    (clamped $held:ty, $value:expr, $bounds:expr) => { $crate::shown!(default $held, $value) };
    (default_path $held:ty, $value:expr) => { $crate::shown!(default $held, $value) };
    (section $held:ty) => { $crate::Shown::Section(<$held as $crate::Section>::keys()) };
    (part $held:ty) => { $crate::Shown::Part(<$held as $crate::Section>::keys()) };
    (list $held:ty) => { $crate::Shown::List(<$held as $crate::Section>::keys()) };
    ($how:ident $held:ty, $example:expr) => { $crate::Shown::Value($example.to_owned()) };
}

/// The name of a key that may be a word of Rust's.
#[doc(hidden)]
pub fn key_name(key: &'static str) -> &'static str {
    key.strip_prefix("r#").unwrap_or(key)
}

/// A default as TOML.
#[doc(hidden)]
pub fn toml_text<T: Serialize>(value: &T) -> String {
    match toml::Value::try_from(value) {
        Ok(value) => value.to_string(),
        Err(error) => unreachable!("a default is text, a number or a list of such: {error}"),
    }
}

/// The value of an example in TOML.
#[doc(hidden)]
pub fn parsed<T: DeserializeOwned>(example: &str) -> T {
    match crate::reader::from_toml(example) {
        Some(Ok(value)) => value,
        Some(Err(error)) => unreachable!("the example {example} is not a value of its key: {error}"),
        None => unreachable!("the example {example} is not TOML"),
    }
}
