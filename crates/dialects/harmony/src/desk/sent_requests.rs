//! Queries and requests without a response.

use compact_str::CompactString;
use model::{AgentId, RequestId};

use super::services::Service;
use crate::wire::words::RequestName;

/// The purpose of a query or request.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    Status,
    /// The response is ignored.
    Ignored,
    Validate(AgentId),
    Info(AgentId),
    /// Create an object or a session.
    Create(CompactString),
    /// Ask an object for its state.
    Init(CompactString),
    Activate(AgentId),
    Ready(AgentId),
    NotReady(AgentId, Option<CompactString>),
    Logout(AgentId),
    Data(CompactString),
    /// Set data of an interaction under these names.
    SetData(CompactString, Vec<CompactString>),
    /// Carry out a request of the hub.
    Service(RequestId, Service),
}

/// A query or request without a response.
#[derive(Debug)]
pub(super) struct SentRequest {
    pub(super) name: RequestName,
    pub(super) target: CompactString,
    pub(super) purpose: Purpose,
}
