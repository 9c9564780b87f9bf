//! The messages as types, and their encoding. See docs/protocols/uwq.md.
//!
//! A [`Callout`] goes from EBS to the softphone in the query of a GET; a [`Reply`] comes back. An [`Event`] goes the other way, as XML in the
//! body of a POST.

mod callout;
mod event;
pub mod limits;
pub mod names;
mod query;
pub(crate) mod repair;
mod reply;
mod token;

pub use callout::{AgentLine, Callout, Function};
pub use event::{Event, Pairs, ScreenPop};
pub use query::redact;
pub(crate) use reply::{CLOSE, XML_TYPE};
pub use reply::{Reply, accepted, error_body, fault, refused};
pub use token::{Refusal, Token};
