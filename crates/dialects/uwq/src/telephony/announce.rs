//! What EBS is told of its agents' calls (uwq.md §5.6, §6.4).
//!
//! How much is due follows from a call's state alone; how much was told is kept. The difference is sent, so each event goes out at most once
//! and always after the one before it.

use model::{AgentId, ConversationId, InteractionId, Snapshot, Verb, reason};

use super::{
    Phase, Telephony,
    answers::Ask,
    calls::Change,
    pop,
    posts::Post,
    registration::{Key, Registration, Standing, Told},
};
use crate::wire::{Event, limits::EVENTS_WAITING_MAX};

impl Telephony {
    /// A call is otherwise.
    pub(super) fn heard(&mut self, change: &Change) {
        let Some(key) = self.registrations.of_agent(&change.agent) else { return };
        if change.over {
            self.release(key, change.call);
        } else {
            self.tell(key, change.interaction, change.call, false);
        }
    }

    /// Tells of every live call of the agent's: EBS was started again, or the agent has just logged in.
    pub(super) fn announce_live(&mut self, key: Key) {
        for (interaction, call) in self.live(key) {
            self.tell(key, interaction, call, true);
        }
    }

    /// The hub has told the whole state: tells of what changed meanwhile, and of nothing twice.
    pub(super) fn resume(&mut self, snapshot: &Snapshot, gone: Vec<Change>) {
        if self.phase == Phase::Starting {
            self.phase = Phase::Running;
        }
        self.find_agents();
        gone.iter().for_each(|change| self.heard(change));
        let out = snapshot.agents.iter().filter(|agent| !agent.state.is_signed_in());
        out.for_each(|agent| self.signed_out(&agent.id));
        for key in self.registrations.keys() {
            for (interaction, call) in self.live(key) {
                self.tell(key, interaction, call, false);
            }
        }
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

    fn live(&self, key: Key) -> Vec<(InteractionId, ConversationId)> {
        let agent = self.registrations.get(key).and_then(|registration| registration.agent.as_ref());
        agent.map(|agent| self.calls.of_agent(agent)).unwrap_or_default()
    }

    fn tell(&mut self, key: Key, interaction: InteractionId, id: ConversationId, again: bool) {
        let Some((work, call)) = self.calls.get(interaction, id) else { return };
        let Some(due) = pop::due(call, self.config.pop_on) else { return };
        let Some(registration) = self.registrations.get_mut(key) else { return };
        let first = !registration.told.contains_key(&id);
        if first {
            if work.contact_pending {
                return;
            }
            let open = self.phase == Phase::Running && registration.login.is_some();
            if !open || registration.outbox.len() >= EVENTS_WAITING_MAX {
                return;
            }
            let event = Event::ScreenPop(pop::screen_pop(work, call, again, &self.config));
            say(registration, id, Told::Popped, &event);
        }
        if due == Told::Established && registration.told.get(&id) == Some(&Told::Popped) {
            say(registration, id, Told::Established, &Event::CallEstablished(id.to_string()));
        }
        if first && call.incoming && !again {
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
