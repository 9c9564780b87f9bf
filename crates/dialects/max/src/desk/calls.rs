//! MAX's calls as calls of a switch.

use std::collections::BTreeMap;

use model::{
    CallId, Cause, Data, DeviceId, Floor, Number, Party, PartyKind, QueueId, SwitchEvent,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};
use session::Projection;

use crate::wire::{CallContact, ContactId, Status, limits::CALLS_PER_AGENT_MAX};

/// A call of MAX at the agent's phone.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: CallId,
    pub(super) status: Status,
    pub(super) is_recorded: bool,
    device: DeviceId,
    remote: PartyKind,
    /// The parties of consults that became part of this call, by contact.
    joined: BTreeMap<ContactId, PartyKind>,
    /// The call that this call grew out of: for a consult, that of the customer.
    linked: Option<CallId>,
    is_inbound: bool,
    dialled: Number,
    queue: Option<QueueId>,
    data: Data,
    /// The state that was last reported to the hub.
    reported: ReportedState,
}

/// The state of a call in the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportedState {
    Nothing,
    Ringing,
    Talking,
    Held,
}

impl Call {
    /// Creates a call that the hub does not know yet. Its ID contains the phone, because two agents can have the same
    /// contact.
    pub(super) fn new(
        contact: &CallContact,
        device: &DeviceId,
        linked: Option<CallId>,
        projection: Option<&Projection>,
    ) -> Self {
        Self {
            id: call_id(device, contact),
            status: contact.status,
            is_recorded: contact.is_recorded,
            device: device.clone(),
            remote: remote(contact, contact.is_inbound).unwrap_or(PartyKind::Withheld),
            joined: BTreeMap::new(),
            linked,
            is_inbound: contact.is_inbound,
            dialled: Number::new(&contact.dnis)
                .or(Number::new(device.as_str()))
                .unwrap_or_else(|_| nothing()),
            queue: projection.and_then(|projection| queue(&projection.floor, &contact.skill)),
            data: contact.data.clone(),
            reported: ReportedState::Nothing,
        }
    }

    /// Applies a reported state and returns the switch events.
    pub(super) fn apply(&mut self, contact: &CallContact) -> Vec<SwitchEvent> {
        (self.status, self.is_recorded) = (contact.status, contact.is_recorded);
        let changed = self.change_data(&contact.data);
        let mut events = self.move_to(contact.status);
        events.extend(changed.filter(|_| self.reported != ReportedState::Nothing));
        events
    }

    /// Notes the party at the other end, which changes at a transfer. Returns whether the hub has an earlier one.
    pub(super) fn change_party(&mut self, contact: &CallContact) -> bool {
        let party = remote(contact, self.is_inbound).filter(|party| *party != self.remote);
        let is_changed = party.is_some();
        self.remote = party.unwrap_or_else(|| self.remote.clone());
        is_changed && self.reported != ReportedState::Nothing
    }

    /// The event for changed data. MAX may leave the data out, so that nothing is removed.
    fn change_data(&mut self, data: &Data) -> Option<SwitchEvent> {
        let changes: Data = data.iter().filter(|(name, value)| self.data.get(name) != Some(*value)).collect();
        for (name, value) in changes.iter() {
            // A pair beyond the limits of the hub is left out.
            let _ = self.data.set(name, value);
        }
        (!changes.is_empty()).then(|| SwitchEvent::CallInformation { call: self.id.clone(), data: changes })
    }

    fn move_to(&mut self, status: Status) -> Vec<SwitchEvent> {
        match status {
            Status::Incoming
            | Status::Ringing
            | Status::Preview
            | Status::Dialing
            | Status::NaturalCallRinging
            | Status::NaturalCallAmd
            | Status::NaturalCallDialing => self.ring(),
            Status::Active | Status::Masking | Status::Joined => self.establish(),
            Status::Holding => self.hold(),
            Status::Disconnected | Status::CallBackDisconnected => self.end(),
        }
    }

    /// The events for a call that is gone for an unknown reason.
    pub(super) fn lose(&self) -> Vec<SwitchEvent> {
        if self.reported == ReportedState::Nothing { Vec::new() } else { self.clear(Cause::Lost) }
    }

    /// Whether a consult can become part of this call.
    pub(super) fn can_join(&self) -> bool {
        let is_answered = matches!(self.reported, ReportedState::Talking | ReportedState::Held);
        is_answered && self.joined.len() < CALLS_PER_AGENT_MAX
    }

    /// A consult becomes part of this call: a conference.
    pub(super) fn join(&mut self, contact: ContactId, consult: Self) -> Vec<SwitchEvent> {
        self.joined.insert(contact, consult.remote);
        let (call, device) = (self.id.clone(), self.device.clone());
        let mut events = vec![SwitchEvent::Conferenced {
            device: device.clone(),
            primary: call.clone(),
            consult: consult.id,
            into: call.clone(),
            parties: std::iter::once(self.own()).chain(self.others()).map(Party::new).collect(),
        }];
        if self.reported == ReportedState::Held {
            events.push(SwitchEvent::Held { call, device });
        }
        events
    }

    /// Whether the consult is part of this call.
    pub(super) fn has_joined(&self, contact: &ContactId) -> bool {
        self.joined.contains_key(contact)
    }

    /// The contacts of the consults that are part of this call.
    pub(super) fn joined(&self) -> impl Iterator<Item = &ContactId> {
        self.joined.keys()
    }

    /// The contact of a consult that was part of this call is over: its party left.
    pub(super) fn part(&mut self, contact: &ContactId) -> Option<SwitchEvent> {
        let at = self.joined.remove(contact)?;
        Some(SwitchEvent::ConnectionCleared { call: self.id.clone(), at, cause: Cause::Normal })
    }

