//! How a party's state changes, and what the party does by itself in it.

use model::{CallId, DeviceId, PartyKind};

use super::{Alarm, Call, Connection, State, Switch};
use crate::{Error, line::ms, outside::Reply};

impl Switch {
    /// Puts a party into a state and winds its alarm. Patience goes on through all states of waiting.
    pub(crate) fn set_state(&mut self, call: &CallId, at: &PartyKind, state: State) {
        let found = self.calls.get_mut(call).and_then(|found| found.connection_mut(at));
        let Some(connection) = found else { return };
        let before = std::mem::replace(&mut connection.state, state);
        if !(before.waits() && state.waits()) {
            self.rewind(call, at);
        }
        if before.is_engaged() && !state.is_engaged() {
            self.set_free(at);
        }
    }

    /// Sets a party's alarm as its state asks for.
    pub(crate) fn rewind(&mut self, call: &CallId, at: &PartyKind) {
        let Some(found) = self.calls.get(call) else { return };
        let Some(connection) = found.connection(at) else { return };
        let (before, after_ms) = (connection.alarm, self.acts_after_ms(found, connection));
        if let Some(before) = before {
            self.clock.cancel(before);
        }
        let alarm = || Alarm::Party { call: call.clone(), at: at.clone() };
        let key = after_ms.map(|after_ms| self.clock.set(self.now + ms(after_ms), alarm()));
        self.note_alarm(call, at, key);
    }

    /// After how long a party does something by itself. Milliseconds.
    fn acts_after_ms(&self, call: &Call, connection: &Connection) -> Option<u64> {
        match connection.state {
            State::Reaching => Some(self.config.delivery_ms),
            State::Initiated | State::Queued => connection.habits.patience_ms,
            State::Alerting => self.rings_for_ms(call, connection),
            State::Connected => connection.habits.talk_ms,
            State::Held => None,
        }
    }

    fn rings_for_ms(&self, call: &Call, connection: &Connection) -> Option<u64> {
        match &connection.party.at {
            PartyKind::Device(device) => call.answer_after_ms.or_else(|| self.auto_answer_ms(device)),
            PartyKind::Outside(_) | PartyKind::Withheld => match connection.habits.reply {
                Some(Reply::Answers { after_ms }) => Some(after_ms),
                Some(Reply::NeverAnswers) => Some(self.outside.no_answer_ms),
                Some(Reply::Busy | Reply::Invalid) | None => None,
            },
        }
    }

    fn auto_answer_ms(&self, device: &DeviceId) -> Option<u64> {
        self.phones.get(device).filter(|phone| phone.auto).map(|_| self.config.auto_answer_ms)
    }

    fn note_alarm(&mut self, call: &CallId, at: &PartyKind, key: Option<crate::clock::AlarmKey>) {
        if let Some(connection) = self.calls.get_mut(call).and_then(|found| found.connection_mut(at)) {
            connection.alarm = key;
        }
    }

    /// A phone may take another call: what rings there may be answered.
    pub(super) fn set_free(&mut self, at: &PartyKind) {
        if let PartyKind::Device(device) = at {
            self.rewind_rings(device);
        }
    }

    /// A party's alarm goes off.
    pub(super) fn moment(&mut self, call: &CallId, at: &PartyKind) {
        self.note_alarm(call, at, None);
        let Ok(state) = self.state_of(call, at) else { return };
        match state {
            State::Reaching => self.arrive(call, at),
            State::Alerting => self.stop_ringing(call, at),
            State::Initiated | State::Queued | State::Connected => self.hang_up(call, at),
            State::Held => {}
        }
    }

    /// Answers, unless the party never does. An engaged phone goes on ringing.
    fn stop_ringing(&mut self, call: &CallId, at: &PartyKind) {
        let reply = self.calls.get(call).and_then(|found| found.connection(at)).and_then(|c| c.habits.reply);
        let free = match at {
            PartyKind::Device(device) => self.check_free(device).is_ok(),
            PartyKind::Outside(_) | PartyKind::Withheld => true,
        };
        if reply == Some(Reply::NeverAnswers) {
            self.clear(call, at, model::Cause::NoAnswer);
        } else if free {
            self.pick_up(call, at);
        }
    }

    /// How a party is connected to a call.
    pub(crate) fn state_of(&self, call: &CallId, at: &PartyKind) -> Result<State, Error> {
        let found = self.known_call(call)?.connection(at);
        let missing = || Error::NotInCall { party: at.clone(), call: call.clone() };
        found.map(|connection| connection.state).ok_or_else(missing)
    }

    /// Refuses when a party is not connected as `fits` wants it; `expected` says that in words.
    pub(crate) fn expect(
        &self,
        call: &CallId,
        at: &PartyKind,
        expected: &'static str,
        fits: impl Fn(State) -> bool,
    ) -> Result<(), Error> {
        let state = self.state_of(call, at)?;
        if fits(state) {
            return Ok(());
        }
        Err(Error::WrongState { party: at.clone(), call: call.clone(), state, expected })
    }
}
