//! Alarms: what happens later, and when.

use std::collections::BTreeMap;

use model::Timestamp;

/// The ID of an alarm, for cancelling it. Alarms of the same time go off in the order in which they were set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AlarmKey {
    at: Timestamp,
    number: u64,
}

/// The alarms that have not gone off. Every operation takes logarithmic time.
#[derive(Debug)]
pub(crate) struct Clock<Alarm> {
    alarms: BTreeMap<AlarmKey, Alarm>,
    set: u64,
}

impl<Alarm> Clock<Alarm> {
    pub(crate) fn new() -> Self {
        Self { alarms: BTreeMap::new(), set: 0 }
    }

    pub(crate) fn set(&mut self, at: Timestamp, alarm: Alarm) -> AlarmKey {
        self.set += 1;
        let key = AlarmKey { at, number: self.set };
        self.alarms.insert(key, alarm);
        key
    }

    pub(crate) fn cancel(&mut self, key: AlarmKey) {
        self.alarms.remove(&key);
    }

    /// The next alarm and its time.
    pub(crate) fn next(&self) -> Option<(Timestamp, &Alarm)> {
        self.alarms.first_key_value().map(|(key, alarm)| (key.at, alarm))
    }

    /// Takes the next alarm that is due by `now`.
    pub(crate) fn pop(&mut self, now: Timestamp) -> Option<(Timestamp, Alarm)> {
        let first = self.alarms.first_entry().filter(|entry| entry.key().at <= now)?;
        let (key, alarm) = first.remove_entry();
        Some((key.at, alarm))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alarms_go_off_by_moment_and_then_by_the_order_of_setting() {
        let mut clock = Clock::new();
        clock.set(Timestamp(20), "late");
        clock.set(Timestamp(10), "first");
        clock.set(Timestamp(10), "second");
        assert_eq!(clock.next(), Some((Timestamp(10), &"first")));
        assert_eq!(clock.pop(Timestamp(9)), None);
        assert_eq!(clock.pop(Timestamp(15)), Some((Timestamp(10), "first")));
        assert_eq!(clock.pop(Timestamp(15)), Some((Timestamp(10), "second")));
        assert_eq!(clock.pop(Timestamp(15)), None);
    }

    #[test]
    fn an_alarm_taken_back_does_not_go_off() {
        let mut clock = Clock::new();
        let key = clock.set(Timestamp(10), "never");
        clock.cancel(key);
        assert_eq!(clock.pop(Timestamp(10)), None);
    }
}
