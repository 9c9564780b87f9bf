//! The reader of the SQLite store.

use std::{path::Path, sync::Arc};

use model::{Contact, Country, Floor, InteractionId, InteractionSummary, JournalId, Number, Seq};
use rusqlite::Connection;

use super::{audit, backup, directory, history, journal, lock::Lock, pool::Pool};
use crate::{
    Account, AgentTime, AgentTimeQuery, ApiToken, AuditEntry, AuditHead, AuditQuery, AuditRow, Entry, Error,
    InteractionQuery, Reader, Result, SecondFactor, Token, Wait, WaitQuery,
};

/// Reads from the store, also while the writer writes.
#[derive(Debug)]
pub struct SqliteReader {
    pool: Pool,
    _lock: Arc<Lock>,
}

impl SqliteReader {
    pub(super) fn open(path: &Path, lock: Arc<Lock>) -> Result<Self> {
        Ok(Self { pool: Pool::open(path)?, _lock: lock })
    }

    /// Copies the current state of the store to `to`, which must not exist. The copy is complete and can be opened.
    /// Writing continues, and the log grows meanwhile.
    pub fn backup(&self, to: &Path) -> Result<()> {
        backup::copy(&self.pool.lend(), to)
    }

    /// Reads from one consistent state of the store, with any number of statements.
    fn view<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.pool.lend();
        let transaction = connection.unchecked_transaction()?;
        read(&transaction)
    }
}

impl Reader for SqliteReader {
    fn journal(&self) -> Result<JournalId> {
        let missing = || Error::Corrupt("the journal has no identity".to_owned());
        self.view(journal::id)?.ok_or_else(missing)
    }

    fn last_seq(&self) -> Result<Seq> {
        self.view(journal::last_seq)
    }

    fn first_seq(&self) -> Result<Seq> {
        self.view(journal::first_seq)
    }

    fn read(&self, after: Seq, limit: usize) -> Result<Vec<Entry>> {
        self.view(|connection| journal::read(connection, after, limit))
    }

    fn newest_snapshot(&self) -> Result<Option<(Seq, Vec<u8>)>> {
        self.view(journal::newest_snapshot)
    }

    fn floor(&self) -> Result<Option<Floor>> {
        self.view(directory::floor)
    }

    fn accounts(&self) -> Result<Vec<Account>> {
        self.view(directory::accounts)
    }

    fn tokens(&self) -> Result<Vec<Token>> {
        self.view(directory::tokens)
    }

    fn api_tokens(&self) -> Result<Vec<ApiToken>> {
        self.view(directory::api_tokens)
    }

    fn second_factors(&self) -> Result<Vec<SecondFactor>> {
        self.view(directory::second_factors)
    }

    fn contacts_by_number(&self, number: &Number, country: Option<Country>) -> Result<Vec<Contact>> {
        self.view(|connection| directory::contacts_by_number(connection, number, country))
    }

    fn contact(&self, id: &str) -> Result<Option<Contact>> {
        self.view(|connection| directory::contact(connection, id))
    }

    fn contacts(&self, search: &str, after: Option<&str>, limit: usize) -> Result<Vec<Contact>> {
        self.view(|connection| directory::contacts(connection, search, after, limit))
    }

    fn interaction(&self, id: InteractionId) -> Result<Option<InteractionSummary>> {
        self.view(|connection| history::interaction(connection, id))
    }

    fn interactions(&self, query: &InteractionQuery) -> Result<Vec<InteractionSummary>> {
        self.view(|connection| history::interactions(connection, query))
    }

    fn agent_times(&self, query: &AgentTimeQuery) -> Result<Vec<AgentTime>> {
        self.view(|connection| history::agent_times(connection, query))
    }

    fn waits(&self, query: &WaitQuery) -> Result<Vec<Wait>> {
        self.view(|connection| history::waits(connection, query))
    }
    fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>> {
        self.view(|connection| audit::entries(connection, query))
    }

    fn audit_head(&self) -> Result<AuditHead> {
        self.view(audit::head)
    }

    fn audit_rows(&self, after: u64, limit: usize) -> Result<Vec<AuditRow>> {
        self.view(|connection| audit::rows(connection, after, limit))
    }
}
