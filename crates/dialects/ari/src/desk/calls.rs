//! Calls: who is in them, and how.

use compact_str::CompactString;
use model::{
    CallId, Data, DeviceId, Number, Party, PartyKind, QueueId, RequestId,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};

use super::{channels::ChannelId, lanes::LaneId, target::Target};
use crate::wire::note::State;

/// A call and its parties.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// Who called, or whoever took that one's place.
    pub(super) caller: Party,
    pub(super) dialled: Number,
    /// The queue it waits in, or was last in.
    pub(super) queue: Option<QueueId>,
    /// The call out of which it grew.
    pub(super) linked: Option<CallId>,
    pub(super) data: Data,
    /// The hub has been told of it.
    pub(super) told: bool,
    /// Somebody picked up once.
    pub(super) answered: bool,
    pub(super) lane: LaneId,
    pub(super) members: Vec<Member>,
    pub(super) recording: Recording,
    /// Whom to call once the phone that dials was picked up.
    pub(super) next: Option<Target>,
    /// The transfer that waits for its target to ring.
    pub(super) transfer: Option<Transfer>,
}

/// A party's place in a call.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) channel: ChannelId,
    pub(super) party: Party,
    pub(super) state: State,
    /// The queue out of which it rings here, and to which it goes back when it is refused.
    pub(super) through: Option<QueueId>,
    pub(super) muted: bool,
}

/// A transfer that waits for its target to ring.
#[derive(Debug, Clone)]
pub(super) struct Transfer {
    pub(super) request: RequestId,
    /// Who will leave.
    pub(super) device: DeviceId,
}

/// Whether a call is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recording {
    Off,
    On,
    Paused,
}

impl Call {
    /// A call without parties.
    pub(super) fn new(caller: Party, dialled: Number, lane: LaneId) -> Self {
        Self {
            caller,
            dialled,
            queue: None,
            linked: None,
            data: Data::new(),
            told: false,
            answered: false,
            lane,
            members: Vec::new(),
            recording: Recording::Off,
            next: None,
            transfer: None,
        }
    }

    pub(super) fn member(&self, at: &PartyKind) -> Option<&Member> {
        self.members.iter().find(|member| member.party.at == *at)
    }

    pub(super) fn of_channel(&self, channel: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.channel == channel)
    }

    pub(super) fn of_channel_mut(&mut self, channel: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.channel == channel)
    }

    /// Everybody but the one at a channel.
    pub(super) fn others<'a>(&'a self, channel: &'a str) -> impl Iterator<Item = &'a Member> {
        self.members.iter().filter(move |member| member.channel != channel)
    }

    /// Takes somebody out; the first of those left takes a caller's place.
    pub(super) fn remove(&mut self, channel: &str) -> Option<Member> {
        let index = self.members.iter().position(|member| member.channel == channel)?;
        let gone = self.members.remove(index);
        if let Some(first) = self.members.first().filter(|_| self.caller.at == gone.party.at) {
            self.caller = first.party.clone();
        }
        Some(gone)
    }

    /// Whether those who are in it have a reason to stay: two of them, or one that waits in a queue or is about to dial.
    pub(super) fn goes_on(&self) -> bool {
        match self.members.as_slice() {
            [] => false,
            [one] => one.state == State::Queued || self.next.is_some(),
            several => several.iter().any(|member| !is_called(member.state)),
        }
    }

    /// Who alone waits for the one at `channel` to answer.
    pub(super) fn waiting_for(&self, channel: &str) -> Option<ChannelId> {
        let mut others = self.others(channel);
        let (first, second) = (others.next()?, others.next());
        (second.is_none() && waits(first.state)).then(|| first.channel.clone())
    }

    /// Everybody of whom the hub has been told.
    pub(super) fn parties(&self) -> Vec<Party> {
        let told = self.members.iter().filter(|member| told(member.state).is_some());
        told.map(|member| member.party.clone()).collect()
    }

    /// What is told when it rings at `member`.
    pub(super) fn delivery(&self, id: &CallId, member: &Member) -> Delivery {
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

    /// All of it, as the hub is told.
    pub(super) fn picture(&self, id: &CallId) -> CallPicture {
        let place = |member: &Member| {
            Some(ConnectionPicture { party: member.party.clone(), state: told(member.state)? })
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

    /// The name of its recording.
    pub(super) fn recording_name(id: &CallId) -> CompactString {
        format!("cordboard-{id}").into()
    }
}

impl Member {
    pub(super) fn new(channel: ChannelId, party: Party, state: State) -> Self {
        Self { channel, party, state, through: None, muted: false }
    }
}

/// How the hub is told; nothing when it has not been told.
pub(super) fn told(state: State) -> Option<ConnectionState> {
    match state {
        State::Reaching => None,
        State::Initiated => Some(ConnectionState::Initiated),
        State::Alerting => Some(ConnectionState::Alerting),
        State::Connected => Some(ConnectionState::Connected),
        State::Held => Some(ConnectionState::Held),
        State::Queued => Some(ConnectionState::Queued),
    }
}

/// Whether it keeps a phone from another call.
pub(super) fn is_engaged(state: State) -> bool {
    matches!(state, State::Initiated | State::Connected | State::Queued)
}

/// Whether the party waits for somebody to answer.
pub(super) fn waits(state: State) -> bool {
    matches!(state, State::Initiated | State::Queued)
}

/// Whether the party is being called.
pub(super) fn is_called(state: State) -> bool {
    matches!(state, State::Reaching | State::Alerting)
}

/// Whether the party has talked.
pub(super) fn has_talked(state: State) -> bool {
    matches!(state, State::Connected | State::Held)
}
