//! The way to the hub: what is told, when, and what goes wrong with it.

use std::collections::VecDeque;

use model::{CallId, RequestId, SwitchAnswer, SwitchEvent, SwitchFeature, Timestamp, switch::CallPicture};
use session::ToHub;

use crate::{
    event::calls_of,
    faults::{Fate, Faults, Late},
    late::LateEvents,
};

/// Whether the hub can reach the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// The driver does not run yet.
    Idle,
    /// It can.
    Up,
    /// It cannot, until this moment.
    Down(Timestamp),
}

/// What an event's fate does to the switch itself; done when the switch is through with what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mishap {
    LostLink,
    VanishedCall(CallId),
}

/// The way to the hub.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) faults: Faults,
    pub(crate) link: Link,
    out: VecDeque<ToHub>,
    late: LateEvents,
    mishaps: VecDeque<Mishap>,
}

impl Line {
    pub(crate) fn new(faults: Faults) -> Self {
        let (out, mishaps) = (VecDeque::new(), VecDeque::new());
        Self { faults, link: Link::Idle, out, late: LateEvents::default(), mishaps }
    }

    /// Tells an event of a call, unless the link is down.
    pub(crate) fn tell(&mut self, now: Timestamp, event: SwitchEvent) {
        match self.link {
            Link::Idle | Link::Down(_) => {}
            Link::Up => {
                let fate = self.faults.fate();
                self.note_mishaps(fate, &event);
                self.send(now, fate, event);
            }
        }
    }

    /// Tells everything from the beginning; what was held back is told before.
    pub(crate) fn come_up(&mut self, calls: Vec<CallPicture>) {
        self.link = Link::Up;
        self.release(Timestamp(u64::MAX));
        self.push(SwitchEvent::LinkUp { features: SwitchFeature::ALL.to_vec(), calls });
    }

    /// Says that nothing will be heard until `until`. What was held back is lost.
    pub(crate) fn go_down(&mut self, until: Timestamp) {
        if self.link == Link::Up {
            self.late.clear();
            self.push(SwitchEvent::LinkDown { why: "the simulated link is down".into() });
        }
        self.link = Link::Down(until);
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.out.push_back(ToHub::SwitchAnswer { request, answer });
    }

    /// Tells the late events that are due.
    pub(crate) fn release(&mut self, now: Timestamp) {
        while let Some(event) = self.late.pop(now) {
            self.push(event);
        }
    }

    /// When the next late event is due.
    pub(crate) fn next_late(&self) -> Option<Timestamp> {
        self.late.next()
    }

    pub(crate) fn next_mishap(&mut self) -> Option<Mishap> {
        self.mishaps.pop_front()
    }

    pub(crate) fn poll(&mut self) -> Option<ToHub> {
        self.out.pop_front()
    }

    fn note_mishaps(&mut self, fate: Fate, event: &SwitchEvent) {
        if fate.vanished_call {
            self.mishaps.extend(calls_of(event).next().cloned().map(Mishap::VanishedCall));
        }
        if fate.lost_link {
            self.mishaps.push_back(Mishap::LostLink);
        }
    }

    fn send(&mut self, now: Timestamp, fate: Fate, event: SwitchEvent) {
        if fate.repeated {
            self.send_once(now, fate.late, event.clone());
        }
        self.send_once(now, fate.late, event);
    }

    fn send_once(&mut self, now: Timestamp, late: Option<Late>, event: SwitchEvent) {
        let due = late.map(|late| now + ms(late.by_ms));
        if let (Some(due), Some(Late { reorder: true, .. })) = (due, late) {
            return self.late.hold_alone(due, event);
        }
        match due.max(self.late.wait(&event)) {
            Some(due) => self.late.hold(due, event),
            None => self.push(event),
        }
    }

    /// Says something that is late by no fault.
    pub(crate) fn push(&mut self, event: SwitchEvent) {
        self.out.push_back(ToHub::Switch(event));
    }
}

/// A span of so many milliseconds.
pub(crate) fn ms(count: u64) -> std::time::Duration {
    std::time::Duration::from_millis(count)
}
