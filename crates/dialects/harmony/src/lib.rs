//! Harmony's Processor Bridge protocol (OpenMethods), both ends of it.
//!
//! A *bridge* in the Harmony server asks by queries and requests, its *client* at the phone system responds and tells events: JSON in
//! frames of a four-byte length, over TCP or TLS. The client connects to the bridge.
//!
//! * [`Telephony`]: we are the client, a Harmony server is our peer. The hub's agents and calls appear in Harmony.
//! * [`Desk`]: we are the bridge, a third party's client is our peer and a switch of the hub's.
//!
//! The vendor documents only some of the words on the wire. The tables in [`wire`] list all of them, with Cordboard's own proposals for the
//! others, and the configuration can override each word. `docs/harmony.md` explains how to connect the real product.
//!
//! # Life of an object
//!
//! ```text
//!            create<child>            query.init             children ready
//! (nothing) ──────────────► Creating ───────────► Initialising ──► Filling ──► Ready
//!            on its parent             on itself                   events wait  events are taken
//! ```
//!
//! An event of an object before its first query was answered is against the protocol: the bridge ignores it, the client does not send it.
//!
//! # What a conversation tells the hub (desk end)
//!
//! | was told ╲ is | alerting | dialing | talking | held | ended |
//! |---|---|---|---|---|---|
//! | nothing | Delivered | Originated | begin, Established | begin, Established, Held | |
//! | alerting, dialing | | | Established | Established, Held | ConnectionCleared, Failed |
//! | talking | | | | Held | ConnectionCleared |
//! | held | | | Retrieved | | ConnectionCleared |

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{
    ByteOrder, Credentials, DIALECT, DeskConfig, PORT, TelephonyConfig, WireConfig, WordOverride,
};
pub use desk::Desk;
pub use error::Error;
pub use telephony::Telephony;
