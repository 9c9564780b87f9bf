//! MAX: the agent desktop of NICE CXone, and the messages by which pages embedded in it hear of calls and press its buttons
//! (`window.postMessage`).
//!
//! [`Telephony`]: we are MAX. Pages that were written for it stand in frames of our desktop; one session serves them all.
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

mod config;
mod telephony;
pub mod wire;

pub use config::TelephonyConfig;
pub use telephony::Telephony;
