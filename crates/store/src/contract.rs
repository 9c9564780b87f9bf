//! The contract that every store fulfills.

use std::sync::Arc;

use model::{
    AccountName, Contact, Country, Floor, InteractionId, InteractionSummary, JournalId, Number, Seq,
    Timestamp,
};

use crate::{
    Account, AgentTime, AgentTimeQuery, ApiToken, AuditEntry, AuditEvent, AuditHead, AuditKept, AuditQuery,
    AuditRow, Entry, InteractionQuery, Result, SecondFactor, Token, Wait, WaitQuery,
};
#[cfg(doc)]
use crate::{CANDIDATES_MAX, Error, LIMIT_MAX};

/// A change of the floor, with the accounts and contacts that change with it.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectoryChange {
    /// The floor, which replaces the previous one.
    pub floor: Arc<Floor>,
    /// All accounts, which replace the previous ones; `None` keeps the previous ones.
    pub accounts: Option<Vec<Account>>,
    /// Contacts to add, or to replace by ID.
    pub contacts: Vec<Contact>,
    /// What the audit trail says about the change, written with it.
    pub audit: Vec<AuditEvent>,
}

/// Writes to the store. Each call is atomic, and durable when it returns.
///
/// A call that fails with [`Error::Storage`] or [`Error::Corrupt`] is the last one: opening the store again shows
/// whether the data was written, and until then every call fails with [`Error::Poisoned`]. After any other error
/// nothing was written and the writer can be used again.
pub trait Writer: Send {
    /// Appends entries to the journal, updates the history, and changes the directory, in this order. The `seq` of the
    /// first entry must follow the last one, otherwise the call fails with [`Error::Gap`].
    fn append_with(&mut self, batch: &[Entry], changes: &[DirectoryChange]) -> Result<()>;

    /// Appends entries to the journal and updates the history, as [`Writer::append_with`] does.
    fn append(&mut self, batch: &[Entry]) -> Result<()> {
        self.append_with(batch, &[])
    }

    /// Saves the core's state after `seq`, so that recovery begins there, and deletes older snapshots. Fails with
    /// [`Error::Ahead`] when the journal has not reached `seq`.
    fn save_snapshot(&mut self, seq: Seq, state: &[u8]) -> Result<()>;

    /// Deletes journal entries up to and including `seq`, but never past the newest snapshot. The history stays. Takes
    /// about a microsecond for each entry; nothing can be appended meanwhile.
    fn prune(&mut self, up_to: Seq) -> Result<()>;

    /// Replaces the floor.
    fn put_floor(&mut self, floor: &Floor) -> Result<()>;

    /// Replaces all accounts.
    fn put_accounts(&mut self, accounts: &[Account]) -> Result<()>;

    /// Saves a token and deletes tokens that expired before `now`.
    fn put_token(&mut self, token: &Token, now: Timestamp) -> Result<()>;

    /// Deletes the token with this fingerprint, if it exists.
    fn remove_token(&mut self, fingerprint: &[u8; 32]) -> Result<()>;

    /// Adds an API token, or replaces it by name.
    fn put_api_token(&mut self, token: &ApiToken) -> Result<()>;

    /// Deletes an API token. Ignores unknown names.
    fn remove_api_token(&mut self, name: &AccountName) -> Result<()>;

    /// Adds the second factor of an account, or replaces it.
    fn put_second_factor(&mut self, factor: &SecondFactor) -> Result<()>;

    /// Deletes the second factor of an account. Ignores accounts that have none.
    fn remove_second_factor(&mut self, account: &AccountName) -> Result<()>;

    /// Adds contacts, or replaces them by ID.
    fn put_contacts(&mut self, contacts: &[Contact]) -> Result<()>;

    /// Deletes contacts. Ignores unknown IDs.
    fn remove_contacts(&mut self, ids: &[String]) -> Result<()>;

    /// Appends events to the audit trail, numbered and chained. Call it before the change that the events report, so
    /// that no change is without an entry.
    fn append_audit(&mut self, events: &[AuditEvent]) -> Result<()>;

    /// Deletes entries of the audit trail that need not be kept, and appends an entry that has the hash of the last
    /// one, so that the rest can still be verified. Appends nothing when there are none.
    fn prune_audit(&mut self, kept: AuditKept, now: Timestamp) -> Result<()>;
}

/// Reads from the store, from any number of threads; calls may wait for each other. Sees exactly what the writer has
/// made durable.
pub trait Reader: Send + Sync {
    /// The ID of the journal. No two stores have the same ID, and a store keeps its ID as long as its journal
    /// continues.
    fn journal(&self) -> Result<JournalId>;

    /// The sequence number of the last entry that was ever written; 0 when there is none.
    fn last_seq(&self) -> Result<Seq>;

    /// The sequence number of the first entry that still exists; the one after the last when none does.
    fn first_seq(&self) -> Result<Seq>;

    /// Reads at most `limit` entries after `after`, in order. When the journal was pruned past `after`, the result
    /// begins with the first entry that still exists, which the caller sees by its `seq`. [`Error::Corrupt`] names a
    /// damaged or missing entry.
    fn read(&self, after: Seq, limit: usize) -> Result<Vec<Entry>>;

    /// The newest snapshot of the core's state.
    fn newest_snapshot(&self) -> Result<Option<(Seq, Vec<u8>)>>;

    /// The floor, if one was saved.
    fn floor(&self) -> Result<Option<Floor>>;

    /// All accounts, by name.
    fn accounts(&self) -> Result<Vec<Account>>;

    /// All tokens, the next one to expire first. Some may have expired.
    fn tokens(&self) -> Result<Vec<Token>>;

    /// All API tokens, by name. Some may have expired.
    fn api_tokens(&self) -> Result<Vec<ApiToken>>;

    /// All second factors, by account.
    fn second_factors(&self) -> Result<Vec<SecondFactor>>;

    /// The contacts with this number, read as dialed in `country`: numbers with the same E.164 form, or with the same
    /// digits if one of them cannot be read. Ordered by ID, at most [`CANDIDATES_MAX`]; none for a withheld number.
    fn contacts_by_number(&self, number: &Number, country: Option<Country>) -> Result<Vec<Contact>>;

    /// Finds a contact by ID.
    fn contact(&self, id: &str) -> Result<Option<Contact>>;

    /// Contacts whose name contains `search`, ignoring case, or, when `search` is a number, with a number that contains
    /// its digits. Ordered by name and ID, after the contact with the given ID (none when it no longer exists), at most
    /// `limit` and [`LIMIT_MAX`].
    fn contacts(&self, search: &str, after: Option<&str>, limit: usize) -> Result<Vec<Contact>>;

    /// Finds a completed interaction.
    fn interaction(&self, id: InteractionId) -> Result<Option<InteractionSummary>>;

    /// Completed interactions, newest first by number.
    fn interactions(&self, query: &InteractionQuery) -> Result<Vec<InteractionSummary>>;

    /// Times of agents in their states, newest first by end.
    fn agent_times(&self, query: &AgentTimeQuery) -> Result<Vec<AgentTime>>;

    /// Waits of calls in queues, newest first by end.
    fn waits(&self, query: &WaitQuery) -> Result<Vec<Wait>>;

    /// Entries of the audit trail, newest first by number.
    fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>>;

    /// The newest entry of the audit trail.
    fn audit_head(&self) -> Result<AuditHead>;

    /// Rows of the audit trail after the number `after`, in order, at most `limit`, for [`crate::verify_audit`].
    fn audit_rows(&self, after: u64, limit: usize) -> Result<Vec<AuditRow>>;
}
