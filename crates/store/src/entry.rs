//! A record with the bytes that are kept and sent for it.

use std::sync::Arc;

use bytes::Bytes;
use model::Record;

use crate::{Error, Result};

/// A record of the journal and its JSON, written once for the journal and for every subscriber.
#[derive(Debug, Clone)]
pub struct Entry {
    record: Arc<Record>,
    json: Bytes,
}

impl Entry {
    /// Writes a record.
    pub fn new(record: Arc<Record>) -> Result<Self> {
        let json = serde_json::to_vec(&*record).map_err(|error| Error::Encode(error.to_string()))?;
        Ok(Self { record, json: json.into() })
    }

    /// Reads one back.
    pub fn read(json: Bytes) -> Result<Self> {
        let record = serde_json::from_slice(&json).map_err(|error| Error::Corrupt(error.to_string()))?;
        Ok(Self { record: Arc::new(record), json })
    }

    /// The record.
    pub fn record(&self) -> &Arc<Record> {
        &self.record
    }

    /// Its JSON.
    pub fn json(&self) -> &Bytes {
        &self.json
    }
}
