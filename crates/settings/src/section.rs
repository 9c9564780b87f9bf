//! The declaration of a section: its type, its keys, their descriptions and their defaults.

use serde::{Serialize, de::DeserializeOwned};

use crate::Reader;

/// A type that is read from a table of a file.
pub trait Section: Sized {
    /// Reads the keys of the section and ignores other keys of the table. `None` when there is a problem, which the reader has collected.
    fn read_keys(reader: &mut Reader<'_>) -> Option<Self>;

    /// The keys of the section, for the example.
    fn keys() -> Vec<Key>;

    /// Reads a table that has only keys of this section: another key is an error.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let read = Self::read_keys(reader);
        reader.finish();
        read
    }
}

/// A key of a section, for the example.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key's name.
    pub name: &'static str,
    /// The key's description, line by line.
    pub doc: &'static [&'static str],
    /// The key's value in the example.
    pub shown: Shown,
}

/// The form of a key in the example.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A value in TOML: the default, or an example where there is none.
    Value(String),
    /// A section that always exists.
    Section(Vec<Key>),
    /// An optional section.
    Part(Vec<Key>),
    /// A section that can be repeated.
    List(Vec<Key>),
}

/// Declares a section. The word after each key's type says how the key is read.
///
/// | how | field | |
/// |---|---|---|
/// | `default(value)` | `T` | optional, with this default |
/// | `clamped(value, least..=most)` | `T` | the same; a value out of bounds becomes the nearest bound |
/// | `option(example)` | `Option<T>` | optional; the example is TOML |
/// | `required(example)` | `T` | required |
/// | `path(example)` | `Option<PathBuf>` | optional; a relative path starts at the folder of the file |
/// | `required_path(example)`, `default_path(value)` | `PathBuf` | a required path, and one with a default |
/// | `secret(example)` | `Option<Secret>` | optional; from the key or from the file that `KEY_file` names |
/// | `required_secret(example)` | `Secret` | the same, but required |
/// | `section()` | `T` | a section that always exists |
/// | `part()` | `Option<T>` | an optional section |
/// | `list()` | `Vec<T>` | a section that can be repeated |
/// | `flat()` | `T` | a section whose keys belong to this section |
/// | `fixed(value)` | `T` | not a key: programs can set it, files cannot |
///
/// `Default` gives each key its default, and a required key its example.
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
                // All keys are read before the first error returns, so that all problems are reported together.
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

/// The default value of a field; for a required field, its example.
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

/// The form of a key in the example.
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

/// The name of a key, without the `r#` that keywords of Rust need.
#[doc(hidden)]
pub fn key_name(key: &'static str) -> &'static str {
    key.strip_prefix("r#").unwrap_or(key)
}

/// A default in TOML.
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
