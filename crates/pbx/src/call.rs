//! Calls and their members.

use std::fmt;

use model::{
    CallId, Data, DeviceId, Number, Party, PartyKind, QueueId, RequestId,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};
use serde::{Deserialize, Serialize};

use crate::{lane::LaneId, leg::LegId, numbering::Target};

/// The state of a leg in a call.
///
/// ```text
/// reaching ─► alerting ─┐
///                       ├─► connected ◄─► held
/// initiated ◄─► queued ─┘
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Is being called and does not ring yet. The hub does not know it yet.
    Reaching,
    /// Is dialing, or hears ringback.
    Initiated,
    /// Rings.
    Alerting,
    /// Is connected.
    Connected,
    /// Has the call on hold.
    Held,
    /// Waits in a queue.
    Queued,
}

impl State {
    /// The state as reported to the hub; `None` while the hub does not know the leg.
    pub fn reported(self) -> Option<ConnectionState> {
        match self {
            Self::Reaching => None,
            Self::Initiated => Some(ConnectionState::Initiated),
            Self::Alerting => Some(ConnectionState::Alerting),
            Self::Connected => Some(ConnectionState::Connected),
            Self::Held => Some(ConnectionState::Held),
            Self::Queued => Some(ConnectionState::Queued),
        }
    }

    /// Whether it keeps a phone from taking another call.
    pub fn is_engaged(self) -> bool {
        match self {
            Self::Initiated | Self::Connected | Self::Queued => true,
            Self::Reaching | Self::Alerting | Self::Held => false,
        }
    }

    /// Whether the party waits for somebody to answer.
    pub fn waits(self) -> bool {
        matches!(self, Self::Initiated | Self::Queued)
    }

    /// Whether the party is being called.
    pub fn is_called(self) -> bool {
        matches!(self, Self::Reaching | Self::Alerting)
    }

    /// Whether the party has answered or was answered.
    pub fn has_talked(self) -> bool {
        matches!(self, Self::Connected | Self::Held)
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Reaching => "being called",
            Self::Initiated => "dialing",
            Self::Alerting => "ringing",
            Self::Connected => "talking",
            Self::Held => "on hold",
            Self::Queued => "waiting in a queue",
        })
    }
}

/// The recording state of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recording {
    /// Not recorded.
    #[default]
    Off,
    /// Recorded.
    On,
    /// Recorded, and paused at the moment.
    Paused,
}

/// A call and its members.
#[derive(Debug, Clone)]
pub struct Call {
    /// The caller, or the party that replaced the caller.
    pub caller: Party,
    /// What the caller dialed.
    pub dialled: Number,
    /// The queue that it waits in, or waited in last.
    pub queue: Option<QueueId>,
    /// For a consultation: the held call that it belongs to.
    pub linked: Option<CallId>,
    /// The call's data.
    pub data: Data,
    /// Whether the hub knows the call.
    pub reported: bool,
    /// Whether any party has answered.
    pub answered: bool,
    /// The recording state.
    pub recording: Recording,
    /// The members, the caller first.
    pub members: Vec<Member>,
    pub(crate) lane: LaneId,
    /// For a call whose phone must first be taken off the hook: the number to call next.
    pub(crate) next: Option<Target>,
    /// The transfer that waits for its target to ring.
    pub(crate) transfer: Option<Transfer>,
}

/// A leg in a call.
#[derive(Debug, Clone)]
pub struct Member {
    /// The leg.
    pub leg: LegId,
    /// The party.
    pub party: Party,
    /// The state of the leg.
    pub state: State,
    /// The queue that offered the call to this member, and that takes it back on rejection.
    pub through: Option<QueueId>,
    /// Whether the member is muted.
    pub muted: bool,
}

/// A transfer that waits for its target to ring.
#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    pub(crate) request: RequestId,
    /// The phone that leaves the call.
    pub(crate) device: DeviceId,
}

impl Call {
    /// Creates a call without members.
    pub(crate) fn new(caller: Party, dialled: Number, lane: LaneId) -> Self {
        Self {
            caller,
            dialled,
            queue: None,
            linked: None,
            data: Data::new(),
            reported: false,
            answered: false,
            recording: Recording::Off,
            members: Vec::new(),
            lane,
            next: None,
            transfer: None,
        }
    }

    /// The member with this party.
    pub fn member(&self, at: &PartyKind) -> Option<&Member> {
        self.members.iter().find(|member| member.party.at == *at)
    }

    /// The member with this leg.
    pub fn of_leg(&self, leg: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.leg == leg)
    }

    pub(crate) fn of_leg_mut(&mut self, leg: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.leg == leg)
    }

    /// All members except the one with this leg.
    pub(crate) fn others<'a>(&'a self, leg: &'a str) -> impl Iterator<Item = &'a Member> {
        self.members.iter().filter(move |member| member.leg != leg)
    }

    /// Removes a member. If it was the caller, the first remaining member becomes the caller; a member that is being
    /// called only when no other is left.
    pub(crate) fn remove(&mut self, leg: &str) -> Option<Member> {
        let index = self.members.iter().position(|member| member.leg == leg)?;
        let gone = self.members.remove(index);
        let there = self.members.iter().find(|member| !member.state.is_called());
        if let Some(next) = there.or(self.members.first()).filter(|_| self.caller.at == gone.party.at) {
            self.caller = next.party.clone();
        }
        Some(gone)
    }

    /// Whether the members have a reason to stay: there are two of them, or one that waits in a queue or is about to
    /// dial.
    pub(crate) fn goes_on(&self) -> bool {
        match self.members.as_slice() {
            [] => false,
            [one] => one.state == State::Queued || self.next.is_some(),
            several => several.iter().any(|member| !member.state.is_called()),
        }
    }

    /// The only other member, if it waits for this leg to answer.
    pub(crate) fn waiting_for(&self, leg: &str) -> Option<LegId> {
        let mut others = self.others(leg);
        let (first, second) = (others.next()?, others.next());
        (second.is_none() && first.state.waits()).then(|| first.leg.clone())
    }

    /// The parties that the hub knows.
    pub(crate) fn parties(&self) -> Vec<Party> {
        let reported = self.members.iter().filter(|member| member.state.reported().is_some());
        reported.map(|member| member.party.clone()).collect()
    }

    /// The event for the hub when the call rings at `member`.
    pub(crate) fn delivery(&self, id: &CallId, member: &Member) -> Delivery {
        Delivery {
            call: id.clone(),
            at: member.party.at.clone(),
            caller: self.caller.clone(),
            dialled: self.dialled.clone(),
            queue: member.through.clone(),
            linked: self.linked.clone(),
            data: self.data.clone(),
        }
    }

    /// The complete call as reported to the hub.
    pub fn picture(&self, id: &CallId) -> CallPicture {
        let place = |member: &Member| {
            Some(ConnectionPicture { party: member.party.clone(), state: member.state.reported()? })
        };
        CallPicture {
            call: id.clone(),
            queue: self.queue.clone(),
            caller: self.caller.clone(),
            dialled: self.dialled.clone(),
            linked: self.linked.clone(),
            data: self.data.clone(),
            connections: self.members.iter().filter_map(place).collect(),
        }
    }
}

impl Member {
    pub(crate) fn new(leg: LegId, party: Party, state: State) -> Self {
        Self { leg, party, state, through: None, muted: false }
    }
}
