//! Durable storage: the journal, the directory, the history and the audit trail.
//!
//! One [`Writer`] and one [`Reader`] are opened together. The hub gives the writer to one thread and shares the reader.
//! When a call of the writer returns `Ok`, its data is durable: it survives a killed process and a power failure.
//!
//! [`sqlite`] stores everything in one file, [`memory`] in a model of a disk that fails on demand. Both pass the same
//! contract suite. Start reading at [`Writer`].

mod account;
mod api_token;
mod audit;
mod audit_chain;
mod contract;
mod entries;
mod entry;
mod error;
mod history;
mod history_update;
mod identity;
mod matching;
pub mod memory;
mod second_factor;
pub mod sqlite;
#[cfg(feature = "suite")]
pub mod suite;
mod token;

pub use account::Account;
pub use api_token::ApiToken;
pub use audit::{
    Actor, AuditAction, AuditEntry, AuditEvent, AuditHash, AuditHead, AuditKept, AuditQuery, AuditRow,
    Credential, DETAIL_BYTES_MAX, NotAuditHash,
};
pub use audit_chain::{AuditFault, VerifiedAudit, verify_audit};
pub use contract::{DirectoryChange, Reader, Writer};
pub use entries::{Entries, entries};
pub use entry::Entry;
pub use error::Error;
pub use history::{AgentTime, AgentTimeQuery, InteractionQuery, LIMIT_MAX, Wait, WaitDetail, WaitQuery};
pub use matching::CANDIDATES_MAX;
pub use second_factor::SecondFactor;
pub use token::{SignInOrigin, Token};

/// The result of a call of a store.
pub type Result<T> = std::result::Result<T, Error>;
