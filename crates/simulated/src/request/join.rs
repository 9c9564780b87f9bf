//! TransferCall and ConferenceCall: two calls of a phone become one.
//!
//! The customer's call is the one that goes on: it keeps its id, its data and its queue.

use model::{CallId, DeviceId, PartyKind, QueueId, SwitchEvent};

use super::phone;
use crate::{Error, State, switch::Switch};

impl Switch {
    /// Joins the others of both calls; the phone leaves. The one consulted may still ring, or the consult call wait in a queue.
    pub(super) fn transfer(
        &mut self,
        device: DeviceId,
        primary: CallId,
        consult: CallId,
    ) -> Result<(), Error> {
        let at = phone(&device);
        self.expect(&primary, &at, "talking or on hold", State::has_talked)?;
        self.expect(&consult, &at, "talking, on hold, dialling or waiting", |state| !state.is_called())?;
        self.check_join(&at, &primary, &consult)?;
        self.check_stay(&at, [&primary, &consult])?;
        let queue = self.queue_of(&consult, &at)?;
        if queue.is_some() {
            self.check_alone(&primary, &at)?;
        }
        self.take_out(&primary, &at);
        self.take_out(&consult, &at);
        self.merge(&consult, &primary);
        self.wait_on(&primary);
        self.tell_transferred(device, &primary, Some(consult));
        self.resume_waiting(&primary, queue);
        Ok(())
    }

    /// Joins all of both calls. One of them has to talk, the other to be parked.
    pub(super) fn conference(
        &mut self,
        device: DeviceId,
        primary: CallId,
        consult: CallId,
    ) -> Result<(), Error> {
        let at = phone(&device);
        self.expect(&primary, &at, "talking or on hold", State::has_talked)?;
        self.expect(&consult, &at, "talking or on hold", State::has_talked)?;
        self.check_join(&at, &primary, &consult)?;
        if self.state_of(&primary, &at)? == self.state_of(&consult, &at)? {
            self.check_free(&device)?;
        }
        self.take_out(&consult, &at);
        self.merge(&consult, &primary);
        self.set_state(&primary, &at, State::Connected);
        let parties = self.known_call(&primary)?.parties();
        let into = primary.clone();
        self.tell(SwitchEvent::Conferenced { device, primary, consult, into, parties });
        Ok(())
    }

    /// Has those wait who talked to nobody but the one who left.
    pub(super) fn wait_on(&mut self, call: &CallId) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.answered = true;
        let mut talking = found.connections.iter().filter(|connection| connection.state.has_talked());
        if let (Some(one), None) = (talking.next(), talking.next())
            && one.state == State::Connected
        {
            let at = one.party.at.clone();
            self.set_state(call, &at, State::Initiated);
        }
    }

    pub(super) fn tell_transferred(&mut self, device: DeviceId, primary: &CallId, consult: Option<CallId>) {
        let parties = self.calls.get(primary).map(|found| found.parties()).unwrap_or_default();
        let (primary, into) = (primary.clone(), primary.clone());
        self.tell(SwitchEvent::Transferred { device, primary, consult, into, parties });
    }

    /// Refuses when nobody but the one who leaves talks in any of the calls.
    pub(super) fn check_stay<'a>(
        &self,
        leaving: &PartyKind,
        calls: impl IntoIterator<Item = &'a CallId>,
    ) -> Result<(), Error> {
        let known = calls.into_iter().map(|call| self.known_call(call)).collect::<Result<Vec<_>, _>>()?;
        let mut staying = known.iter().flat_map(|call| call.others(leaving));
        let somebody = staying.any(|other| other.state.has_talked());
        if somebody { Ok(()) } else { Err(Error::NobodyStays(leaving.clone())) }
    }

    /// Refuses unless two different calls have room for each other and nobody but `at` in common.
    fn check_join(&self, at: &PartyKind, primary: &CallId, consult: &CallId) -> Result<(), Error> {
        if primary == consult {
            return Err(Error::SameCall(primary.clone()));
        }
        let (into, from) = (self.known_call(primary)?, self.known_call(consult)?);
        self.check_parties(into, from.others(at).count())?;
        from.others(at).try_for_each(|other| self.check_absent(primary, &other.party.at))
    }

    /// The queue in which a party waits.
    fn queue_of(&self, call: &CallId, at: &PartyKind) -> Result<Option<QueueId>, Error> {
        let found = self.known_call(call)?;
        let waits = found.connection(at).is_some_and(|connection| connection.state == State::Queued);
        Ok(found.queue.clone().filter(|_| waits))
    }

    /// Moves everybody of one call into another, each in the state that it has.
    fn merge(&mut self, from: &CallId, into: &CallId) {
        while let Some(next) = self.calls.get(from).and_then(|found| found.connections.first()) {
            let at = next.party.at.clone();
            if let Some(connection) = self.take_out(from, &at) {
                self.put(into, connection);
            }
        }
        self.calls.remove(from);
    }

    /// Puts the one who is left into the queue in which the one who left had waited.
    fn resume_waiting(&mut self, call: &CallId, queue: Option<QueueId>) {
        let Some(queue) = queue else { return };
        let only = self.calls.get(call).and_then(|found| found.connections.first());
        if let Some(at) = only.map(|connection| connection.party.at.clone()) {
            self.wait_in(call, &at, queue);
        }
    }
}
