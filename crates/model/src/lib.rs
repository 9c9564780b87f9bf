//! The types of a contact center: agents, interactions, calls, commands and events.
//!
//! All other crates use these types. The core makes decisions with them, the journal stores them, and the dialects
//! translate protocol messages to and from them. The crate does no I/O, reads no clock and creates no IDs.
//!
//! Start reading at [`Command`] (what can be requested), [`Event`] (what can happen) and [`SwitchRequest`] /
//! [`SwitchEvent`] (the interface to a phone system).

mod access;
mod agent;
mod command;
mod contact;
mod country;
mod data;
mod event;
mod floor;
mod fold;
mod ids;
mod interaction;
mod notice;
mod number;
mod queue;
mod record;
mod rejection;
mod secret;
pub mod switch;
mod time;
mod tones;
mod view;

pub use access::{Principal, Role, Scope, authorize};
pub use agent::{AgentState, NextState, reason};
pub use command::{Accepted, Command, LogEntry, Pop, PopRecord, SearchTerm, Verb, VerbName};
pub use contact::{Card, Contact, Party, PartyKind};
pub use country::{Country, CountryError};
pub use data::{Data, DataError};
pub use event::{
    AgentEvent, Cause, ConversationEvent, DetailEvent, Event, FloorEvent, InteractionEvent, LinkEvent,
};
pub use floor::{
    AddressError, AgentPlan, DialPolicy, Disposition, Floor, FloorError, GraceMs, Markdown, NumberClass,
    NumberPattern, Page, PagePlace, Permission, QueuePlan, Reason, ReasonUse, RecordAddress, RecordPage,
    Retiring, Sandbox, Script, WebAddress, repeated,
};
pub use ids::{
    AccountName, AgentId, CallId, CommandId, ConversationId, DeviceId, DispositionCode, InteractionId,
    JournalId, LinkageId, NameError, PageId, QueueId, ReasonCode, RequestId, SwitchId,
};
pub use interaction::{
    Conversation, ConversationState, Direction, Interaction, InteractionState, InteractionSummary, Leg,
    Recording,
};
pub use notice::{Notice, NoticeLevel, NoticeTopic};
pub use number::{Digits, Number, NumberError};
pub use queue::{QueueChange, WaitingCall, WaitingCaller};
pub use record::{Digest, Origin, Record, Seq};
pub use rejection::{Code, Rejection};
pub use secret::Secret;
pub use switch::{SwitchAnswer, SwitchEvent, SwitchFeature, SwitchRequest};
pub use time::Timestamp;
pub use tones::Tones;
pub use view::{AgentView, InteractionView, QueueView, Snapshot, SwitchView};
