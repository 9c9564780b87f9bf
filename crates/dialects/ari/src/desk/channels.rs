//! Channels: who is there, and where Asterisk was told to put them.

use compact_str::CompactString;
use model::{CallId, DeviceId, Party, PartyKind, QueueId, RequestId, Timestamp};

use super::lanes::LaneId;

/// A channel as Asterisk names it.
pub(super) type ChannelId = CompactString;

/// A phone or somebody on a trunk.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) party: Party,
    pub(super) phase: Phase,
    /// The calls that it is in.
    pub(super) calls: Vec<CallId>,
    /// Whose requests it takes part in.
    pub(super) lane: LaneId,
    /// Where it was told to be.
    pub(super) place: Place,
    pub(super) muted: bool,
    /// What was last written on it.
    pub(super) note: String,
    /// The request that is answered once it rings.
    pub(super) asked: Option<RequestId>,
    /// When it has to ring at the latest; where only the desk rings, to be answered.
    pub(super) ring_by: Option<Timestamp>,
}

/// How far a channel has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Only the desk rings: Asterisk knows nothing of it.
    AtDesk,
    /// Asterisk is to call it.
    Called,
    /// It rings, or has called and was not answered yet.
    Ringing,
    /// It was answered.
    Up,
}

/// Where a channel is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// By itself.
    Nowhere,
    /// By itself, and hears it ring.
    Ring,
    /// With the others of a call.
    Call(CallId),
    /// In a queue, with music.
    Queue(QueueId),
    /// On hold, with music.
    Held,
}

impl Channel {
    pub(super) fn new(party: Party, phase: Phase, lane: LaneId) -> Self {
        let (calls, place, muted) = (Vec::new(), Place::Nowhere, false);
        Self { party, phase, calls, lane, place, muted, note: String::new(), asked: None, ring_by: None }
    }

    pub(super) fn is_up(&self) -> bool {
        self.phase == Phase::Up
    }

    /// The phone, when it is one.
    pub(super) fn device(&self) -> Option<&DeviceId> {
        match &self.party.at {
            PartyKind::Device(device) => Some(device),
            PartyKind::Outside(_) | PartyKind::Withheld => None,
        }
    }
}
