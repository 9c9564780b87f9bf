//! Asterisk over its REST interface (ARI). Its phones and trunks are a switch on the floor.
//!
//! Asterisk has channels and bridges, but no calls in the sense of CSTA. The call engine [`pbx`] keeps the calls, and [`DeskSession`] adapts it: a
//! leg is a channel, a place is a bridge, an effect is one or more ARI requests. A Stasis application owns every channel.
//!
//! An agent's phone has one channel for all its calls. While a call is on hold, the channel is not in its bridge.
//!
//! The messages follow the `rest-api` descriptions of Asterisk 22. Their effects were tested with that version.

mod config;
mod desk;
mod dialect;
mod error;
pub mod wire;

pub use config::{Answer, DeskConfig};
pub use desk::DeskSession;
pub use dialect::DIALECT;
pub use error::Error;