    /// Whether the call grew out of another one.
    pub(super) fn is_linked(&self) -> bool {
        self.linked.is_some()
    }

    /// Whether the agent called a colleague about another call.
    pub(super) fn is_consult(&self) -> bool {
        self.is_linked() && !self.is_inbound
    }

    pub(super) fn picture(&self) -> CallPicture {
        let (own, other) = match self.reported {
            ReportedState::Nothing | ReportedState::Ringing if self.is_inbound => {
                (ConnectionState::Alerting, ConnectionState::Initiated)
            }
            ReportedState::Nothing | ReportedState::Ringing => {
                (ConnectionState::Initiated, ConnectionState::Alerting)
            }
            ReportedState::Talking => (ConnectionState::Connected, ConnectionState::Connected),
            ReportedState::Held => (ConnectionState::Held, ConnectionState::Connected),
        };
        let connection = |at, state| ConnectionPicture { party: Party::new(at), state };
        let others = self.others().map(|at| connection(at, other));
        CallPicture {
            call: self.id.clone(),
            queue: self.queue.clone(),
            caller: Party::new(self.caller()),
            dialled: self.dialled.clone(),
            linked: self.linked.clone(),
            data: self.data.clone(),
            connections: std::iter::once(connection(self.own(), own)).chain(others).collect(),
        }
    }

    /// Whether the call is ringing at the agent.
    pub(super) fn rings(&self) -> bool {
        self.is_inbound && matches!(self.reported, ReportedState::Nothing | ReportedState::Ringing)
    }

    fn ring(&mut self) -> Vec<SwitchEvent> {
        if self.reported != ReportedState::Nothing {
            return Vec::new();
        }
        self.reported = ReportedState::Ringing;
        if self.is_inbound {
            return vec![SwitchEvent::Delivered(Delivery {
                call: self.id.clone(),
                at: self.own(),
                caller: Party::new(self.remote.clone()),
                dialled: self.dialled.clone(),
                queue: self.queue.clone(),
                linked: self.linked.clone(),
                data: self.data.clone(),
            })];
        }
        vec![SwitchEvent::Originated {
            call: self.id.clone(),
            device: self.device.clone(),
            to: Party::new(self.remote.clone()),
            linked: self.linked.clone(),
            data: self.data.clone(),
        }]
    }

    fn establish(&mut self) -> Vec<SwitchEvent> {
        let mut events = self.ring();
        let (call, device) = (self.id.clone(), self.device.clone());
        match self.reported {
            ReportedState::Nothing | ReportedState::Ringing => {
                let at = if self.is_inbound { self.own() } else { self.remote.clone() };
                events.push(SwitchEvent::Established { call, at });
            }
            ReportedState::Held => events.push(SwitchEvent::Retrieved { call, device }),
            ReportedState::Talking => {}
        }
        self.reported = ReportedState::Talking;
        events
    }

    fn hold(&mut self) -> Vec<SwitchEvent> {
        if self.reported == ReportedState::Held {
            return Vec::new();
        }
        let mut events = self.establish();
        events.push(SwitchEvent::Held { call: self.id.clone(), device: self.device.clone() });
        self.reported = ReportedState::Held;
        events
    }

    /// The events for the end of a call. MAX does not report who hung up.
    fn end(&self) -> Vec<SwitchEvent> {
        match self.reported {
            ReportedState::Nothing => Vec::new(),
            ReportedState::Ringing if self.is_inbound => self.clear(Cause::Abandoned),
            ReportedState::Ringing => vec![SwitchEvent::Failed {
                call: self.id.clone(),
                device: self.device.clone(),
                cause: Cause::NoAnswer,
            }],
            ReportedState::Talking | ReportedState::Held => self.clear(Cause::Normal),
        }
    }

    /// Clears all connections, that of the agent last. Otherwise an agent whose phone alone stops ringing would count as not answering.
    fn clear(&self, cause: Cause) -> Vec<SwitchEvent> {
        let out = |at| SwitchEvent::ConnectionCleared { call: self.id.clone(), at, cause };
        self.others().chain([self.own()]).map(out).collect()
    }

    fn others(&self) -> impl Iterator<Item = PartyKind> {
        std::iter::once(&self.remote).chain(self.joined.values()).cloned()
    }

    fn own(&self) -> PartyKind {
        PartyKind::Device(self.device.clone())
    }

    fn caller(&self) -> PartyKind {
        if self.is_inbound { self.remote.clone() } else { self.own() }
    }
}

/// The party at the other end; `None` if the contact does not name one.
fn remote(contact: &CallContact, is_inbound: bool) -> Option<PartyKind> {
    let number = if is_inbound { &contact.ani } else { &contact.dnis };
    Number::new(number).ok().map(PartyKind::Outside)
}

/// The call ID. It is short enough: a contact ID has at most 32 digits and a phone 64 bytes.
fn call_id(device: &DeviceId, contact: &CallContact) -> CallId {
    let id = format!("{device}:{}", contact.id);
    CallId::new(&id).unwrap_or_else(|_| unreachable!("{id} is short and has no control character"))
}

/// The queue whose ID or name is that of MAX's skill.
fn queue(floor: &Floor, skill: &str) -> Option<QueueId> {
    let named =
        |queue: &&model::QueuePlan| queue.id.as_str() == skill || queue.name.eq_ignore_ascii_case(skill);
    floor.queues.iter().find(named).map(|queue| queue.id.clone())
}

/// The dialed number if neither MAX nor the phone has one.
fn nothing() -> Number {
    Number::new("0").unwrap_or_else(|_| unreachable!("a digit is a valid number"))
}
