//! Between our values and SQLite's.

use rusqlite::{
    Row, Rows, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// A whole number as SQLite keeps it. Times, sequences and numbers stay far below 2^63; what does not is kept as the greatest there is.
pub(super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// How many rows, as SQLite takes it.
pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A whole number out of a row.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| Error::Corrupt(format!("{value} stands where no number below 0 may be")))
}

/// Bytes of JSON, kept as TEXT.
pub(super) struct Text<'a>(pub(super) &'a [u8]);

impl ToSql for Text<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0)))
    }
}

/// The bytes of a text or a blob out of a row.
pub(super) fn bytes<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8]> {
    row.get_ref(column)?.as_bytes().map_err(|error| Error::Corrupt(error.to_string()))
}

/// Writes a value as JSON.
pub(super) fn to_json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Error::Encode(error.to_string()))
}

/// Reads JSON out of a row; `what` names it where it is damaged.
pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize, what: &str) -> Result<T> {
    let json = bytes(row, column)?;
    serde_json::from_slice(json).map_err(|error| Error::Corrupt(format!("{what}: {error}")))
}

/// The bytes of a row that a sum follows; `what` names them where they do not agree.
pub(super) fn summed<'a>(row: &'a Row<'_>, column: usize, what: &dyn Fn() -> String) -> Result<&'a [u8]> {
    let (found, wanted) = (bytes(row, column)?, row.get::<_, i64>(column + 1)?);
    let sum = sum(found);
    if i64::from(sum) == wanted {
        return Ok(found);
    }
    Err(Error::Corrupt(format!("{} has the sum {sum:08x}, {wanted:08x} was written", what())))
}

/// What is kept beside bytes so that a damage shows.
pub(super) fn sum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// Reads every row.
pub(super) fn all<T>(mut rows: Rows<'_>, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(read(row)?);
    }
    Ok(values)
}

/// Reads the first row, where there is one.
pub(super) fn first<T>(mut rows: Rows<'_>, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Option<T>> {
    rows.next()?.map(read).transpose()
}
