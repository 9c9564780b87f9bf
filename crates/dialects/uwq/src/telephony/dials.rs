//! Calls that EBS has requested. The answer to `MakeCall` shows whether the switch makes the call (uwq.md §4.4).

use std::collections::BTreeMap;

use model::{Code, CommandId, Event, LinkEvent, Record, Rejection, RequestId, SwitchAnswer};
use session::Exchange;

use super::{TelephonySession, registration::Key, silence::TimerKind};
use crate::wire::{Function, limits::DIAL_ANSWER};

/// The calls that wait for the switch, by the command of each.
pub(super) type Dials = BTreeMap<CommandId, PendingDial>;

/// A call that the hub has accepted or is to accept.
#[derive(Debug)]
pub(super) struct PendingDial {
    pub(super) exchange: Exchange,
    pub(super) key: Key,
    /// The hub's request to the switch.
    pub(super) request: Option<RequestId>,
}

impl TelephonySession {
    /// The hub has answered the command. If it has accepted, the switch decides.
    pub(super) fn dial_answered(&mut self, command: &CommandId, result: Result<(), Rejection>) {
        let Some(key) = self.dials.get(command).map(|dial| dial.key) else { return };
        match result {
            Ok(()) => self.timers.set((key, TimerKind::Dial), self.out.now() + DIAL_ANSWER),
            Err(_) => self.dial_over(command, result),
        }
    }

    /// Follows the request to the switch.
    pub(super) fn follow_dials(&mut self, record: &Record) {
        match &record.event {
            Event::Link(LinkEvent::Requested { request, .. }) => {
                let command = record.origin.as_ref().map(|origin| &origin.command);
                if let Some(dial) = command.and_then(|command| self.dials.get_mut(command)) {
                    dial.request = Some(*request);
                }
            }
            Event::Link(LinkEvent::Answered { request, answer, .. }) => {
                let mut dials = self.dials.iter();
                let requested = dials.find(|(_, dial)| dial.request == Some(*request));
                let Some(command) = requested.map(|(command, _)| command.clone()) else { return };
                let result = match answer {
                    SwitchAnswer::Done { .. } => Ok(()),
                    SwitchAnswer::Refused { text, .. } => {
                        Err(Rejection::new(Code::SwitchRefused, text.as_str()))
                    }
                };
                self.dial_over(&command, result);
            }
            Event::Link(LinkEvent::Changed { .. } | LinkEvent::PhonesListed { .. })
            | Event::Floor(_)
            | Event::Agent(_)
            | Event::Interaction(_)
            | Event::Conversation(_)
            | Event::Detail(_) => {}
        }
    }

    /// The switch has not answered in time. The request is on its way, so it counts as done.
    pub(super) fn dial_due(&mut self, key: Key) {
        self.dials_done(|dial| dial.key == key);
    }

    /// Events were skipped, and the answers of switches may be among them.
    pub(super) fn dials_skipped(&mut self) {
        self.dials_done(|dial| dial.request.is_some());
    }

    fn dials_done(&mut self, over: impl Fn(&PendingDial) -> bool) {
        let done = self.dials.iter().filter(|(_, dial)| over(dial));
        let done: Vec<CommandId> = done.map(|(command, _)| command.clone()).collect();
        done.iter().for_each(|command| self.dial_over(command, Ok(())));
    }

    fn dial_over(&mut self, command: &CommandId, result: Result<(), Rejection>) {
        let Some(PendingDial { exchange, key, .. }) = self.dials.remove(command) else { return };
        self.timers.cancel(&(key, TimerKind::Dial));
        if let Some(registration) = self.registrations.get_mut(key) {
            registration.dialling = false;
        }
        self.reply(exchange, Function::MakeCall, result);
    }
}
