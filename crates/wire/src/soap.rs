//! SOAP 1.1 and 1.2 as WCF and common clients use it: envelopes, WS-Addressing, WS-Security user names, faults.
//!
//! [`Message::read`] reads a message and [`write()`] writes one. A mistake of a peer is a [`Refusal`]: a plain HTTP
//! status when the request is not an envelope, otherwise a [`Fault`].

mod envelope;
mod fault;
mod headers;
mod security;
mod time;
mod version;

pub use envelope::{Head, Message, write};
pub use fault::{Fault, FaultKind, Refusal};
pub use headers::Addressing;
pub use security::{Password, Security, SecurityError, Token, UsernameToken, Validity, WSSE, WSU};
pub use time::{instant, rfc3339};
pub use version::Version;

/// The namespace of `nil` and `type`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace of WS-Addressing 1.0.
pub const WSA: &str = "http://www.w3.org/2005/08/addressing";
