//! SOAP 1.1 and 1.2 as WCF and the usual clients speak it: envelopes, WS-Addressing, user names of WS-Security, faults.
//!
//! A message is read with [`Message::read`] and written with [`write()`]. What a peer did wrong is a [`Refusal`]: a bare HTTP status
//! where it has not even sent an envelope, else a [`Fault`].

mod envelope;
mod fault;
mod heads;
mod security;
mod time;
mod version;

pub use envelope::{Head, Message, write};
pub use fault::{Fault, Refusal, Trouble};
pub use heads::Addressed;
pub use security::{Security, SecurityError, Token, Validity, WSSE, WSU};
pub use time::{instant, rfc3339};
pub use version::Version;

/// The namespace of `nil` and `type`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// WS-Addressing 1.0.
pub const WSA: &str = "http://www.w3.org/2005/08/addressing";
