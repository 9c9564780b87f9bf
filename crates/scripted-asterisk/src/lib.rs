//! An Asterisk in memory, and the network between it and one client of its REST interface (ARI). For tests: nothing here ships.
//!
//! It has channels, bridges and recordings, and does with them what Asterisk 22 does. Its phones and numbers do what [`Behavior`] says, its
//! callers what [`Caller`] says, and a test is the hand at each phone. What goes wrong comes from a seed: see [`Chances`].
//!
//! The client is a session: give it what [`Asterisk::poll`] returns, and give what it says to [`Asterisk::take`].

mod agenda;
mod asterisk;
mod behavior;
mod bridge;
mod channel;
mod faults;
mod network;
mod people;
mod rest;

pub use asterisk::Asterisk;
pub use behavior::{Behavior, Caller, Reply, cause};
pub use bridge::{Bridge, Kind};
pub use channel::{Channel, State};
pub use faults::Chances;
pub use network::{Heard, Said};
