//! What is kept: the journal, the directory, the history.
//!
//! One [`Writer`] and any number of [`Reader`]s are opened together. The hub gives the writer to one thread.
//! What a call of the writer returned `Ok` for is durable: it survives a kill and a power cut.

mod entry;
mod error;

use model::{
    AccountName, AgentId, AgentState, Contact, Floor, InteractionId, InteractionSummary, LinkageId, Number,
    QueueId, Seq, Timestamp,
};
use serde::{Deserialize, Serialize};

pub use entry::Entry;
pub use error::Error;

/// What a call of a store gives.
pub type Result<T> = std::result::Result<T, Error>;

/// The one that writes. Each call is all or nothing, and durable when it returns.
pub trait Writer: Send {
    /// Adds to the journal, and to the history what follows from it. The first entry's `seq` is the last one's plus one.
    fn append(&mut self, batch: &[Entry]) -> Result<()>;

    /// Keeps the core's state as it was right after `seq`, so that recovery begins there; older ones may go.
    fn save_snapshot(&mut self, seq: Seq, state: &[u8]) -> Result<()>;

    /// Takes entries up to and including `seq` out of the journal, never past the newest snapshot. History stays.
    fn prune(&mut self, up_to: Seq) -> Result<()>;

    /// Keeps the floor in place of the one before.
    fn put_floor(&mut self, floor: &Floor) -> Result<()>;

    /// Keeps all accounts in place of the ones before.
    fn put_accounts(&mut self, accounts: &[Account]) -> Result<()>;

    /// Keeps contacts; one of the same id is replaced.
    fn put_contacts(&mut self, contacts: &[Contact]) -> Result<()>;

    /// Takes contacts out; an id that is not there is passed over.
    fn remove_contacts(&mut self, ids: &[String]) -> Result<()>;
}

/// One that reads. Sees whatever the writer has made durable.
pub trait Reader: Send + Sync {
    /// The last entry of the journal; 0 when there is none.
    fn last_seq(&self) -> Result<Seq>;

    /// The first entry that is still there; the one after the last when there is none.
    fn first_seq(&self) -> Result<Seq>;

    /// Entries after `after`, in order, at most `limit`.
    fn read(&self, after: Seq, limit: usize) -> Result<Vec<Entry>>;

    /// The newest snapshot of the core's state.
    fn newest_snapshot(&self) -> Result<Option<(Seq, Vec<u8>)>>;

    /// The floor, when one was kept.
    fn floor(&self) -> Result<Option<Floor>>;

    /// All accounts, by name.
    fn accounts(&self) -> Result<Vec<Account>>;

    /// The contact that has this number: the same digits, or, of at least [`MATCH_DIGITS_MIN`] digits, the same ending where exactly
    /// one contact has it.
    fn contact_by_number(&self, number: &Number) -> Result<Option<Contact>>;

    /// The contact of an id.
    fn contact(&self, id: &str) -> Result<Option<Contact>>;

    /// Contacts whose name or number holds `search`, by name and id, after the given id, at most `limit`.
    fn contacts(&self, search: &str, after: Option<&str>, limit: usize) -> Result<Vec<Contact>>;

    /// A completed interaction.
    fn interaction(&self, id: InteractionId) -> Result<Option<InteractionSummary>>;

    /// Completed interactions, newest first.
    fn interactions(&self, query: &InteractionQuery) -> Result<Vec<InteractionSummary>>;

    /// What agents did when, newest first.
    fn agent_times(&self, query: &AgentTimeQuery) -> Result<Vec<AgentTime>>;

    /// How calls waited, newest first.
    fn waits(&self, query: &WaitQuery) -> Result<Vec<Wait>>;
}

/// How many digits two numbers must share at their end to be taken for the same. Ours: a subscriber number without prefixes.
pub const MATCH_DIGITS_MIN: usize = 7;

/// The most rows one query of the history gives.
pub const LIMIT_MAX: usize = 1_000;

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// By this name.
    pub name: AccountName,
    /// As this kind.
    pub role: model::Role,
    /// As this agent.
    pub agent: Option<AgentId>,
    /// With this password: an argon2id PHC string.
    pub password_hash: String,
}

/// Which interactions. What is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InteractionQuery {
    /// Of this agent.
    pub agent: Option<AgentId>,
    /// Out of this customer call.
    pub linkage: Option<LinkageId>,
    /// With this contact.
    pub contact: Option<String>,
    /// With whom this number was called or calling: same digits.
    pub number: Option<Number>,
    /// Opened at or after this.
    pub from: Option<Timestamp>,
    /// Opened before this.
    pub until: Option<Timestamp>,
    /// Older than this one: the last of the page before, by its `number`.
    pub before: Option<u64>,
    /// At most so many; [`LIMIT_MAX`] at the most.
    pub limit: usize,
}

/// Which times. What is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentTimeQuery {
    /// Of this agent.
    pub agent: Option<AgentId>,
    /// Ended after this.
    pub from: Option<Timestamp>,
    /// Begun before this.
    pub until: Option<Timestamp>,
    /// At most so many; [`LIMIT_MAX`] at the most.
    pub limit: usize,
}

/// A time that an agent spent in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTime {
    /// Who.
    pub agent: AgentId,
    /// Doing what.
    pub state: AgentState,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Which waits. What is not given does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WaitQuery {
    /// In this queue.
    pub queue: Option<QueueId>,
    /// Over at or after this.
    pub from: Option<Timestamp>,
    /// Over before this.
    pub until: Option<Timestamp>,
    /// At most so many; [`LIMIT_MAX`] at the most.
    pub limit: usize,
}

/// How one call waited in one queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Where.
    pub queue: QueueId,
    /// When it was over.
    pub at: Timestamp,
    /// How long. Milliseconds.
    pub waited_ms: u64,
    /// Who answered; nobody when the call was lost.
    pub answered_by: Option<AgentId>,
}
