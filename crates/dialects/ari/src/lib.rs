//! Asterisk over its REST interface (ARI): its phones and trunks are a switch of ours.
//!
//! Asterisk has no calls in CSTA's sense, only channels and bridges. A Stasis application owns every channel here; which call a channel is
//! in, and how, is ours to say. [`Desk`] keeps that, has Asterisk place the channels so, and tells the hub what became of it.
//!
//! An agent's phone has one channel for all its calls: what is on hold is a call whose bridge the channel has left.
//!
//! Shapes are those of the `rest-api` descriptions that Asterisk 22 ships; what they do was tried against that version.

mod config;
mod desk;
mod error;
pub mod wire;

pub use config::{Answer, DeskConfig, Template};
pub use desk::Desk;
pub use error::Error;
