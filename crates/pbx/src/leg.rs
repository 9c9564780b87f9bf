//! Legs: who is there, and where the medium was told to put them.

use compact_str::CompactString;
use model::{CallId, DeviceId, Party, PartyKind, RequestId, Timestamp};

use crate::{effect::Place, lane::LaneId, note::Note};

/// A leg's id: the medium's for a leg that arrived, the engine's for one that it dials.
pub type LegId = CompactString;

/// One connection between the medium and a party.
#[derive(Debug, Clone)]
pub struct Leg {
    /// Who is there.
    pub party: Party,
    /// How far it has come.
    pub phase: Phase,
    /// The calls that it is in, the oldest first.
    pub calls: Vec<CallId>,
    /// Where the medium was told to put it.
    pub place: Place,
    pub(crate) lane: LaneId,
    pub(crate) muted: bool,
    /// What the medium was last told to keep with it.
    pub(crate) note: Option<Note>,
    /// The request that is answered once it rings.
    pub(crate) asked: Option<RequestId>,
    /// When it has to ring at the latest; where only the desk rings, to be answered.
    ring_by: Option<Timestamp>,
}

/// How far a leg has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Only the desk rings, or the leg is gone: the medium has nothing of it.
    Absent,
    /// The medium is calling it.
    Called,
    /// It rings, or it called us and was not answered yet.
    Ringing,
    /// It was answered.
    Up,
}

impl Leg {
    pub(crate) fn new(party: Party, phase: Phase, lane: LaneId) -> Self {
        let (calls, place, muted) = (Vec::new(), Place::Alone, false);
        Self { party, phase, calls, place, lane, muted, note: None, asked: None, ring_by: None }
    }

    /// Sets when it has to ring, and returns what was set before. The engine keeps an index of it.
    pub(crate) fn replace_ring_by(&mut self, until: Option<Timestamp>) -> Option<Timestamp> {
        std::mem::replace(&mut self.ring_by, until)
    }

    /// Whether it was answered.
    pub fn is_up(&self) -> bool {
        self.phase == Phase::Up
    }

    /// The phone, if it is one.
    pub fn device(&self) -> Option<&DeviceId> {
        match &self.party.at {
            PartyKind::Device(device) => Some(device),
            PartyKind::Outside(_) | PartyKind::Withheld => None,
        }
    }
}
