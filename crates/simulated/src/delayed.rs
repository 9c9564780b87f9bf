//! Delayed events.

use std::collections::BTreeMap;

use model::{CallId, SwitchEvent, Timestamp};

use crate::event::calls_of;

/// Delayed events, in the order of delivery.
///
/// Delaying an event of a call also delays later events of the call, so that a listener never receives an effect before
/// its cause. Events of other calls can overtake it.
#[derive(Debug, Default)]
pub(crate) struct DelayedEvents {
    held: BTreeMap<(Timestamp, u64), SwitchEvent>,
    /// The time until which each call's events are delayed.
    until: BTreeMap<CallId, Timestamp>,
    count: u64,
}

impl DelayedEvents {
    /// The time until which `event` must wait for earlier events of its calls.
    pub(crate) fn wait(&self, event: &SwitchEvent) -> Option<Timestamp> {
        calls_of(event).filter_map(|call| self.until.get(call)).max().copied()
    }

    /// Delays an event until `due`, and with it later events of its calls.
    pub(crate) fn hold(&mut self, due: Timestamp, event: SwitchEvent) {
        for call in calls_of(&event) {
            let until = self.until.entry(call.clone()).or_default();
            *until = due.max(*until);
        }
        self.hold_alone(due, event);
    }

    /// Delays an event until `due`; later events overtake it.
    pub(crate) fn hold_alone(&mut self, due: Timestamp, event: SwitchEvent) {
        self.count += 1;
        self.held.insert((due, self.count), event);
    }

    /// Takes the next event that is due.
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

    /// Drops all events.
    pub(crate) fn clear(&mut self) {
        self.held.clear();
        self.until.clear();
    }
}
