//! Announces to waiting callers how many calls are before theirs.

use std::{collections::BTreeMap, time::Duration};

use model::{CallId, QueueChange, QueueId, Snapshot, SwitchId, Timestamp, WaitingCall};

use pbx::LegId;

use super::DeskSession;
use crate::wire::Op;

/// All waiting calls, also those of other switches, which are in the same queues.
#[derive(Debug, Default)]
pub(super) struct WaitingCallers(BTreeMap<QueueId, Vec<QueuedCaller>>);

#[derive(Debug)]
struct QueuedCaller {
    switch: SwitchId,
    call: CallId,
    priority: u8,
    /// The time of the next announcement.
    at: Timestamp,
}

impl WaitingCallers {
    /// The waiting calls of a snapshot, in the order in which they are served.
    pub(super) fn of(snapshot: &Snapshot, at: Timestamp) -> Self {
        let caller = |waiting: &WaitingCall| QueuedCaller::new(waiting, at);
        let queues = snapshot.queues.iter();
        Self(queues.map(|queue| (queue.id.clone(), queue.waiting.iter().map(caller).collect())).collect())
    }

    /// Applies a change of a queue. A new caller gets the first announcement at `at`.
    pub(super) fn change(&mut self, queue: &QueueId, change: &QueueChange, at: Timestamp) {
        let callers = self.0.entry(queue.clone()).or_default();
        match change {
            QueueChange::Entered { waiting } => {
                let before = |caller: &QueuedCaller| caller.priority >= waiting.priority;
                let place = callers.iter().position(|caller| !before(caller)).unwrap_or(callers.len());
                callers.insert(place, QueuedCaller::new(waiting, at));
            }
            QueueChange::Answered { switch, call, .. } | QueueChange::Left { switch, call, .. } => {
                callers.retain(|caller| (&caller.switch, &caller.call) != (switch, call));
            }
            // An offered call keeps its place.
            QueueChange::Offered { .. } | QueueChange::Returned { .. } => {}
        }
    }

    /// When the next announcement for a caller of a switch is due.
    pub(super) fn next(&self, switch: &SwitchId) -> Option<Timestamp> {
        let callers = self.0.values().flatten().filter(|caller| caller.switch == *switch);
        callers.map(|caller| caller.at).min()
    }

    /// The due announcements for callers of a switch, with their places. Schedules the next ones.
    fn take_due(&mut self, switch: &SwitchId, now: Timestamp, every: Duration) -> Vec<(CallId, usize)> {
        let mut due = Vec::new();
        for callers in self.0.values_mut() {
            for (before, caller) in callers.iter_mut().enumerate() {
                if caller.switch == *switch && caller.at <= now {
                    caller.at = now + every;
                    due.push((caller.call.clone(), before + 1));
                }
            }
        }
        due
    }
}

impl QueuedCaller {
    fn new(waiting: &WaitingCall, at: Timestamp) -> Self {
        let (switch, call, priority) = (waiting.switch.clone(), waiting.call.clone(), waiting.priority);
        Self { switch, call, priority, at }
    }
}

impl DeskSession {
    /// The time between announcements; `None` if they are not configured.
    fn announcement_interval(&self) -> Option<Duration> {
        Some(self.config.position_every.duration())
            .filter(|every| !every.is_zero() && !self.config.position.is_empty())
    }

    /// When the next announcement is due.
    pub(super) fn position_due(&self) -> Option<Timestamp> {
        self.announcement_interval()?;
        self.waiting.next(&self.engine.numbering.switch).filter(|_| self.is_up())
    }

    /// Makes the announcements that are due.
    pub(super) fn announce_positions(&mut self) {
        let Some(every) = self.announcement_interval().filter(|_| self.is_up()) else { return };
        let now = self.out.now();
        for (call, place) in self.waiting.take_due(&self.engine.numbering.switch, now, every) {
            self.engine.announce(now, &call, place);
        }
    }

    /// The request that plays an announcement.
    pub(super) fn announcement(&self, leg: LegId, place: usize) -> Op {
        let media =
            self.config.position.iter().map(|part| part.replace("{position}", &place.to_string()).into());
        Op::Play(leg, media.collect())
    }
}
