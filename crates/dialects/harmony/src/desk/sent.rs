//! Queries and requests that were sent and have no response yet.

use compact_str::CompactString;
use model::{AgentId, RequestId};

use super::services::Service;
use crate::wire::words::AskName;

/// What a response is for.
#[derive(Debug, Clone)]
pub(super) enum Doing {
    Status,
    /// Nothing: the response is ignored.
    Ignored,
    Validate(AgentId),
    Info(AgentId),
    /// An object was created; a session too.
    Create(CompactString),
    /// An object was asked for its state.
    Init(CompactString),
    Activate(AgentId),
    Ready(AgentId),
    NotReady(AgentId, Option<CompactString>),
    Logout(AgentId),
    Data(CompactString),
    /// Data of an interaction was set there, under these names.
    SetData(CompactString, Vec<CompactString>),
    /// The hub asked for it.
    Service(RequestId, Service),
}

/// One query or request.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) name: AskName,
    pub(super) target: CompactString,
    pub(super) doing: Doing,
}
