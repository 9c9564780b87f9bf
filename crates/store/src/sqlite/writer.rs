//! The writer of the SQLite store.

use std::{path::Path, sync::Arc};

use model::{AccountName, Contact, Floor, Seq, Timestamp};
use rusqlite::{Connection, TransactionBehavior};

use super::{
    append, audit,
    checkpoint::{self, Checkpointer},
    directory, journal,
    lock::Lock,
    mark::Marker,
    schema,
};
use crate::{
    Account, ApiToken, AuditEvent, AuditKept, DirectoryChange, Entry, Error, Result, SecondFactor, Token,
    Writer,
    entry::{continued, within},
};

/// Writes to the store.
#[derive(Debug)]
pub struct SqliteWriter {
    connection: Connection,
    checkpointer: Checkpointer,
    last: Seq,
    marker: Marker,
    failure: Option<Error>,
    _lock: Arc<Lock>,
}

impl SqliteWriter {
    /// Opens the store. `renew` gives its journal a new ID.
    pub(super) fn open(path: &Path, lock: Arc<Lock>, renew: bool) -> Result<Self> {
        let mut connection = Connection::open(path)?;
        schema::prepare(&mut connection)?;
        if renew {
            journal::identify(&connection)?;
        }
        let last = journal::last_seq(&connection)?;
        let id = journal::id(&connection)?;
        let id = id.ok_or_else(|| Error::Corrupt("the journal has no identity".to_owned()))?;
        let marker = Marker::start(path, id, last)?;
        let checkpointer = Checkpointer::start(path)?;
        Ok(Self { connection, checkpointer, last, marker, failure: None, _lock: lock })
    }

    /// Does all of `work` or nothing, and remembers an error.
    fn commit(&mut self, work: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        if let Some(failure) = &self.failure {
            return Err(failure.remembered());
        }
        let outcome = self.try_commit(work);
        self.failure = outcome.as_ref().err().filter(|error| error.ends_writing()).cloned();
        outcome
    }

    /// Writes the mark. If this fails, the disk counts as failed.
    fn mark(&mut self, write: impl FnOnce(&mut Marker) -> Result<()>) -> Result<()> {
        let outcome = write(&mut self.marker);
        self.failure = outcome.as_ref().err().cloned();
        outcome
    }

    fn try_commit(&mut self, work: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        work(&transaction)?;
        transaction.commit()?;
        self.checkpointer.committed(&self.connection)
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        if self.failure.is_none() {
            // An older mark is valid too: a store can have more entries than its mark says.
            self.marker.finish(self.last).unwrap_or_default();
            // Without this, the log has the latest changes, and is read when the store is opened again.
            checkpoint::empty_log(&self.connection).unwrap_or_default();
        }
    }
}

impl Writer for SqliteWriter {
    fn append_with(&mut self, batch: &[Entry], changes: &[DirectoryChange]) -> Result<()> {
        let mut last = self.last;
        self.commit(|connection| {
            last = continued(last, batch)?;
            append::append(connection, batch)?;
            changes.iter().try_for_each(|change| directory::change(connection, change))
        })?;
        self.last = last;
        self.mark(|marker| marker.note(last))
    }

    fn save_snapshot(&mut self, seq: Seq, state: &[u8]) -> Result<()> {
        let last = self.last;
        self.commit(|connection| {
            within(last, seq)?;
            journal::save_snapshot(connection, seq, state)
        })?;
        self.mark(|marker| marker.finish(last))
    }

    fn prune(&mut self, up_to: Seq) -> Result<()> {
        self.commit(|connection| journal::prune(connection, up_to))
    }

    fn put_floor(&mut self, floor: &Floor) -> Result<()> {
        self.commit(|connection| directory::put_floor(connection, floor))
    }

    fn put_accounts(&mut self, accounts: &[Account]) -> Result<()> {
        self.commit(|connection| directory::put_accounts(connection, accounts))
    }

    fn put_token(&mut self, token: &Token, now: Timestamp) -> Result<()> {
        self.commit(|connection| directory::put_token(connection, token, now))
    }

    fn remove_token(&mut self, fingerprint: &[u8; 32]) -> Result<()> {
        self.commit(|connection| directory::remove_token(connection, fingerprint))
    }

    fn put_api_token(&mut self, token: &ApiToken) -> Result<()> {
        self.commit(|connection| directory::put_api_token(connection, token))
    }

    fn remove_api_token(&mut self, name: &AccountName) -> Result<()> {
        self.commit(|connection| directory::remove_api_token(connection, name))
    }

    fn put_second_factor(&mut self, factor: &SecondFactor) -> Result<()> {
        self.commit(|connection| directory::put_second_factor(connection, factor))
    }

    fn remove_second_factor(&mut self, account: &AccountName) -> Result<()> {
        self.commit(|connection| directory::remove_second_factor(connection, account))
    }

    fn put_contacts(&mut self, contacts: &[Contact]) -> Result<()> {
        self.commit(|connection| {
            contacts.iter().try_for_each(|contact| directory::put_contact(connection, contact))
        })
    }

    fn remove_contacts(&mut self, ids: &[String]) -> Result<()> {
        self.commit(|connection| ids.iter().try_for_each(|id| directory::remove_contact(connection, id)))
    }
    fn append_audit(&mut self, events: &[AuditEvent]) -> Result<()> {
        self.commit(|connection| audit::append(connection, events))
    }

    fn prune_audit(&mut self, kept: AuditKept, now: Timestamp) -> Result<()> {
        self.commit(|connection| audit::prune(connection, kept, now).map(drop))
    }
}
