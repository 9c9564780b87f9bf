//! Harmony's Processor Bridge protocol (OpenMethods), both ends.
//!
//! A *bridge* in the Harmony server sends queries and requests. Its *client* at the phone system sends responses and events. Messages are JSON
//! in frames with a four-byte length, over TCP or TLS. The client connects to the bridge.
//!
//! * [`TelephonySession`]: Cordboard is the client, and a Harmony server is the peer. The hub's agents and calls appear in Harmony.
//! * [`DeskSession`]: Cordboard is the bridge. The peer is a third-party client, which is a switch on the floor.
//!
//! The vendor documents only some of the words on the wire. The tables in [`wire`] list all of them, with Cordboard's own proposals for the
//! others, and the configuration can override each word. `docs/harmony.md` explains how to connect the real product.
//!
//! # Life of an object
//!
//! ```text
//!            create<child>            query.init             children ready
//! (nothing) ──────────────► Creating ───────────► Initializing ──► Filling ──► Ready
//!            on its parent             on itself                   events wait  events are taken
//! ```
//!
//! An event of an object before its first query is answered violates the protocol. The bridge ignores it, and the client does not send it.
//!
//! # Switch events of a conversation (desk end)
//!
//! | reported ╲ current | alerting | dialing | talking | held | ended |
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
pub use desk::DeskSession;
pub use error::Error;
pub use telephony::TelephonySession;
