//! Call data: ordered pairs of a name and a value.

use std::fmt;

use compact_str::CompactString;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most pairs that one interaction can carry. Our choice.
pub(crate) const PAIRS_MAX: usize = 128;
/// The longest name, in bytes. UWQ allows 500 (uwq.md §7.5).
pub(crate) const NAME_BYTES_MAX: usize = 500;
/// The longest value, in bytes. Our choice. UWQ's own limit of 1,996 bytes applies when UWQ messages are written.
pub(crate) const VALUE_BYTES_MAX: usize = 8_192;

/// Why a pair cannot be added to call data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// The data already has the maximum number of pairs.
    #[error("data has more than {PAIRS_MAX} pairs; remove some of them")]
    TooMany,
    /// The name is empty.
    #[error("data has a pair with an empty name; names have 1 to {NAME_BYTES_MAX} bytes")]
    NoName,
    /// The name is too long.
    #[error("a data name has {bytes} bytes; the maximum is {NAME_BYTES_MAX}")]
    LongName {
        /// The length of the name, in bytes.
        bytes: usize,
    },
    /// The value is too long.
    #[error("the value of data {name:?} has {bytes} bytes; the maximum is {VALUE_BYTES_MAX}")]
    LongValue {
        /// The name of the pair.
        name: String,
        /// The length of the value, in bytes.
        bytes: usize,
    },
}

/// Ordered pairs of a name and a value, limited in number and size. Values are personal data: `Debug` shows only the
/// names.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "IndexMap<CompactString, CompactString>", into = "IndexMap<CompactString, CompactString>")]
#[schema(value_type = std::collections::HashMap<String, String>)]
pub struct Data(IndexMap<CompactString, CompactString>);

impl Data {
    /// Creates data without pairs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of a name. An existing pair keeps its position.
    pub fn set(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Result<(), DataError> {
        let (name, value) = (name.as_ref(), value.as_ref());
        check_pair(name, value)?;
        if self.0.len() >= PAIRS_MAX && !self.0.contains_key(name) {
            return Err(DataError::TooMany);
        }
        self.0.insert(CompactString::new(name), CompactString::new(value));
        Ok(())
    }

    /// Removes the pair with this name. Returns whether it existed.
    pub fn unset(&mut self, name: &str) -> bool {
        self.0.shift_remove(name).is_some()
    }

    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(CompactString::as_str)
    }

    /// Iterates over all pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The number of pairs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks that every pair of `other` can be added without exceeding the maximum number of pairs.
    pub fn has_room_for(&self, other: &Data) -> Result<(), DataError> {
        let added = other.0.keys().filter(|name| !self.0.contains_key(name.as_str())).count();
        if self.0.len() + added > PAIRS_MAX { Err(DataError::TooMany) } else { Ok(()) }
    }
}

/// Collects pairs. Pairs that exceed a limit are dropped.
impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Data {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        let mut data = Self::new();
        for (name, value) in pairs {
            let _ = data.set(name, value);
        }
        data
    }
}

impl TryFrom<IndexMap<CompactString, CompactString>> for Data {
    type Error = DataError;
    fn try_from(pairs: IndexMap<CompactString, CompactString>) -> Result<Self, DataError> {
        if pairs.len() > PAIRS_MAX {
            return Err(DataError::TooMany);
        }
        pairs.iter().try_for_each(|(name, value)| check_pair(name, value))?;
        Ok(Self(pairs))
    }
}

impl From<Data> for IndexMap<CompactString, CompactString> {
    fn from(data: Data) -> Self {
        data.0
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.0.keys()).finish()
    }
}

fn check_pair(name: &str, value: &str) -> Result<(), DataError> {
    if name.is_empty() {
        return Err(DataError::NoName);
    }
    if name.len() > NAME_BYTES_MAX {
        return Err(DataError::LongName { bytes: name.len() });
    }
    if value.len() > VALUE_BYTES_MAX {
        let name = name.to_owned();
        return Err(DataError::LongValue { name, bytes: value.len() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_keep_their_order() {
        let data: Data = serde_json::from_str(r#"{"z":"1","a":"2"}"#).unwrap();
        assert_eq!(data.iter().collect::<Vec<_>>(), [("z", "1"), ("a", "2")]);
    }

    #[test]
    fn pairs_are_bounded() {
        let mut data = Data::new();
        for index in 0..PAIRS_MAX {
            data.set(format!("k{index}"), "v").unwrap();
        }
        assert_eq!(data.set("one more", "v"), Err(DataError::TooMany));
        assert_eq!(data.set("k0", "w"), Ok(()));
        assert!(data.set("k0", "w".repeat(VALUE_BYTES_MAX + 1)).is_err());
        assert_eq!(data.set("", "w"), Err(DataError::NoName));
    }
}
