//! The messages between MAX and a page, typed, and how they are written and read.
//!
//! Start reading at [`Ask`] (page to MAX), [`Envelope`] (MAX to page) and [`Event`] (what an envelope carries).

mod ack;
mod ask;
mod contact;
mod envelope;
mod event;
mod id;
mod kinds;
pub mod limits;
mod text;

pub use ack::{Ack, Refusal};
pub use ask::{Ask, Button, Card, Register};
pub use contact::{CallContact, Status};
pub use envelope::Envelope;
pub use event::{AgentLeg, AgentState, CurrentState, Event, Hosts, LegStatus, Next, SessionStart};
pub use id::{ContactId, NoId};
pub use kinds::{Kind, Kinds};
pub(crate) use text::clipped;
