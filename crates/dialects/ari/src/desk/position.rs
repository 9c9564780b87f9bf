//! Those who wait are told how many are served before them.

use std::{collections::BTreeMap, time::Duration};

use model::{CallId, QueueChange, QueueId, Snapshot, SwitchId, Timestamp, WaitingCall};

use pbx::LegId;

use super::Desk;
use crate::wire::Op;

/// Every call that waits, of other switches too: they are served from the same queues.
#[derive(Debug, Default)]
pub(super) struct Waiting(BTreeMap<QueueId, Vec<Caller>>);

#[derive(Debug)]
struct Caller {
    switch: SwitchId,
    call: CallId,
    priority: u8,
    /// When it is to be told.
    at: Timestamp,
}

impl Waiting {
    /// What a snapshot tells, each queue in the order in which it is served.
    pub(super) fn of(snapshot: &Snapshot, at: Timestamp) -> Self {
        let caller = |waiting: &WaitingCall| Caller::new(waiting, at);
        let queues = snapshot.queues.iter();
        Self(queues.map(|queue| (queue.id.clone(), queue.waiting.iter().map(caller).collect())).collect())
    }

    /// Takes what happened; whoever comes is told at `at` for the first time.
    pub(super) fn change(&mut self, queue: &QueueId, change: &QueueChange, at: Timestamp) {
        let callers = self.0.entry(queue.clone()).or_default();
        match change {
            QueueChange::Entered { waiting } => {
                let before = |caller: &Caller| caller.priority >= waiting.priority;
                let place = callers.iter().position(|caller| !before(caller)).unwrap_or(callers.len());
                callers.insert(place, Caller::new(waiting, at));
            }
            QueueChange::Answered { switch, call, .. } | QueueChange::Left { switch, call, .. } => {
                callers.retain(|caller| (&caller.switch, &caller.call) != (switch, call));
            }
            // It keeps its place meanwhile.
            QueueChange::Offered { .. } | QueueChange::Returned { .. } => {}
        }
    }

    /// When a caller of a switch is to be told next.
    pub(super) fn next(&self, switch: &SwitchId) -> Option<Timestamp> {
        let callers = self.0.values().flatten().filter(|caller| caller.switch == *switch);
        callers.map(|caller| caller.at).min()
    }

    /// Who of a switch is to be told by now, and the place of each; they are told again after a while.
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

impl Caller {
    fn new(waiting: &WaitingCall, at: Timestamp) -> Self {
        let (switch, call, priority) = (waiting.switch.clone(), waiting.call.clone(), waiting.priority);
        Self { switch, call, priority, at }
    }
}

impl Desk {
    /// How often a caller is told; `None` if nothing is configured.
    fn told_every(&self) -> Option<Duration> {
        Some(self.config.position_every.duration())
            .filter(|every| !every.is_zero() && !self.config.position.is_empty())
    }

    /// When the next caller is to be told.
    pub(super) fn position_due(&self) -> Option<Timestamp> {
        self.told_every()?;
        self.waiting.next(&self.engine.numbering.switch).filter(|_| self.is_up())
    }

    /// Tells the callers whose time has come.
    pub(super) fn tell_positions(&mut self) {
        let Some(every) = self.told_every().filter(|_| self.is_up()) else { return };
        let now = self.out.now();
        for (call, place) in self.waiting.take_due(&self.engine.numbering.switch, now, every) {
            self.engine.announce(now, &call, place);
        }
    }

    /// What a caller hears.
    pub(super) fn announcement(&self, leg: LegId, place: usize) -> Op {
        let media =
            self.config.position.iter().map(|part| part.replace("{position}", &place.to_string()).into());
        Op::Play(leg, media.collect())
    }
}
