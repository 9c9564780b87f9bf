//! Conversion between Rust values and SQLite columns.

use rusqlite::{
    Row, Rows, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// An integer as SQLite stores it. Times, sequence numbers and counts are far below 2^63; larger values are stored as
/// the maximum.
pub(super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A row limit for SQLite.
pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Reads a non-negative integer.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| Error::Corrupt(format!("{value} stands where no number below 0 may be")))
}

/// JSON bytes, stored as TEXT.
pub(super) struct Text<'a>(pub(super) &'a [u8]);

impl ToSql for Text<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0)))
    }
}

/// Reads the bytes of a text or blob.
pub(super) fn bytes<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8]> {
    row.get_ref(column)?.as_bytes().map_err(|error| Error::Corrupt(error.to_string()))
}

/// Serializes a value as JSON.
pub(super) fn to_json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Error::Encode(error.to_string()))
}

/// Parses JSON. `what` names the value in the error.
pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize, what: &str) -> Result<T> {
    let json = bytes(row, column)?;
    serde_json::from_slice(json).map_err(|error| Error::Corrupt(format!("{what}: {error}")))
}

/// Reads bytes and compares the checksum in the next column. `what` names the value in the error.
pub(super) fn summed<'a>(row: &'a Row<'_>, column: usize, what: &dyn Fn() -> String) -> Result<&'a [u8]> {
    let (found, wanted) = (bytes(row, column)?, row.get::<_, i64>(column + 1)?);
    let sum = sum(found);
    if i64::from(sum) == wanted {
        return Ok(found);
    }
    Err(Error::Corrupt(format!("{} has the checksum {sum:08x}, but {wanted:08x} was written", what())))
}

/// The checksum that is stored beside bytes to detect damage.
pub(super) fn sum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// Reads all rows.
pub(super) fn all<T>(mut rows: Rows<'_>, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(read(row)?);
    }
    Ok(values)
}

/// Reads the first row, if there is one.
pub(super) fn first<T>(mut rows: Rows<'_>, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Option<T>> {
    rows.next()?.map(read).transpose()
}
