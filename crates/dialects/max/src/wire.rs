//! The messages between MAX and a page as types, and their encoding.
//!
//! Start reading at [`PageMessage`] (page to MAX), [`Envelope`] (MAX to page) and [`Event`] (the content of an envelope).

mod ack;
mod call_data;
mod contact;
mod envelope;
mod event;
mod id;
mod kinds;
pub mod limits;
mod page_message;
mod text;

pub use ack::{Ack, Refusal};
pub use contact::{CallContact, Status};
pub use envelope::Envelope;
pub use event::{AgentLeg, AgentState, CurrentState, Event, Hosts, LegStatus, Next, SessionStart};
pub use id::{ContactId, NoId};
pub use kinds::{Kind, Kinds};
pub use page_message::{Button, Card, PageMessage, Register};
pub(crate) use text::clipped;
