//! The softphone's calls, reported by three events that may come twice or in another order (uwq.md §5.6, §6.4).

use std::collections::{BTreeMap, BTreeSet};

use model::{
    CallId, Cause, Data, DeviceId, Number, Party, PartyKind, SwitchEvent, Timestamp,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};
use session::{Recent, Timers};

use crate::wire::limits::{CALLS_PER_PHONE_MAX, CALLS_REMEMBERED_MAX};

/// One call at one phone.
#[derive(Debug)]
pub(super) struct Call {
    device: DeviceId,
    remote: PartyKind,
    /// Whether the hub requested the call.
    outgoing: bool,
    dialled: Number,
    data: Data,
    established: bool,
    /// The number of the announcement, to find the oldest call of a phone.
    order: u64,
}

/// What is known of a call that is not live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PastState {
    /// It was answered before its screen pop arrived.
    Early,
    /// It has ended. Later events are ignored.
    Over,
    /// It was given up because it was not announced in time. It may be announced again.
    Lost,
}

/// The softphone's calls.
#[derive(Debug)]
pub(super) struct Calls {
    live: BTreeMap<CallId, Call>,
    past: Recent<CallId, PastState>,
    announced: u64,
    /// Live calls that a restarted softphone must announce again, with their time limits.
    expected: Timers<CallId>,
    /// Live calls of the agent who is logging in that were not announced again yet.
    to_announce: BTreeSet<CallId>,
}

impl Calls {
    pub(super) fn held(&self) -> usize {
        self.live.len() + self.past.len()
    }

    /// Whether a screen pop contains nothing new. `again`: it is marked as repeated.
    pub(super) fn is_known(&self, id: &CallId, again: bool) -> bool {
        let is_over = |past: &PastState| match past {
            PastState::Early => false,
            PastState::Over => true,
            PastState::Lost => !again,
        };
        self.live.contains_key(id) || self.past.get(id).is_some_and(is_over)
    }

    pub(super) fn announced_again(&mut self, id: &CallId) {
        self.expected.cancel(id);
        self.to_announce.remove(id);
    }

    /// Adds a call that was announced.
    pub(super) fn popped(&mut self, id: CallId, mut call: Call) -> Vec<SwitchEvent> {
        let mut events = self.make_room(&call.device);
        self.announced += 1;
        call.order = self.announced;
        events.extend(call.announce(&id));
        self.live.insert(id.clone(), call);
        if self.past.remove(&id) == Some(PastState::Early) {
            events.extend(self.established(&id));
        }
        events
    }

    /// A call was answered.
    pub(super) fn established(&mut self, id: &CallId) -> Vec<SwitchEvent> {
        match self.live.get_mut(id) {
            Some(call) if call.established => Vec::new(),
            Some(call) => {
                call.established = true;
                let at = if call.outgoing { call.remote.clone() } else { call.phone() };
                vec![SwitchEvent::Established { call: id.clone(), at }]
            }
            None => {
                if !self.past.contains(id) {
                    self.past.put(id.clone(), PastState::Early);
                }
                Vec::new()
            }
        }
    }

    /// A call has ended.
    pub(super) fn released(&mut self, id: &CallId) -> Vec<SwitchEvent> {
        self.expected.cancel(id);
        self.past.put(id.clone(), PastState::Over);
        self.live.remove(id).map(|call| call.end(id)).unwrap_or_default()
    }

    /// All live calls.
    pub(super) fn pictures(&self) -> Vec<CallPicture> {
        self.live.iter().map(|(id, call)| call.picture(id)).collect()
    }

    /// The softphone has restarted. It has until `until` to announce the calls that are still live.
    pub(super) fn expect_again(&mut self, until: Timestamp) {
        self.live.keys().for_each(|id| self.expected.set(id.clone(), until));
    }

    /// An agent logs in: the softphone announces the live calls of that phone again, perhaps before it answers.
    pub(super) fn logging_in_at(&mut self, device: &DeviceId) {
        let live = self.live.iter().filter(|(_, call)| call.device == *device);
        self.to_announce = live.map(|(id, _)| id.clone()).collect();
    }

    /// The agent is logged in. The softphone has until `until` to announce the remaining calls.
    pub(super) fn logged_in(&mut self, until: Timestamp) {
        for id in std::mem::take(&mut self.to_announce).into_iter().filter(|id| self.live.contains_key(id)) {
            self.expected.set(id, until);
        }
    }

    pub(super) fn unannounced_at(&self) -> Option<Timestamp> {
        self.expected.next().map(|(until, _)| until)
    }

