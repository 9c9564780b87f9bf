//! Decides which registration is valid. Anyone can send `Register`, so it is only a claim and changes nothing for others. A login proves
//! the registration and moves the agent there.

use std::net::SocketAddr;

use model::{AgentId, DeviceId, Verb};
use session::Outbox;

use super::{
    TelephonySession,
    posts::QueuedEvent,
    registration::{Announced, Client, Key, Registration, RegistrationState},
    requests::PendingCommand,
    silence::TimerKind,
};
use crate::wire::{
    AgentLine, Event, Refusal, Token,
    limits::{EVENT_RETRIES, UNPROVEN_LIFE},
};

impl TelephonySession {
    /// Adds the registration of a client. Replaces only an unproven one of the same line at the same machine.
    pub(super) fn register(
        &mut self,
        client: Client,
        line: &AgentLine,
        listener: SocketAddr,
    ) -> Result<(), Refusal> {
        let teleset = DeviceId::new(&line.teleset)
            .map_err(|error| Refusal::new(Token::InvalidParameter, error.to_string()))?;
        self.check_listener(client, listener)?;
        let claims = self.registrations.of_line(client, line).filter(|(_, known)| known.is_unproven());
        let before: Vec<Key> = claims.map(|(key, _)| key).collect();
        before.into_iter().for_each(|key| drop(self.forget(key)));
        self.make_room(client)?;
        let key = Key(self.out.number());
        let agent = self.roster.agent(&line.agent).cloned();
        tracing::debug!(teleset = %teleset, acd_id = %line.agent, %client, %listener, "registered");
        let registration = Registration {
            state: RegistrationState::Unproven,
            teleset,
            acd_id: line.agent.clone(),
            agent,
            client,
            listener,
            login: None,
            dialling: false,
            announced: Default::default(),
            outbox: Outbox::new(&EVENT_RETRIES),
            seen: self.out.now(),
            stale: false,
        };
        self.registrations.insert(key, registration);
        self.timers.set((key, TimerKind::Unproven), self.out.now() + UNPROVEN_LIFE);
        Ok(())
    }

    /// Checks the listener: `Register` could direct events anywhere, so only the caller's own and configured addresses are allowed (uwq.md §9).
    fn check_listener(&self, client: Client, listener: SocketAddr) -> Result<(), Refusal> {
        let aimed = Client::of(listener.ip());
        let configured = self.config.event_hosts.iter().any(|host| Client::of(*host) == aimed);
        if aimed == client || configured {
            return Ok(());
        }
        let text = format!("events are not sent to {}: it is not the caller's own address", listener.ip());
        Err(Refusal::new(Token::NotAllowed, text))
    }

    /// Makes room for a registration: removes the oldest unproven one of a machine with too many, then the oldest of all. Keeps proven ones.
    fn make_room(&mut self, client: Client) -> Result<(), Refusal> {
        if self.registrations.unproven_of(client) >= self.config.unproven_per_address_max.max(1)
            && let Some(key) = self.registrations.oldest_unproven(Some(client))
        {
            self.forget(key);
        }
        if self.registrations.len() < self.config.registrations_max {
            return Ok(());
        }
        match self.registrations.oldest_unproven(None) {
            Some(key) => {
                self.forget(key);
                Ok(())
            }
            None => {
                let text = format!("{} clients are registered already", self.config.registrations_max);
                Err(Refusal::new(Token::NotAllowed, text))
            }
        }
    }

    /// Removes a registration that was not proven in time.
    pub(super) fn unproven(&mut self, key: Key) {
        if self.registrations.get(key).is_some_and(Registration::is_unproven) {
            self.forget(key);
        }
    }

    /// The password was right: signs out other agents who are logged in at the same teleset of the same machine.
    pub(super) fn free_teleset(&mut self, key: Key) {
        for other in self.others_at_same_phone(key) {
            let registration = self.registrations.get(other);
            let who = registration.and_then(|known| known.agent.clone().zip(known.login.clone()));
            if let Some((agent, by)) = who {
                tracing::info!(%agent, "agent signed out because another agent has logged in at the same phone and machine");
                self.command(by, agent, Verb::SignOut { reason: None }, PendingCommand::NoReply);
            }
        }
    }

    /// The agent has logged in at this registration, which becomes the agent's only one.
    pub(super) fn prove(&mut self, key: Key) {
        let Some(registration) = self.registrations.get(key).filter(|known| known.is_unproven()) else {
            return;
        };
        let agent = registration.agent.clone();
        let mut earlier = self.others_at_same_phone(key);
        earlier.extend(agent.and_then(|agent| self.registrations.of_agent(&agent)));
        earlier.into_iter().for_each(|before| self.retire(before, key));
        self.timers.cancel(&(key, TimerKind::Unproven));
        self.registrations.set_state(key, RegistrationState::Proven);
        self.watch(key);
    }

    /// The floor has another agent for a registration, which must be proven again.
    pub(super) fn reassign(&mut self, key: Key, agent: Option<AgentId>) {
        let Some(registration) = self.registrations.get_mut(key) else { return };
        if registration.is_unproven() {
            registration.agent = agent;
            return;
        }
        self.timers.cancel(&(key, TimerKind::Silence));
        self.registrations.reassign(key, agent);
        self.timers.set((key, TimerKind::Unproven), self.out.now() + UNPROVEN_LIFE);
    }

    /// Proven registrations of other agents for the same teleset at the same machine.
    fn others_at_same_phone(&self, key: Key) -> Vec<Key> {
        let Some(registration) = self.registrations.get(key) else { return Vec::new() };
        let here = self.registrations.of_teleset(registration.teleset.as_str());
        let others = here.filter(|(_, known)| {
            known.is_proven() && known.client == registration.client && known.agent != registration.agent
        });
        others.map(|(key, _)| key).collect()
    }

    /// Replaces a registration by a newly proven one. The old listener gets the end of the calls that were announced there.
    fn retire(&mut self, before: Key, after: Key) {
        let Some((old, new)) = self.registrations.get(before).zip(self.registrations.get(after)) else {
            return;
        };
        log_takeover(old, new);
        let same_listener = old.listener == new.listener;
        if same_listener {
            self.forget(before);
            return;
        }
        self.timers.cancel(&(before, TimerKind::Silence));
        self.registrations.set_state(before, RegistrationState::Leaving);
        if let Some(registration) = self.registrations.get_mut(before) {
            (registration.agent, registration.login) = (None, None);
            for (call, announced) in std::mem::take(&mut registration.announced) {
                if announced != Announced::GivenUp {
                    let body = Event::CallReleased(call.to_string()).print().into();
                    registration.outbox.push(QueuedEvent { call, body });
                }
            }
        }
        self.post_next(before);
    }

    /// Removes a leaving registration when nothing is left to post.
    pub(super) fn left(&mut self, key: Key) {
        let leaving = self.registrations.get(key).filter(|known| known.state == RegistrationState::Leaving);
        if leaving.is_some_and(|known| known.outbox.is_empty()) {
            self.forget(key);
        }
    }
}

fn log_takeover(old: &Registration, new: &Registration) {
    let agent = new.acd_id.as_str();
    let (from, to) = (old.listener, new.listener);
    let (from_teleset, to_teleset) = (old.teleset.as_str(), new.teleset.as_str());
    if old.client == new.client {
        tracing::info!(agent, %from, %to, from_teleset, to_teleset, "agent logged in again; events go to the new listener");
    } else {
        let (from_client, to_client) = (old.client, new.client);
        tracing::warn!(agent, %from_client, %to_client, %from, %to, from_teleset, to_teleset,
            "agent logged in from another machine; events go there");
    }
}
