//! How parties leave, and what becomes of those they leave behind.

use model::{CallId, Cause, PartyKind, SwitchEvent};

use super::{Connection, State, Switch};

impl Switch {
    /// A party hangs up: it refuses when it is rung, abandons when it waits.
    pub(crate) fn hang_up(&mut self, call: &CallId, at: &PartyKind) {
        let Ok(state) = self.state_of(call, at) else { return };
        match state {
            State::Reaching | State::Alerting => self.refuse(call, at),
            State::Initiated | State::Queued => self.clear(call, at, Cause::Abandoned),
            State::Connected | State::Held => self.clear(call, at, Cause::Normal),
        }
    }

    /// A party refuses what rings. What came out of a queue goes back there.
    fn refuse(&mut self, call: &CallId, at: &PartyKind) {
        let found = self.calls.get(call);
        let through =
            found.and_then(|found| found.connection(at)).and_then(|connection| connection.through.clone());
        let Some((queue, waiting)) = through.zip(self.waiting_for(call, at)) else {
            return self.clear(call, at, Cause::Rejected);
        };
        self.take_ring_away(call, at, Cause::Rejected);
        self.wait_in(call, &waiting, queue);
    }

    /// Who alone waits for `at` to answer.
    pub(crate) fn waiting_for(&self, call: &CallId, at: &PartyKind) -> Option<PartyKind> {
        let mut others = self.calls.get(call)?.others(at);
        let (first, second) = (others.next()?, others.next());
        (second.is_none() && first.state.waits()).then(|| first.party.at.clone())
    }

    /// Stops calling a party; the others wait on.
    pub(crate) fn take_ring_away(&mut self, call: &CallId, at: &PartyKind, cause: Cause) {
        if let Some(gone) = self.take_out(call, at) {
            self.tell_cleared(call, &gone, cause);
        }
    }

    /// Takes a party out and says so; ends the call when nobody has a reason to stay.
    pub(crate) fn clear(&mut self, call: &CallId, at: &PartyKind, cause: Cause) {
        let Some(gone) = self.take_out(call, at) else { return };
        self.tell_cleared(call, &gone, cause);
        self.shrink(call, cause);
    }

    /// Ends the call when nobody has a reason to stay.
    pub(crate) fn shrink(&mut self, call: &CallId, cause: Cause) {
        if self.calls.get(call).is_none_or(|found| found.goes_on()) {
            return;
        }
        while let Some(next) = self.calls.get(call).and_then(|found| found.connections.first()) {
            let at = next.party.at.clone();
            if let Some(gone) = self.take_out(call, &at) {
                self.tell_left_alone(call, &gone, cause);
            }
        }
        self.calls.remove(call);
    }

    /// Takes a party out without a word.
    pub(crate) fn take_out(&mut self, call: &CallId, at: &PartyKind) -> Option<Connection> {
        let mut gone = self.calls.get_mut(call)?.remove(at)?;
        if let Some(alarm) = gone.alarm.take() {
            self.clock.cancel(alarm);
        }
        self.forget_at_phone(call, at);
        if gone.state.is_engaged() {
            self.set_free(at);
        }
        Some(gone)
    }

    fn forget_at_phone(&mut self, call: &CallId, at: &PartyKind) {
        if let PartyKind::Device(device) = at
            && let Some(phone) = self.phones.get_mut(device)
        {
            phone.calls.retain(|known| known != call);
        }
    }

    /// Says that a party is out. Of one that was not reached, and of a call that reached nobody, nobody has heard.
    fn tell_cleared(&mut self, call: &CallId, gone: &Connection, cause: Cause) {
        if gone.state.told().is_some() && self.calls.get(call).is_some_and(|found| found.told) {
            let at = gone.party.at.clone();
            self.tell(SwitchEvent::ConnectionCleared { call: call.clone(), at, cause });
        }
    }

    /// Says that the last party is out: a phone whose call nobody ever answered has dialled in vain.
    fn tell_left_alone(&mut self, call: &CallId, gone: &Connection, cause: Cause) {
        let answered = self.calls.get(call).is_some_and(|found| found.answered);
        match &gone.party.at {
            PartyKind::Device(device) if gone.state == State::Initiated && !answered => {
                let device = device.clone();
                self.tell(SwitchEvent::Failed { call: call.clone(), device, cause });
            }
            PartyKind::Device(_) | PartyKind::Outside(_) | PartyKind::Withheld => {
                self.tell_cleared(call, gone, cause);
            }
        }
    }
}
