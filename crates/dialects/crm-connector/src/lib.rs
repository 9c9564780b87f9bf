//! The CRM Connector: a softphone in a frame of a CRM's page, both ends of it.
//!
//! The two talk by `postMessage`; the pages on our side carry messages to and from a session, and decide nothing.
//!
//! * [`Telephony`]: we are the connector. One session serves every page of ours that stands in a CRM page.
//! * [`Desk`]: we are the CRM page, somebody else's connector is our peer and a switch of the hub's.
//!
//! How to connect the real product, what is supported and what is not: `docs/crm-connector.md`. What is known of the protocol and what
//! is a proposal of ours stands at each constant in [`wire::limits`] and at each message.
//!
//! # States of a page at the telephony end
//!
//! ```text
//! opened ──the page around is one of the floor's──► pinging ──its ready──► asking ──crmData, or silence──► active
//!    └────any other page────► refused                                        ▲                             │
//!                                                                            └──── its ready, unasked ─────┘
//! ```

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{DIALECT, DeskConfig, TelephonyConfig};
pub use desk::Desk;
pub use error::Error;
pub use telephony::Telephony;

/// Begins the ids of our commands.
const ID_PREFIX: &str = "crm-connector";
