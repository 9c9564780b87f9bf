//! The link to the hub: when events are sent, and their faults.

use std::collections::VecDeque;

use model::{
    CallId, DeviceId, RequestId, SwitchAnswer, SwitchEvent, SwitchFeature, Timestamp, switch::CallPicture,
};
use session::ToHub;

use crate::{
    delayed::DelayedEvents,
    event::calls_of,
    faults::{Delay, EventFaults, Faults},
};

/// The state of the link to the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// The driver has not started.
    Idle,
    /// Connected.
    Up,
    /// Lost until this time.
    Down(Timestamp),
}

/// A fault of the switch itself that an event triggers. It happens after the switch has finished its current work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PendingFault {
    LostLink,
    VanishedCall(CallId),
}

/// The link to the hub.
#[derive(Debug)]
pub(crate) struct HubLink {
    pub(crate) faults: Faults,
    pub(crate) link: LinkState,
    out: VecDeque<ToHub>,
    late: DelayedEvents,
    pending_faults: VecDeque<PendingFault>,
}

impl HubLink {
    pub(crate) fn new(faults: Faults) -> Self {
        let (out, pending_faults) = (VecDeque::new(), VecDeque::new());
        Self { faults, link: LinkState::Idle, out, late: DelayedEvents::default(), pending_faults }
    }

    /// Sends an event of a call, unless the link is down.
    pub(crate) fn report(&mut self, now: Timestamp, event: SwitchEvent) {
        match self.link {
            LinkState::Idle | LinkState::Down(_) => {}
            LinkState::Up => {
                let event_faults = self.faults.next_event_faults();
                self.note_pending_faults(event_faults, &event);
                self.send(now, event_faults, event);
            }
        }
    }

    /// Connects and sends the complete state and the phones, after all delayed events.
    pub(crate) fn come_up(&mut self, calls: Vec<CallPicture>, phones: Vec<DeviceId>) {
        self.link = LinkState::Up;
        self.release(Timestamp(u64::MAX));
        self.push(SwitchEvent::LinkUp { features: SwitchFeature::ALL.to_vec(), calls });
        self.push(SwitchEvent::PhonesListed { phones });
    }

    /// Disconnects until `until`. Delayed events are lost.
    pub(crate) fn go_down(&mut self, until: Timestamp) {
        if self.link == LinkState::Up {
            self.late.clear();
            self.push(SwitchEvent::LinkDown { why: "the simulated link is down".into() });
        }
        self.link = LinkState::Down(until);
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, request: RequestId, answer: SwitchAnswer) {
        self.out.push_back(ToHub::SwitchAnswer { request, answer });
    }

    /// Sends the delayed events that are due.
    pub(crate) fn release(&mut self, now: Timestamp) {
        while let Some(event) = self.late.pop(now) {
            self.push(event);
        }
    }

    /// When the next delayed event is due.
    pub(crate) fn next_late(&self) -> Option<Timestamp> {
        self.late.next()
    }

    pub(crate) fn next_pending_fault(&mut self) -> Option<PendingFault> {
        self.pending_faults.pop_front()
    }

    pub(crate) fn poll(&mut self) -> Option<ToHub> {
        self.out.pop_front()
    }

    fn note_pending_faults(&mut self, event_faults: EventFaults, event: &SwitchEvent) {
        if event_faults.vanished_call {
            self.pending_faults.extend(calls_of(event).next().cloned().map(PendingFault::VanishedCall));
        }
        if event_faults.lost_link {
            self.pending_faults.push_back(PendingFault::LostLink);
        }
    }

    fn send(&mut self, now: Timestamp, event_faults: EventFaults, event: SwitchEvent) {
        if event_faults.repeated {
            self.send_once(now, event_faults.late, event.clone());
        }
        self.send_once(now, event_faults.late, event);
    }

    fn send_once(&mut self, now: Timestamp, late: Option<Delay>, event: SwitchEvent) {
        let due = late.map(|late| now + ms(late.by_ms));
        if let (Some(due), Some(Delay { reorder: true, .. })) = (due, late) {
            return self.late.hold_alone(due, event);
        }
        match due.max(self.late.wait(&event)) {
            Some(due) => self.late.hold(due, event),
            None => self.push(event),
        }
    }

    /// Sends an event without faults.
    pub(crate) fn push(&mut self, event: SwitchEvent) {
        self.out.push_back(ToHub::Switch(event));
    }
}

/// A duration in milliseconds.
pub(crate) fn ms(count: u64) -> std::time::Duration {
    std::time::Duration::from_millis(count)
}
