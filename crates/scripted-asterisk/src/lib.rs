//! A simulated Asterisk, and the network between it and one client of its REST interface (ARI). Only for tests.
//!
//! It has channels, bridges and recordings that behave as in Asterisk 22. [`Behavior`] sets what phones and numbers do,
//! [`Caller`] what callers do, and a test acts as the user of each phone. Random faults come from a seed: see
//! [`Chances`].
//!
//! The client is a session: pass what [`Asterisk::poll`] returns to the session, and the session's output to
//! [`Asterisk::take`].

mod asterisk;
mod behavior;
mod bridge;
mod channel;
mod faults;
mod network;
mod people;
mod rest;
mod schedule;

pub use asterisk::Asterisk;
pub use behavior::{Behavior, Caller, Reply, cause};
pub use bridge::{Bridge, Kind};
pub use channel::{Channel, State};
pub use faults::Chances;
pub use network::{ClientInput, ClientOutput};
