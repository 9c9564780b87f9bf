//! The messages as types, and their encoding. See docs/protocols/harmony.md.
//!
//! An [`Envelope`] is one frame: a header and a body. A [`BridgeRequest`] goes from the bridge to its client, as a query or a request. Each is
//! answered by one response, whose body is a type of [`reply`]. An [`Event`] goes from the client to the bridge. The tables of
//! [`BridgeRequest`] and [`Event`] list the name and the content of each message. The tables in [`words`] list the keys and values of bodies.

mod body;
mod data;
mod envelope;
mod event;
pub mod limits;
mod messages;
pub mod reply;
mod request;
mod vocabulary;
pub mod words;

pub use body::{Body, Fault, Object};
pub use data::{FlatData, Omitted, flatten, nest};
pub use envelope::{Answer, Envelope, MessageKind, redact};
pub use event::{
    ChannelEvent, ControlEvent, ConversationEvent, Event, GroupEvent, InteractionEvent, SessionEvent,
};
pub use request::{
    BridgeRequest, ChannelRequest, ControlRequest, ConversationRequest, Create, GroupRequest,
    InteractionRequest, SessionAgent, SessionOptions, SessionRequest,
};
pub use vocabulary::{Kind, Mark, Vocabulary, Word, Words};
