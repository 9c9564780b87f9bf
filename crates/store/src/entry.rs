//! Journal records with their JSON.

use std::sync::Arc;

use bytes::Bytes;
use model::{Record, Seq};

use crate::{Error, Result};

/// A journal record and its JSON, which is serialized once for the journal and all subscribers.
#[derive(Debug, Clone)]
pub struct Entry {
    record: Arc<Record>,
    json: Bytes,
}

impl Entry {
    /// Serializes a record.
    pub fn new(record: Arc<Record>) -> Result<Self> {
        let json = serde_json::to_vec(&*record).map_err(|error| Error::Encode(error.to_string()))?;
        Ok(Self { record, json: json.into() })
    }

    /// Parses a record.
    pub fn read(json: Bytes) -> Result<Self> {
        Self::parse(json).map_err(|error| Error::Corrupt(format!("a record: {error}")))
    }

    pub(crate) fn parse(json: Bytes) -> serde_json::Result<Self> {
        let record = serde_json::from_slice(&json)?;
        Ok(Self { record: Arc::new(record), json })
    }

    /// The record.
    pub fn record(&self) -> &Arc<Record> {
        &self.record
    }

    /// The sequence number.
    pub fn seq(&self) -> Seq {
        self.record.seq
    }

    /// The JSON of the record.
    pub fn json(&self) -> &Bytes {
        &self.json
    }
}

/// Checks that a batch continues a journal whose last entry is `last`. Returns the new last entry.
pub(crate) fn continued(last: Seq, batch: &[Entry]) -> Result<Seq> {
    batch.iter().map(Entry::seq).try_fold(last, |last, first| {
        if first == last.next() { Ok(first) } else { Err(Error::Gap { last, first }) }
    })
}

/// Checks that a snapshot of `seq` is not newer than the journal, whose last entry is `last`.
pub(crate) fn within(last: Seq, seq: Seq) -> Result<()> {
    if seq <= last { Ok(()) } else { Err(Error::Ahead { last, seq }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_record_is_damage() {
        for json in ["", "{", "{}", r#"{"seq":1,"at":2,"event":{"type":"unheard-of"}}"#] {
            let read = Entry::read(Bytes::from_static(json.as_bytes()));
            assert!(matches!(read, Err(Error::Corrupt(_))), "{json}");
        }
    }
}
