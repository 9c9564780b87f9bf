//! What EBS is told of its agents' calls (uwq.md §5.6, §6.4).
//!
//! How much is due follows from a call's state alone; how much was told is kept. The difference is sent, so each event goes out at most once
//! and always after the one before it.

use model::{AgentId, ConversationId, Snapshot, Verb, reason};

use super::{
    Phase, Telephony,
    calls::Call,
    pop,
    posts::Post,
    registration::{Key, Registration, Standing, Told},
    requests::Ask,
};
use crate::wire::{Event, limits::EVENTS_WAITING_MAX};

impl Telephony {
    /// An agent's calls may have changed: tells the difference to what was told before, of calls that are over first. `again`: EBS was
    /// started again, or the agent has just logged in.
    pub(super) fn announce(&mut self, key: Key, again: bool) {
        let Some(registration) = self.registrations.get(key) else { return };
        let live = registration.agent.iter().flat_map(|agent| Call::of_agent(&self.projection, agent));
        let live: Vec<ConversationId> = live.map(|call| call.conversation.id).collect();
        let over = registration.told.keys().filter(|call| !live.contains(call));
        let over: Vec<ConversationId> = over.copied().collect();
        over.into_iter().for_each(|call| self.release(key, call));
        live.into_iter().for_each(|call| self.tell(key, call, again));
    }

    /// The hub has told the whole state: tells of what changed meanwhile, and of nothing twice.
    pub(super) fn resume(&mut self, snapshot: &Snapshot) {
        if self.phase == Phase::Starting {
            self.phase = Phase::Running;
        }
        self.find_agents();
        let out = snapshot.agents.iter().filter(|agent| !agent.state.is_signed_in());
        out.for_each(|agent| self.signed_out(&agent.id));
        self.registrations.keys().into_iter().for_each(|key| self.announce(key, false));
    }

    /// The agent has left, whoever asked for it. Calls that EBS knows of are told to their end.
    pub(super) fn signed_out(&mut self, agent: &AgentId) {
        let key = self.registrations.of_agent(agent);
        if let Some(registration) = key.and_then(|key| self.registrations.get_mut(key)) {
            registration.login = None;
        }
    }

    /// The floor is another one: looks up again who each registration's agent is.
    pub(super) fn find_agents(&mut self) {
        for key in self.registrations.keys() {
            let Some(registration) = self.registrations.get(key) else { continue };
            let agent = self.roster.agent(&registration.acd_id).cloned();
            if agent != registration.agent && registration.standing != Standing::Leaving {
                self.reassign(key, agent);
            }
        }
    }

    fn tell(&mut self, key: Key, id: ConversationId, again: bool) {
        let Some(registration) = self.registrations.get_mut(key) else { return };
        let calls = registration.agent.iter().flat_map(|agent| Call::of_agent(&self.projection, agent));
        let Some(call) = calls.into_iter().find(|call| call.conversation.id == id) else { return };
        let Some(due) = pop::due(call.conversation, self.config.pop_on) else { return };
        let is_first = !registration.told.contains_key(&id);
        if is_first {
            let open = self.phase == Phase::Running && registration.login.is_some();
            let is_full = registration.outbox.len() >= EVENTS_WAITING_MAX;
            if call.interaction.contact_pending || !open || is_full {
                return;
            }
            let event = Event::ScreenPop(pop::screen_pop(call, again, &self.config));
            say(registration, id, Told::Popped, &event);
        }
        if due == Told::Established && registration.told.get(&id) == Some(&Told::Popped) {
            say(registration, id, Told::Established, &Event::CallEstablished(id.to_string()));
        }
        if is_first && call.is_incoming() && !again {
            self.hold_further_calls(key);
        }
        self.post_next(key);
    }

    fn release(&mut self, key: Key, id: ConversationId) {
        let Some(registration) = self.registrations.get_mut(key) else { return };
        match registration.told.remove(&id) {
            Some(Told::Popped | Told::Established) => {
                let body = Event::CallReleased(id.to_string()).print().into();
                registration.outbox.push(Post { call: id, body });
                self.post_next(key);
            }
            Some(Told::GivenUp) | None => {}
        }
    }

    /// After an inbound call the agent gets no other one until EBS asks for it (uwq.md §3).
    fn hold_further_calls(&mut self, key: Key) {
        let registration = self.registrations.get(key).filter(|_| self.config.auto_not_ready);
        let Some((agent, by)) = registration.and_then(|known| known.agent.clone().zip(known.login.clone()))
        else {
            return;
        };
        let reason = Some(reason::code(reason::AFTER_CALL));
        self.command(by, agent, Verb::NotReady { reason }, Ask::Unasked);
    }
}

fn say(registration: &mut Registration, call: ConversationId, told: Told, event: &Event) {
    registration.told.insert(call, told);
    registration.outbox.push(Post { call, body: event.print().into() });
}
