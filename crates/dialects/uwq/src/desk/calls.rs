//! The softphone's calls, told by three events that may come twice or in another order (uwq.md §5.6, §6.4).

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
    /// We asked for it.
    outgoing: bool,
    dialled: Number,
    data: Data,
    established: bool,
    /// Counts announcements, so that the oldest call of a phone is known.
    order: u64,
}

/// What came of a call before, or without, its screen pop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Past {
    /// It was answered; the screen pop is yet to come.
    Early,
    /// It is over; whatever else comes of it is late.
    Over,
    /// It was given up because it was not announced in time: it may be announced again.
    Lost,
}

/// The softphone's calls.
#[derive(Debug)]
pub(super) struct Calls {
    live: BTreeMap<CallId, Call>,
    past: Recent<CallId, Past>,
    announced: u64,
    /// Calls that a softphone which was started again has yet to announce, and until when.
    expected: Timers<CallId>,
    /// Calls of the agent who is being logged in that were not announced since.
    to_announce: BTreeSet<CallId>,
}

impl Calls {
    pub(super) fn held(&self) -> usize {
        self.live.len() + self.past.len()
    }

    /// Whether a screen pop of a call would tell nothing; `again`: it says that it is not the first one.
    pub(super) fn is_known(&self, id: &CallId, again: bool) -> bool {
        let is_over = |past: &Past| match past {
            Past::Early => false,
            Past::Over => true,
            Past::Lost => !again,
        };
        self.live.contains_key(id) || self.past.get(id).is_some_and(is_over)
    }

    pub(super) fn announced_again(&mut self, id: &CallId) {
        self.expected.cancel(id);
        self.to_announce.remove(id);
    }

    /// There is another call.
    pub(super) fn popped(&mut self, id: CallId, mut call: Call) -> Vec<SwitchEvent> {
        let mut events = self.make_room(&call.device);
        self.announced += 1;
        call.order = self.announced;
        events.extend(call.announce(&id));
        self.live.insert(id.clone(), call);
        if self.past.remove(&id) == Some(Past::Early) {
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
                    self.past.put(id.clone(), Past::Early);
                }
                Vec::new()
            }
        }
    }

    /// A call is over.
    pub(super) fn released(&mut self, id: &CallId) -> Vec<SwitchEvent> {
        self.expected.cancel(id);
        self.past.put(id.clone(), Past::Over);
        self.live.remove(id).map(|call| call.end(id)).unwrap_or_default()
    }

    /// Every call there is.
    pub(super) fn pictures(&self) -> Vec<CallPicture> {
        self.live.iter().map(|(id, call)| call.picture(id)).collect()
    }

    /// The softphone was started again: it has until then to announce the calls that live on.
    pub(super) fn expect_again(&mut self, until: Timestamp) {
        self.live.keys().for_each(|id| self.expected.set(id.clone(), until));
    }

    /// An agent is being logged in: the softphone announces the calls of the agent's phone that live on, perhaps before it answers.
    pub(super) fn logging_in_at(&mut self, device: &DeviceId) {
        let live = self.live.iter().filter(|(_, call)| call.device == *device);
        self.to_announce = live.map(|(id, _)| id.clone()).collect();
    }

    /// The agent is logged in: the softphone has until then to announce what it has not yet.
    pub(super) fn logged_in(&mut self, until: Timestamp) {
        for id in std::mem::take(&mut self.to_announce).into_iter().filter(|id| self.live.contains_key(id)) {
            self.expected.set(id, until);
        }
    }

    pub(super) fn unannounced_at(&self) -> Option<Timestamp> {
        self.expected.next().map(|(until, _)| until)
    }

    /// Takes the calls out that were not announced in time.
    pub(super) fn take_unannounced(&mut self, now: Timestamp) -> Vec<SwitchEvent> {
        let mut events = Vec::new();
        while let Some(id) = self.expected.take(now) {
            events.extend(self.lose(&id));
        }
        events
    }

    /// A phone has only so many calls: the oldest one must be over, and its end was missed.
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
        self.past.put(id.clone(), Past::Lost);
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

    /// The call begins: somebody rings at the phone, or the phone has dialled and the other end rings.
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

    /// The protocol does not say who hung up. An agent who was called has to be told that the phone rings no longer.
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

    /// Both are out, the other end first: an agent whose phone alone stopped to ring would seem not to have answered.
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
