//! MAX: the agent desktop of NICE CXone, and the messages by which pages embedded in it hear of calls and press its buttons
//! (`window.postMessage`), both ends of them.
//!
//! * [`Telephony`]: we are MAX. Pages that were written for it stand in frames of our desktop; one session serves them all.
//! * [`Desk`]: a real MAX is the peer. A page of ours that is embedded in it registers there and makes of MAX's agent and calls a
//!   switch of the hub's.
//!
//! The browser decides nothing: pages of ours relay what their frames post ([`session::FromPage`]) and post what they are told to.
//!
//! How to embed a page, what is supported and what is not: `docs/max.md`. What is known of the protocol and what is a proposal of ours
//! stands at each constant in [`wire::limits`] and at each key of the configuration.
//!
//! # A frame at the telephony end
//!
//! | the frame is | Register | Unregister | ContactCardData, a call command |
//! |---|---|---|---|
//! | of another origin than its page of the floor | nothing; the console is told, once | nothing | nothing |
//! | opened before the hub told the state of things | waits | waits | waits |
//! | not registered | acknowledged with the state of things → registered, or refused | nothing | done where it is possible |
//! | registered | nothing; the console is told | → not registered | done where it is possible |
//!
//! # Our page at the desk end
//!
//! | the page is | what happens | what comes of it |
//! |---|---|---|
//! | new | the window around it is MAX's | it registers for everything |
//! | registering | MAX acknowledges, with the state of things | the switch is up, with MAX's calls |
//! | registering | MAX says no, or nothing in time¹ | it unregisters, and registers again |
//! | registered | MAX tells of the agent and its calls | commands of the agent's, events of the switch's |
//! | gone | | its agent's calls are lost after a while; without any page the switch is down |
//!
//! ¹ A window that was reloaded is still registered, and hears nothing to a registration (max.md §4.4).

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{DIALECT, DeskConfig, TelephonyConfig};
pub use desk::Desk;
pub use error::Error;
pub use telephony::Telephony;
