//! The one connection that writes.

use std::{path::Path, sync::Arc};

use model::{Contact, Floor, Seq, Timestamp};
use rusqlite::{Connection, TransactionBehavior};

use super::{append, checkpoint::Checkpointer, directory, journal, lock::Lock, schema};
use crate::{
    Account, Entry, Error, Result, Token, Writer,
    entry::{continued, within},
};

/// Writes to the store's file.
#[derive(Debug)]
pub struct SqliteWriter {
    connection: Connection,
    checkpointer: Checkpointer,
    last: Seq,
    failure: Option<Error>,
    _lock: Arc<Lock>,
}

impl SqliteWriter {
    pub(super) fn open(path: &Path, lock: Arc<Lock>) -> Result<Self> {
        let mut connection = Connection::open(path)?;
        schema::prepare(&mut connection)?;
        let last = journal::last_seq(&connection)?;
        let checkpointer = Checkpointer::start(path)?;
        Ok(Self { connection, checkpointer, last, failure: None, _lock: lock })
    }

    /// Does all of `work` or nothing, and remembers a failure.
    fn commit(&mut self, work: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        if let Some(failure) = &self.failure {
            return Err(failure.remembered());
        }
        let outcome = self.try_commit(work);
        self.failure = outcome.as_ref().err().filter(|error| error.ends_writing()).cloned();
        outcome
    }

    fn try_commit(&mut self, work: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        work(&transaction)?;
        transaction.commit()?;
        self.checkpointer.committed(&self.connection)
    }
}

impl Writer for SqliteWriter {
    fn append(&mut self, batch: &[Entry]) -> Result<()> {
        let mut last = self.last;
        self.commit(|connection| {
            last = continued(last, batch)?;
            append::append(connection, batch)
        })?;
        self.last = last;
        Ok(())
    }

    fn save_snapshot(&mut self, seq: Seq, state: &[u8]) -> Result<()> {
        let last = self.last;
        self.commit(|connection| {
            within(last, seq)?;
            journal::save_snapshot(connection, seq, state)
        })
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

    fn put_contacts(&mut self, contacts: &[Contact]) -> Result<()> {
        self.commit(|connection| {
            contacts.iter().try_for_each(|contact| directory::put_contact(connection, contact))
        })
    }

    fn remove_contacts(&mut self, ids: &[String]) -> Result<()> {
        self.commit(|connection| ids.iter().try_for_each(|id| directory::remove_contact(connection, id)))
    }
}
