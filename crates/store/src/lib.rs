//! What is kept: the journal, the directory, the history.
//!
//! One [`Writer`] and one [`Reader`] are opened together. The hub gives the writer to one thread and shares the reader.
//! What a call of the writer returned `Ok` for is durable: it survives a kill and a power cut.
//!
//! [`sqlite`] keeps all of it in one file, [`memory`] in a model of a disk that fails on demand. Both pass one contract suite.
//! Start reading at [`Writer`].

mod account;
mod contract;
mod entries;
mod entry;
mod error;
mod fact;
mod history;
mod identity;
mod matching;
pub mod memory;
pub mod sqlite;
#[cfg(feature = "suite")]
pub mod suite;
mod token;

pub use account::Account;
pub use contract::{DirectoryChange, Reader, Writer};
pub use entries::{Entries, entries};
pub use entry::Entry;
pub use error::Error;
pub use history::{AgentTime, AgentTimeQuery, InteractionQuery, LIMIT_MAX, Wait, WaitDetail, WaitQuery};
pub use matching::CANDIDATES_MAX;
pub use token::Token;

/// What a call of a store gives.
pub type Result<T> = std::result::Result<T, Error>;
