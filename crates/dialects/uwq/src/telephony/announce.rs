//! Announces an agent's calls to EBS (uwq.md §5.6, §6.4).
//!
//! A call's state determines which events are due, and the session keeps which were sent. It sends the difference, so each event goes out at
//! most once and in order.

use model::{AgentId, Snapshot, Verb, reason};
use session::PopKey;

use super::{
    Phase, TelephonySession,
    calls::Call,
    pop,
    posts::QueuedEvent,
    registration::{Announced, Key, Registration, RegistrationState},
    requests::PendingCommand,
};
use crate::wire::{Event, limits::EVENTS_WAITING_MAX};

impl TelephonySession {
    /// Announces changes of an agent's calls, ended calls first. `again`: EBS has restarted, or the agent has just logged in.
    pub(super) fn announce(&mut self, key: Key, again: bool) {
        let Some(registration) = self.registrations.get(key) else { return };
        let live = registration.agent.iter().flat_map(|agent| Call::of_agent(&self.projection, agent));
        let live: Vec<PopKey> = live.map(|call| call.key).collect();
        let over = registration.announced.keys().filter(|call| !live.contains(call));
        let over: Vec<PopKey> = over.copied().collect();
        over.into_iter().for_each(|call| self.release(key, call));
        live.into_iter().for_each(|call| self.announce_call(key, call, again));
    }

    /// A snapshot has arrived: announces what has changed, and nothing twice.
    pub(super) fn resume(&mut self, snapshot: &Snapshot) {
        if self.phase == Phase::Starting {
            self.phase = Phase::Running;
        }
        self.find_agents();
        let out = snapshot.agents.iter().filter(|agent| !agent.state.is_signed_in());
        out.for_each(|agent| self.signed_out(&agent.id));
        self.registrations.keys().into_iter().for_each(|key| self.announce(key, false));
    }

    /// The agent was signed out. Calls that were announced to EBS are still completed.
    pub(super) fn signed_out(&mut self, agent: &AgentId) {
        let key = self.registrations.of_agent(agent);
        if let Some(registration) = key.and_then(|key| self.registrations.get_mut(key)) {
            registration.login = None;
        }
    }

    /// The floor has changed: looks up the agent of each registration again.
    pub(super) fn find_agents(&mut self) {
        for key in self.registrations.keys() {
            let Some(registration) = self.registrations.get(key) else { continue };
            let agent = self.roster.agent(&registration.acd_id).cloned();
            if agent != registration.agent && registration.state != RegistrationState::Leaving {
                self.reassign(key, agent);
            }
        }
    }

    fn announce_call(&mut self, key: Key, id: PopKey, again: bool) {
        let Some(registration) = self.registrations.get_mut(key) else { return };
        let calls = registration.agent.iter().flat_map(|agent| Call::of_agent(&self.projection, agent));
        let Some(call) = calls.into_iter().find(|call| call.key == id) else { return };
        let Some(due) = pop::due(call.conversation, self.config.pop_on) else { return };
        let is_first = !registration.announced.contains_key(&id);
        if is_first {
            let open = self.phase == Phase::Running && registration.login.is_some();
            let is_full = registration.outbox.len() >= EVENTS_WAITING_MAX;
            if call.interaction.contact_pending || !open || is_full {
                return;
            }
            let event = Event::ScreenPop(pop::screen_pop(call, again, &self.config));
            queue(registration, id, Announced::Popped, &event);
        }
        if due == Announced::Established && registration.announced.get(&id) == Some(&Announced::Popped) {
            queue(registration, id, Announced::Established, &Event::CallEstablished(id.to_string()));
        }
        if is_first && call.is_incoming() && !again {
            self.hold_further_calls(key);
        }
        self.post_next(key);
    }

    fn release(&mut self, key: Key, id: PopKey) {
        let Some(registration) = self.registrations.get_mut(key) else { return };
        match registration.announced.remove(&id) {
            Some(Announced::Popped | Announced::Established) => {
                let body = Event::CallReleased(id.to_string()).print().into();
                registration.outbox.push(QueuedEvent { call: id, body });
                self.post_next(key);
            }
            Some(Announced::GivenUp) | None => {}
        }
    }

    /// Makes the agent not ready after an inbound call until EBS sends Ready (uwq.md §3).
    fn hold_further_calls(&mut self, key: Key) {
        let registration = self.registrations.get(key).filter(|_| self.config.auto_not_ready);
        let Some((agent, by)) = registration.and_then(|known| known.agent.clone().zip(known.login.clone()))
        else {
            return;
        };
        let reason = Some(reason::code(reason::AFTER_CALL));
        self.command(by, agent, Verb::NotReady { reason }, PendingCommand::NoReply);
    }
}

fn queue(registration: &mut Registration, call: PopKey, announced: Announced, event: &Event) {
    registration.announced.insert(call, announced);
    registration.outbox.push(QueuedEvent { call, body: event.print().into() });
}
