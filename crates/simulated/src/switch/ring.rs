//! How a call gets to somebody: it rings, or waits in a queue, until somebody picks up.

use model::{CallId, Cause, Party, PartyKind, QueueId, SwitchEvent};

use super::{Connection, Habits, State, Switch};
use crate::{outside::Reply, target::Target};

impl Switch {
    /// Sends a call to where a dialled number leads. `from` is the one who will wait there for an answer.
    pub(crate) fn send(&mut self, call: &CallId, from: &PartyKind, target: Target) {
        match target {
            Target::Device(device) => self.ring(call, PartyKind::Device(device), Habits::default(), None),
            Target::Outside(number, behaviour) => {
                let habits =
                    Habits { reply: Some(behaviour.reply), talk_ms: behaviour.talk_ms, patience_ms: None };
                self.ring(call, PartyKind::Outside(number), habits, None);
            }
            Target::Queue(queue) => self.wait_in(call, from, queue),
        }
    }

    /// Begins to call a party; it rings when the call has reached it.
    pub(crate) fn ring(&mut self, call: &CallId, at: PartyKind, habits: Habits, through: Option<QueueId>) {
        let mut connection = Connection::new(Party::new(at.clone()), State::Reaching, habits);
        connection.through = through;
        self.put(call, connection);
    }

    /// Takes a party into a call, in the state that it has.
    pub(crate) fn put(&mut self, call: &CallId, connection: Connection) {
        let Some(found) = self.calls.get_mut(call) else { return };
        let at = connection.party.at.clone();
        found.connections.push(connection);
        self.note_at_phone(call, &at);
        self.rewind(call, &at);
    }

    /// Has a party wait in a queue.
    pub(crate) fn wait_in(&mut self, call: &CallId, who: &PartyKind, queue: QueueId) {
        self.set_state(call, who, State::Queued);
        let Some(found) = self.calls.get_mut(call) else { return };
        found.told = true;
        found.queue = Some(queue.clone());
        let queued = SwitchEvent::Queued {
            call: call.clone(),
            queue,
            caller: found.caller.clone(),
            dialled: found.dialled.clone(),
            priority: None,
            linked: found.linked.clone(),
            data: found.data.clone(),
        };
        self.tell(queued);
    }

    /// A call has reached a party: it rings, or comes to nothing.
    pub(super) fn arrive(&mut self, call: &CallId, at: &PartyKind) {
        let Some(connection) = self.calls.get(call).and_then(|found| found.connection(at)) else { return };
        match connection.habits.reply {
            Some(Reply::Busy) => self.clear(call, at, Cause::Busy),
            Some(Reply::Invalid) => self.clear(call, at, Cause::InvalidNumber),
            Some(Reply::Answers { .. } | Reply::NeverAnswers) | None => self.deliver(call, at),
        }
    }

    fn deliver(&mut self, call: &CallId, at: &PartyKind) {
        self.set_state(call, at, State::Alerting);
        let Some(found) = self.calls.get_mut(call) else { return };
        found.told = true;
        let Some(connection) = found.connection(at) else { return };
        let delivery = found.delivery(call, connection);
        self.tell(SwitchEvent::Delivered(delivery));
    }

    /// A party answers: it and everybody who waited for that talks.
    pub(crate) fn pick_up(&mut self, call: &CallId, at: &PartyKind) {
        let Some(found) = self.calls.get_mut(call) else { return };
        found.answered = true;
        let waiting = found.connections.iter().filter(|connection| connection.state.waits());
        let mut talking: Vec<PartyKind> = waiting.map(|connection| connection.party.at.clone()).collect();
        talking.push(at.clone());
        if let Some(connection) = found.connection_mut(at) {
            connection.through = None;
        }
        for party in talking {
            self.set_state(call, &party, State::Connected);
        }
        self.tell(SwitchEvent::Established { call: call.clone(), at: at.clone() });
    }

    /// Has the phone, if it is one, know of the call.
    pub(super) fn note_at_phone(&mut self, call: &CallId, at: &PartyKind) {
        if let PartyKind::Device(device) = at
            && let Some(phone) = self.phones.get_mut(device)
        {
            phone.calls.push(call.clone());
        }
    }
}
