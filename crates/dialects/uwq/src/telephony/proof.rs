//! Whose registration counts. `Register` is a claim that anybody can make: it changes nothing for anybody else. A login proves it,
//! and takes the agent over from wherever it was registered before.

use std::net::SocketAddr;

use model::{AgentId, DeviceId, Verb};
use session::Outbox;

use super::{
    Telephony,
    posts::Post,
    registration::{Client, Key, Registration, Standing, Told},
    requests::Ask,
    silence::Due,
};
use crate::wire::{
    Event, Line, Refusal, Token,
    limits::{EVENT_RETRIES, UNPROVEN_LIFE},
};

impl Telephony {
    /// Registers a client beside those that are registered already. Only an earlier claim of the same line at the same machine goes.
    pub(super) fn register(
        &mut self,
        client: Client,
        line: &Line,
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
            standing: Standing::Unproven,
            teleset,
            acd_id: line.agent.clone(),
            agent,
            client,
            listener,
            login: None,
            dialling: false,
            told: Default::default(),
            outbox: Outbox::new(&EVENT_RETRIES),
            seen: self.out.now(),
            stale: false,
        };
        self.registrations.insert(key, registration);
        self.timers.set((key, Due::Unproven), self.out.now() + UNPROVEN_LIFE);
        Ok(())
    }

    /// `Register` could aim our posts at anybody: only at the caller itself, or where the configuration says (uwq.md §9).
    fn check_listener(&self, client: Client, listener: SocketAddr) -> Result<(), Refusal> {
        let aimed = Client::of(listener.ip());
        let configured = self.config.event_hosts.iter().any(|host| Client::of(*host) == aimed);
        if aimed == client || configured {
            return Ok(());
        }
        let text = format!("events are not sent to {}: it is not the caller's own address", listener.ip());
        Err(Refusal::new(Token::NotAllowed, text))
    }

    /// The oldest claims of a machine that makes too many go first, then the oldest of all. What is proven stays.
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

    /// A claim that nobody proved has ended.
    pub(super) fn unproven(&mut self, key: Key) {
        if self.registrations.get(key).is_some_and(Registration::is_unproven) {
            self.forget(key);
        }
    }

    /// The password was right. Another agent who is logged in at the same teleset of the same machine is signed out: the phone is wanted.
    pub(super) fn free_teleset(&mut self, key: Key) {
        for other in self.others_here(key) {
            let registration = self.registrations.get(other);
            let who = registration.and_then(|known| known.agent.clone().zip(known.login.clone()));
            if let Some((agent, by)) = who {
                tracing::info!(%agent, "signed out: another agent logs in at the same phone and machine");
                self.command(by, agent, Verb::SignOut { reason: None }, Ask::Unasked);
            }
        }
    }

    /// The agent is logged in at this registration: from here on it is the only one of the agent's.
    pub(super) fn prove(&mut self, key: Key) {
        let Some(registration) = self.registrations.get(key).filter(|known| known.is_unproven()) else {
            return;
        };
        let agent = registration.agent.clone();
        let mut earlier = self.others_here(key);
        earlier.extend(agent.and_then(|agent| self.registrations.of_agent(&agent)));
        earlier.into_iter().for_each(|before| self.retire(before, key));
        self.timers.cancel(&(key, Due::Unproven));
        self.registrations.stand(key, Standing::Proven);
        self.watch(key);
    }

    /// The floor has another agent for a registration: that it is this one has to be proven.
    pub(super) fn reassign(&mut self, key: Key, agent: Option<AgentId>) {
        let Some(registration) = self.registrations.get_mut(key) else { return };
        if registration.is_unproven() {
            registration.agent = agent;
            return;
        }
        self.timers.cancel(&(key, Due::Silence));
        self.registrations.reassign(key, agent);
        self.timers.set((key, Due::Unproven), self.out.now() + UNPROVEN_LIFE);
    }

    /// Proven registrations of other agents for the same teleset at the same machine.
    fn others_here(&self, key: Key) -> Vec<Key> {
        let Some(registration) = self.registrations.get(key) else { return Vec::new() };
        let here = self.registrations.of_teleset(registration.teleset.as_str());
        let others = here.filter(|(_, known)| {
            known.is_proven() && known.client == registration.client && known.agent != registration.agent
        });
        others.map(|(key, _)| key).collect()
    }

    /// Ends a registration for another that has been proven. Its listener is told that the calls it knows of are over there.
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
        self.timers.cancel(&(before, Due::Silence));
        self.registrations.stand(before, Standing::Leaving);
        if let Some(registration) = self.registrations.get_mut(before) {
            (registration.agent, registration.login) = (None, None);
            for (call, told) in std::mem::take(&mut registration.told) {
                if told != Told::GivenUp {
                    let body = Event::CallReleased(call.to_string()).print().into();
                    registration.outbox.push(Post { call, body });
                }
            }
        }
        self.post_next(before);
    }

    /// Ends a registration that leaves, when nothing is left to be posted.
    pub(super) fn left(&mut self, key: Key) {
        let leaving = self.registrations.get(key).filter(|known| known.standing == Standing::Leaving);
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
        tracing::info!(agent, %from, %to, from_teleset, to_teleset, "logged in again: events go to the new listener");
    } else {
        let (from_client, to_client) = (old.client, new.client);
        tracing::warn!(agent, %from_client, %to_client, %from, %to, from_teleset, to_teleset,
            "logged in from another machine: the agent moves there");
    }
}
