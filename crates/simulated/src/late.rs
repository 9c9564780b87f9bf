//! Events that are told later than they happen.

use std::collections::BTreeMap;

use model::{CallId, SwitchEvent, Timestamp};

use crate::event::calls_of;

/// Events held back, in the order in which they will be told.
///
/// What holds back one event of a call holds back what follows in that call, so that a listener never hears an effect before its
/// cause. Events of other calls overtake it.
#[derive(Debug, Default)]
pub(crate) struct LateEvents {
    held: BTreeMap<(Timestamp, u64), SwitchEvent>,
    /// Until when each call's events are held back.
    until: BTreeMap<CallId, Timestamp>,
    count: u64,
}

impl LateEvents {
    /// Until when `event` has to wait for earlier events of its calls.
    pub(crate) fn wait(&self, event: &SwitchEvent) -> Option<Timestamp> {
        calls_of(event).filter_map(|call| self.until.get(call)).max().copied()
    }

    /// Holds an event back until `due`, and with it what follows in its calls.
    pub(crate) fn hold(&mut self, due: Timestamp, event: SwitchEvent) {
        for call in calls_of(&event) {
            let until = self.until.entry(call.clone()).or_default();
            *until = due.max(*until);
        }
        self.hold_alone(due, event);
    }

    /// Holds an event back until `due`; what follows overtakes it.
    pub(crate) fn hold_alone(&mut self, due: Timestamp, event: SwitchEvent) {
        self.count += 1;
        self.held.insert((due, self.count), event);
    }

    /// Takes out the next event that is due.
    pub(crate) fn pop(&mut self, now: Timestamp) -> Option<SwitchEvent> {
        let first = self.held.first_entry().filter(|entry| entry.key().0 <= now)?;
        let event = first.remove();
        for call in calls_of(&event) {
            if self.until.get(call).is_some_and(|until| *until <= now) {
                self.until.remove(call);
            }
        }
        Some(event)
    }

    /// When the next event is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.held.first_key_value().map(|((due, _), _)| *due)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.held.clear();
        self.until.clear();
    }
}
