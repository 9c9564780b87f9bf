//! MAX, the agent desktop of NICE CXone: the `window.postMessage` protocol by which embedded pages get events and press buttons, both ends.
//!
//! * [`TelephonySession`]: Cordboard is MAX. Pages written for MAX are shown in frames of Cordboard's desktop. One session serves them all.
//! * [`DeskSession`]: the peer is a real MAX. Cordboard's page is embedded in it and registers there. MAX is a switch on the floor.
//!
//! Cordboard's pages only relay messages: they report what their frames post ([`session::FromPage`]) and post what the session sends.
//!
//! `docs/max.md` explains how to embed a page and what is supported. Each constant in [`wire::limits`] and each configuration key says whether
//! its value is documented or our choice.
//!
//! # A frame at the telephony end
//!
//! | the frame is | Register | Unregister | ContactCardData, a call command |
//! |---|---|---|---|
//! | from another origin than its page of the floor | ignored, with one warning on the console | ignored | ignored |
//! | opened before the first snapshot | waits | waits | waits |
//! | not registered | acknowledged with the current state → registered, or refused | ignored | done if possible |
//! | registered | ignored, with a warning on the console | → not registered | done if possible |
//!
//! # The embedded page at the desk end
//!
//! | the page is | what happens | result |
//! |---|---|---|
//! | new | the window around it is that of MAX | it registers for all events |
//! | registering | MAX acknowledges with the current state | the switch is up, with MAX's calls |
//! | registering | MAX refuses, or does not answer in time¹ | it unregisters and registers again |
//! | registered | MAX reports the agent and its calls | commands for the agent, events of the switch |
//! | closed | | its agent's calls end after a while; without any page the switch is down |
//!
//! ¹ A reloaded window is still registered and gets no answer to a registration (max.md §4.4).

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{DIALECT, DeskConfig, TelephonyConfig};
pub use desk::DeskSession;
pub use error::Error;
pub use telephony::TelephonySession;
