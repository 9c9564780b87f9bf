//! The messages: Asterisk's events, and requests to Asterisk.

pub mod cause;
pub mod event;
pub mod limits;
pub mod op;

pub use event::{Bridge, Channel, Event};
pub use op::Op;
