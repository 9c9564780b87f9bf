//! Asterisk over its REST interface (ARI). Its phones and trunks are a switch on the floor.
//!
//! Asterisk has channels and bridges, and no calls in CSTA's sense. The call engine of [`pbx`] has the calls; [`Desk`] is its adapter: a leg is
//! a channel, a place is a bridge, an effect is one or more ARI requests. A Stasis application owns every channel.
//!
//! An agent's phone has one channel for all its calls: a call on hold is one whose bridge the channel has left.
//!
//! Shapes are those of the `rest-api` descriptions that Asterisk 22 ships; what they do was tried against that version.

mod config;
mod desk;
mod dialect;
mod error;
pub mod wire;

pub use config::{Answer, DeskConfig};
pub use desk::Desk;
pub use dialect::DIALECT;
pub use error::Error;
