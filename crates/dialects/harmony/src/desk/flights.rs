//! Queries and requests of which the response is awaited. All are awaited equally long, so the oldest is the first to run out.

use std::collections::{BTreeMap, VecDeque};

use compact_str::CompactString;
use model::{AgentId, RequestId, Timestamp};

use super::services::Service;
use crate::wire::words::AskName;

/// What a response is for.
#[derive(Debug, Clone)]
pub(super) enum Doing {
    Status,
    /// Whatever is said to it.
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
pub(super) struct Flight {
    pub(super) name: AskName,
    pub(super) target: CompactString,
    pub(super) doing: Doing,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Flights {
    by_id: BTreeMap<CompactString, Flight>,
    ends: VecDeque<(Timestamp, CompactString)>,
    statuses: usize,
}

impl Flights {
    pub(super) fn put(&mut self, id: CompactString, until: Timestamp, flight: Flight) {
        self.statuses += usize::from(matches!(flight.doing, Doing::Status));
        self.ends.push_back((until, id.clone()));
        self.by_id.insert(id, flight);
    }

    pub(super) fn take(&mut self, id: &str) -> Option<Flight> {
        let flight = self.by_id.remove(id)?;
        self.statuses -= usize::from(matches!(flight.doing, Doing::Status));
        while self.ends.front().is_some_and(|(_, first)| !self.by_id.contains_key(first)) {
            self.ends.pop_front();
        }
        Some(flight)
    }

    /// Takes the oldest one that has run out.
    pub(super) fn take_late(&mut self, now: Timestamp) -> Option<Flight> {
        let (_, id) = self.ends.front().filter(|(until, _)| *until <= now)?;
        let id = id.clone();
        self.take(&id)
    }

    pub(super) fn first(&self) -> Option<Timestamp> {
        self.ends.front().map(|(until, _)| *until)
    }

    /// Whether the client has been asked for its status.
    pub(super) fn has_status(&self) -> bool {
        self.statuses > 0
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
