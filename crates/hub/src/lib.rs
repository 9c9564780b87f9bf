//! The running node: the core's thread, group commit, fan-out, the drivers of the sessions, accounts, and the native API.
//!
//! ```text
//! API, sessions ──► inbox ──► core thread ──► writer thread ──► fan-out thread ──► mailboxes ──► API, sessions
//!                             decides          makes durable     shows               one each
//! ```
//!
//! Start reading at [`engine`] (what happens), then [`node`] (which thread does it), then [`driver`] and [`http`] (the outer layer).

pub mod auth;
pub mod driver;

pub mod engine;
pub mod http;

mod metrics;
pub mod node;
mod process;
mod throttle;

pub use node::{DiskSpace, Error, Handle, Node, NodeConfig, Store};
