//! A listener that reconstructs the calls from the events alone.

use std::collections::BTreeMap;

use model::{
    CallId, Data, Number, Party, PartyKind, QueueId, SwitchEvent,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};

/// The calls according to the events.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    pub(crate) calls: BTreeMap<CallId, CallPicture>,
}

impl Follower {
    pub(crate) fn apply(&mut self, event: &SwitchEvent) {
        match event {
            SwitchEvent::LinkUp { calls, .. } => {
                self.calls = calls.iter().map(|call| (call.call.clone(), call.clone())).collect();
            }
            SwitchEvent::LinkDown { .. } | SwitchEvent::PhonesListed { .. } => {}
            SwitchEvent::Queued { call, queue, caller, dialled, linked, data, priority: _ } => {
                self.begin(call, caller, dialled, linked.as_ref(), data);
                self.queue(call, &caller.at, queue);
            }
            SwitchEvent::Originated { call, device, linked, data, to } => {
                let caller = Party::new(PartyKind::Device(device.clone()));
                let dialled = Number::new(to.at.number().unwrap()).unwrap();
                self.begin(call, &caller, &dialled, linked.as_ref(), data);
            }
            SwitchEvent::Offered(delivery) | SwitchEvent::Delivered(delivery) => self.deliver(delivery),
            SwitchEvent::Established { call, at } => self.establish(call, at),
            SwitchEvent::Held { call, device } => {
                self.set(call, &PartyKind::Device(device.clone()), ConnectionState::Held);
            }
            SwitchEvent::Retrieved { call, device } => {
                self.set(call, &PartyKind::Device(device.clone()), ConnectionState::Connected);
            }
            SwitchEvent::Transferred { device, primary, consult, into, parties } => {
                let at = PartyKind::Device(device.clone());
                self.join(primary, consult.as_ref(), into, parties);
                self.remove(into, &at);
                self.dial_on(into);
            }
            SwitchEvent::Conferenced { device, primary, consult, into, parties } => {
                self.join(primary, Some(consult), into, parties);
                self.set(into, &PartyKind::Device(device.clone()), ConnectionState::Connected);
            }
            SwitchEvent::ConnectionCleared { call, at, .. } => self.remove(call, at),
            SwitchEvent::Failed { call, device, .. } => self.remove(call, &PartyKind::Device(device.clone())),
            SwitchEvent::RecordingStarted { .. }
            | SwitchEvent::CallInformation { .. }
            | SwitchEvent::AgentRefused { .. } => {}
        }
    }

    fn begin(
        &mut self,
        call: &CallId,
        caller: &Party,
        dialled: &Number,
        linked: Option<&CallId>,
        data: &Data,
    ) {
        self.calls.entry(call.clone()).or_insert_with(|| CallPicture {
            call: call.clone(),
            queue: None,
            caller: caller.clone(),
            dialled: dialled.clone(),
            linked: linked.cloned(),
            data: data.clone(),
            connections: vec![ConnectionPicture { party: caller.clone(), state: ConnectionState::Initiated }],
        });
    }

    fn queue(&mut self, call: &CallId, who: &PartyKind, queue: &QueueId) {
        self.known(call).queue = Some(queue.clone());
        self.set(call, who, ConnectionState::Queued);
    }

    fn deliver(&mut self, delivery: &Delivery) {
        let Delivery { call, at, caller, dialled, linked, data, queue: _ } = delivery;
        self.begin(call, caller, dialled, linked.as_ref(), data);
        let found = self.known(call);
        let queued = found.connections.iter_mut().filter(|place| place.state == ConnectionState::Queued);
        queued.for_each(|place| place.state = ConnectionState::Initiated);
        let party = Party::new(at.clone());
        found.connections.push(ConnectionPicture { party, state: ConnectionState::Alerting });
    }

    fn establish(&mut self, call: &CallId, at: &PartyKind) {
        for place in &mut self.known(call).connections {
            let dialling = matches!(place.state, ConnectionState::Initiated | ConnectionState::Queued);
            if dialling || place.party.at == *at {
                place.state = ConnectionState::Connected;
            }
        }
    }

    fn join(&mut self, primary: &CallId, consult: Option<&CallId>, into: &CallId, parties: &[Party]) {
        assert_eq!(primary, into, "the customer's call goes on");
        if let Some(moved) = consult.and_then(|consult| self.calls.remove(consult)) {
            let here = &mut self.known(into).connections;
            here.extend(moved.connections.into_iter().filter(|place| parties.contains(&place.party)));
            let mut seen: Vec<PartyKind> = Vec::new();
            here.retain(|place| {
                let first = !seen.contains(&place.party.at);
                seen.push(place.party.at.clone());
                first
            });
        }
        let missing =
            parties.iter().filter(|party| !self.calls[into].connections.iter().any(|c| c.party == **party));
        assert_eq!(missing.count(), 0, "{parties:?} are all known");
    }

    /// A party that is left alone by a transfer waits for an answer.
    fn dial_on(&mut self, call: &CallId) {
        let talks = |place: &ConnectionPicture| {
            matches!(place.state, ConnectionState::Connected | ConnectionState::Held)
        };
        let connections = &mut self.known(call).connections;
        if connections.iter().filter(|place| talks(place)).count() == 1 {
            let connected = connections.iter_mut().filter(|place| place.state == ConnectionState::Connected);
            connected.for_each(|place| place.state = ConnectionState::Initiated);
        }
    }

    fn set(&mut self, call: &CallId, at: &PartyKind, state: ConnectionState) {
        let place = self.known(call).connections.iter_mut().find(|place| place.party.at == *at);
        place.unwrap_or_else(|| panic!("{at:?} is not in {call}")).state = state;
    }

    fn remove(&mut self, call: &CallId, at: &PartyKind) {
        let found = self.known(call);
        found.connections.retain(|place| place.party.at != *at);
        let caller_left = found.caller.at == *at;
        let there = found.connections.iter().find(|place| place.state != ConnectionState::Alerting);
        match there.or(found.connections.first()) {
            Some(first) if caller_left => found.caller = first.party.clone(),
            Some(_) => {}
            None => drop(self.calls.remove(call)),
        }
    }

    fn known(&mut self, call: &CallId) -> &mut CallPicture {
        self.calls.get_mut(call).unwrap_or_else(|| panic!("nobody has told of {call}"))
    }
}
