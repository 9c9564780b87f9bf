//! Legs: the party of each, and the place that was requested from the medium.

use compact_str::CompactString;
use model::{CallId, DeviceId, Party, PartyKind, RequestId, Timestamp};

use crate::{effect::Place, lane::LaneId, note::Note};

/// The ID of a leg: chosen by the medium for an incoming leg, by the engine for an outgoing one.
pub type LegId = CompactString;

/// One connection between the medium and a party.
#[derive(Debug, Clone)]
pub struct Leg {
    /// The party.
    pub party: Party,
    /// The phase.
    pub phase: Phase,
    /// The calls of the leg, the oldest first.
    pub calls: Vec<CallId>,
    /// The place that was requested from the medium.
    pub place: Place,
    pub(crate) lane: LaneId,
    pub(crate) muted: bool,
    /// The note that was last sent to the medium.
    pub(crate) note: Option<Note>,
    /// The request that is answered when the leg rings.
    pub(crate) request: Option<RequestId>,
    /// When it must ring at the latest. When only the desk rings: when it must be answered.
    ring_by: Option<Timestamp>,
}

/// The phase of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Only the desk rings, or the leg is gone. It does not exist in the medium.
    Absent,
    /// The medium is calling it.
    Called,
    /// It rings, or it is incoming and was not answered yet.
    Ringing,
    /// It was answered.
    Up,
}

impl Leg {
    pub(crate) fn new(party: Party, phase: Phase, lane: LaneId) -> Self {
        let (calls, place, muted) = (Vec::new(), Place::Alone, false);
        Self { party, phase, calls, place, lane, muted, note: None, request: None, ring_by: None }
    }

    /// Sets when the leg must ring, and returns the previous time. The engine keeps an index of these times.
    pub(crate) fn replace_ring_by(&mut self, until: Option<Timestamp>) -> Option<Timestamp> {
        std::mem::replace(&mut self.ring_by, until)
    }

    /// Whether it was answered.
    pub fn is_up(&self) -> bool {
        self.phase == Phase::Up
    }

    /// The phone; `None` for other parties.
    pub fn device(&self) -> Option<&DeviceId> {
        match &self.party.at {
            PartyKind::Device(device) => Some(device),
            PartyKind::Outside(_) | PartyKind::Withheld => None,
        }
    }
}
