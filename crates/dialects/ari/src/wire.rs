//! What goes over the wire: Asterisk's events, and what is asked of it.

pub mod cause;
pub mod event;
pub mod limits;
pub mod op;

pub use event::{Bridge, Channel, Event};
pub use op::Op;
