//! The CRM Connector: a softphone in a frame of a CRM page, both ends.
//!
//! Both sides use `postMessage`. Cordboard's pages only relay messages to and from a session.
//!
//! * [`TelephonySession`]: Cordboard is the connector. One session serves all connector pages.
//! * [`DeskSession`]: Cordboard is the CRM page. The peer is a third-party connector, which is a switch on the floor.
//!
//! `docs/crm-connector.md` explains how to connect the real product and what is supported. Each constant in [`wire::limits`] and each message
//! says whether it is documented or our choice.
//!
//! # States of a page at the telephony end
//!
//! ```text
//! opened ──CRM page in crm_origins──► pinging ──its ready──► requesting ──crmData, or a timeout──► active
//!    └────any other page────► refused                          ▲                                │
//!                                                              └──── an unrequested ready ──────┘
//! ```

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{DIALECT, DeskConfig, TelephonyConfig};
pub use desk::DeskSession;
pub use error::Error;
pub use telephony::TelephonySession;

/// The prefix of this session's command IDs.
const ID_PREFIX: &str = "crm-connector";