    /// Removes the calls that were not announced in time.
    pub(super) fn take_unannounced(&mut self, now: Timestamp) -> Vec<SwitchEvent> {
        let mut events = Vec::new();
        while let Some(id) = self.expected.take(now) {
            events.extend(self.lose(&id));
        }
        events
    }

    /// Makes room at a phone with too many calls. The oldest one must have ended without an event.
    fn make_room(&mut self, device: &DeviceId) -> Vec<SwitchEvent> {
        let at_phone = self.live.iter().filter(|(_, call)| call.device == *device);
        let mut ids: Vec<(u64, CallId)> = at_phone.map(|(id, call)| (call.order, id.clone())).collect();
        if ids.len() < CALLS_PER_PHONE_MAX {
            return Vec::new();
        }
        ids.sort_unstable();
        ids.first().map(|(_, id)| self.lose(id)).unwrap_or_default()
    }

    fn lose(&mut self, id: &CallId) -> Vec<SwitchEvent> {
        self.expected.cancel(id);
        self.past.put(id.clone(), PastState::Lost);
        self.live.remove(id).map(|call| call.clear(id, Cause::Lost)).unwrap_or_default()
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            live: BTreeMap::new(),
            past: Recent::new(CALLS_REMEMBERED_MAX),
            announced: 0,
            expected: Timers::default(),
            to_announce: BTreeSet::new(),
        }
    }
}

impl Call {
    pub(super) fn new(
        device: DeviceId,
        remote: PartyKind,
        outgoing: bool,
        dialled: Number,
        data: Data,
    ) -> Self {
        Self { device, remote, outgoing, dialled, data, established: false, order: 0 }
    }

    fn phone(&self) -> PartyKind {
        PartyKind::Device(self.device.clone())
    }

    fn caller(&self) -> PartyKind {
        if self.outgoing { self.phone() } else { self.remote.clone() }
    }

    fn called(&self) -> PartyKind {
        if self.outgoing { self.remote.clone() } else { self.phone() }
    }

    /// The events for the start of the call: it rings at the phone, or the phone has dialed and the other end rings.
    fn announce(&self, id: &CallId) -> Vec<SwitchEvent> {
        let mut events = Vec::new();
        if self.outgoing {
            events.push(SwitchEvent::Originated {
                call: id.clone(),
                device: self.device.clone(),
                to: Party::new(self.remote.clone()),
                linked: None,
                data: self.data.clone(),
            });
        }
        events.push(SwitchEvent::Delivered(Delivery {
            call: id.clone(),
            at: self.called(),
            caller: Party::new(self.caller()),
            dialled: self.dialled.clone(),
            queue: None,
            linked: None,
            data: self.data.clone(),
        }));
        events
    }

    /// The events for the end of the call. The protocol does not say who hung up. A called agent's phone must be reported as no longer ringing.
    fn end(&self, id: &CallId) -> Vec<SwitchEvent> {
        let cause = Cause::NoAnswer;
        match (self.outgoing, self.established) {
            (true, false) => {
                let (call, device) = (id.clone(), self.device.clone());
                let failed = SwitchEvent::Failed { call: call.clone(), device, cause };
                let is_agent = matches!(self.remote, PartyKind::Device(_));
                let cleared =
                    is_agent.then(|| SwitchEvent::ConnectionCleared { call, at: self.remote.clone(), cause });
                cleared.into_iter().chain([failed]).collect()
            }
            (false, false) => self.clear(id, Cause::Abandoned),
            (_, true) => self.clear(id, Cause::Normal),
        }
    }

    /// Clears both connections, the other end first. Otherwise an agent whose phone alone stops ringing would count as not answering.
    fn clear(&self, id: &CallId, cause: Cause) -> Vec<SwitchEvent> {
        let out = |at| SwitchEvent::ConnectionCleared { call: id.clone(), at, cause };
        vec![out(self.remote.clone()), out(self.phone())]
    }

    fn picture(&self, id: &CallId) -> CallPicture {
        let (calling, called) = match self.established {
            true => (ConnectionState::Connected, ConnectionState::Connected),
            false => (ConnectionState::Initiated, ConnectionState::Alerting),
        };
        let connection = |at, state| ConnectionPicture { party: Party::new(at), state };
        CallPicture {
            call: id.clone(),
            queue: None,
            caller: Party::new(self.caller()),
            dialled: self.dialled.clone(),
            linked: None,
            data: self.data.clone(),
            connections: vec![connection(self.caller(), calling), connection(self.called(), called)],
        }
    }
}
