//! MAX's calls as calls of a switch.

use model::{
    CallId, Cause, Data, DeviceId, Floor, Number, Party, PartyKind, QueueId, SwitchEvent,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};
use session::Projection;

use crate::wire::{CallContact, Status};

/// A call of MAX at the agent's phone.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: CallId,
    pub(super) status: Status,
    pub(super) is_recorded: bool,
    device: DeviceId,
    remote: PartyKind,
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
    /// Creates a call that the hub does not know yet. Its ID contains the phone, because contact IDs are only valid for one agent's MAX.
    pub(super) fn new(contact: &CallContact, device: &DeviceId, projection: Option<&Projection>) -> Self {
        let remote = if contact.is_inbound { &contact.ani } else { &contact.dnis };
        Self {
            id: call_id(device, contact),
            status: contact.status,
            is_recorded: contact.is_recorded,
            device: device.clone(),
            remote: Number::new(remote).map_or(PartyKind::Withheld, PartyKind::Outside),
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
        CallPicture {
            call: self.id.clone(),
            queue: self.queue.clone(),
            caller: Party::new(self.caller()),
            dialled: self.dialled.clone(),
            linked: None,
            data: self.data.clone(),
            connections: vec![connection(self.own(), own), connection(self.remote.clone(), other)],
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
                linked: None,
                data: self.data.clone(),
            })];
        }
        vec![SwitchEvent::Originated {
            call: self.id.clone(),
            device: self.device.clone(),
            to: Party::new(self.remote.clone()),
            linked: None,
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

    /// Clears both connections, the other end first. Otherwise an agent whose phone alone stops ringing would count as not answering.
    fn clear(&self, cause: Cause) -> Vec<SwitchEvent> {
        let out = |at| SwitchEvent::ConnectionCleared { call: self.id.clone(), at, cause };
        vec![out(self.remote.clone()), out(self.own())]
    }

    fn own(&self) -> PartyKind {
        PartyKind::Device(self.device.clone())
    }

    fn caller(&self) -> PartyKind {
        if self.is_inbound { self.remote.clone() } else { self.own() }
    }
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
