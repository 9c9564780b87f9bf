//! What every store does.

use std::sync::Arc;

use model::{Contact, Country, Floor, InteractionId, InteractionSummary, JournalId, Number, Seq, Timestamp};

use crate::{Account, AgentTime, AgentTimeQuery, Entry, InteractionQuery, Result, Token, Wait, WaitQuery};
#[cfg(doc)]
use crate::{CANDIDATES_MAX, Error, LIMIT_MAX};

/// Another floor, and with it who may sign in and whom the directory knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryChange {
    /// The floor, in place of the one before.
    pub floor: Arc<Floor>,
    /// All accounts, in place of the ones before; those stay when none are given.
    pub accounts: Option<Vec<Account>>,
    /// Contacts; one of the same id is replaced.
    pub contacts: Vec<Contact>,
}

/// The one that writes. Each call is all or nothing, and durable when it returns.
///
/// A call that ends in [`Error::Storage`] or [`Error::Corrupt`] is the writer's last: whether what it wrote is there shows when the
/// store is opened again, and until then every call ends in [`Error::Poisoned`]. After any other error nothing was written
/// and the writer goes on.
pub trait Writer: Send {
    /// Adds to the journal, and to the history what follows from it, and changes the directory with it, in order. The first entry's
    /// `seq` is the last one's plus one, else [`Error::Gap`].
    fn append_with(&mut self, batch: &[Entry], changes: &[DirectoryChange]) -> Result<()>;

    /// Adds to the journal, and to the history what follows from it, as [`Writer::append_with`] does.
    fn append(&mut self, batch: &[Entry]) -> Result<()> {
        self.append_with(batch, &[])
    }

    /// Keeps the core's state as it was right after `seq`, so that recovery begins there; older ones go. [`Error::Ahead`] when the
    /// journal has not come to `seq`.
    fn save_snapshot(&mut self, seq: Seq, state: &[u8]) -> Result<()>;

    /// Takes entries up to and including `seq` out of the journal, never past the newest snapshot. History stays. Takes
    /// about a microsecond for each entry, during which nothing is appended.
    fn prune(&mut self, up_to: Seq) -> Result<()>;

    /// Keeps the floor in place of the one before.
    fn put_floor(&mut self, floor: &Floor) -> Result<()>;

    /// Keeps all accounts in place of the ones before.
    fn put_accounts(&mut self, accounts: &[Account]) -> Result<()>;

    /// Keeps a token; those that ended before `now` go.
    fn put_token(&mut self, token: &Token, now: Timestamp) -> Result<()>;

    /// Takes out the token of this fingerprint; one that is not there is passed over.
    fn remove_token(&mut self, fingerprint: &[u8; 32]) -> Result<()>;

    /// Keeps contacts; one of the same id is replaced.
    fn put_contacts(&mut self, contacts: &[Contact]) -> Result<()>;

    /// Takes contacts out; an id that is not there is passed over.
    fn remove_contacts(&mut self, ids: &[String]) -> Result<()>;
}

/// One that reads, from as many threads as like; a call waits for its turn. Sees whatever the writer has made durable, and nothing else.
pub trait Reader: Send + Sync {
    /// Which journal it is. Two stores never have the same one, and a store keeps its own for as long as its entries go on.
    fn journal(&self) -> Result<JournalId>;

    /// The last entry that the journal ever had; 0 when there was none.
    fn last_seq(&self) -> Result<Seq>;

    /// The first entry that is still there; the one after the last when there is none.
    fn first_seq(&self) -> Result<Seq>;

    /// Entries after `after`, in order, at most `limit`. Begins with the first that is still there: where the journal was pruned past
    /// `after`, the caller sees it by the first `seq`. [`Error::Corrupt`] names an entry that is damaged or missing.
    fn read(&self, after: Seq, limit: usize) -> Result<Vec<Entry>>;

    /// The newest snapshot of the core's state.
    fn newest_snapshot(&self) -> Result<Option<(Seq, Vec<u8>)>>;

    /// The floor, when one was kept.
    fn floor(&self) -> Result<Option<Floor>>;

    /// All accounts, by name.
    fn accounts(&self) -> Result<Vec<Account>>;

    /// All tokens, the one that ends first first; some may have ended.
    fn tokens(&self) -> Result<Vec<Token>>;

    /// The contacts that have this number, read as it is dialed in `country`: one that E.164 writes alike, or the same digits where one of
    /// the two cannot be read. By id, at most [`CANDIDATES_MAX`]; nobody for a caller who gave no number.
    fn contacts_by_number(&self, number: &Number, country: Option<Country>) -> Result<Vec<Contact>>;

    /// The contact of an id.
    fn contact(&self, id: &str) -> Result<Option<Contact>>;

    /// Contacts whose name holds `search`, whatever its case, or, when `search` is a number, one of whose numbers holds its digits.
    /// By name and id, after the contact of the given id (none when it is gone), at most `limit` and [`LIMIT_MAX`].
    fn contacts(&self, search: &str, after: Option<&str>, limit: usize) -> Result<Vec<Contact>>;

    /// A completed interaction.
    fn interaction(&self, id: InteractionId) -> Result<Option<InteractionSummary>>;

    /// Completed interactions, newest (by number) first.
    fn interactions(&self, query: &InteractionQuery) -> Result<Vec<InteractionSummary>>;

    /// What agents did when, newest (by end) first.
    fn agent_times(&self, query: &AgentTimeQuery) -> Result<Vec<AgentTime>>;

    /// How calls waited, newest (by end) first.
    fn waits(&self, query: &WaitQuery) -> Result<Vec<Wait>>;
}
