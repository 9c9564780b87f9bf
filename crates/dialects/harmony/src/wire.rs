//! The messages as types, and back. See docs/protocols/harmony.md.
//!
//! An [`Envelope`] is one frame: a header and a body. An [`Ask`] goes from the bridge to its client, as a query or a request; each is
//! answered by one response, with a body of [`reply`]. An [`Event`] goes from the client to the bridge. The tables of
//! [`Ask`] and [`Event`] list the name and the content of each message. The tables in [`words`] list the keys and values of bodies.

mod ask;
mod body;
mod data;
mod envelope;
mod event;
pub mod limits;
mod messages;
pub mod reply;
mod vocabulary;
pub mod words;

pub use ask::{
    Ask, ChannelAsk, ControlAsk, ConversationAsk, Create, GroupAsk, InteractionAsk, SessionAgent, SessionAsk,
    SessionOptions,
};
pub use body::{Body, Fault, Object};
pub use data::{flatten, nest};
pub use envelope::{Answer, Envelope, Said, redact};
pub use event::{
    ChannelEvent, ControlEvent, ConversationEvent, Event, GroupEvent, InteractionEvent, SessionEvent,
};
pub use vocabulary::{Kind, Mark, Vocabulary, Word, Words};
