//! All EBS clients that are registered, found by teleset, by agent and by where they are.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, DeviceId, Timestamp};

use super::registration::{Client, Key, Registration};

/// All EBS clients that are registered.
#[derive(Debug, Default)]
pub(super) struct Registrations {
    all: BTreeMap<Key, Registration>,
    by_teleset: BTreeMap<DeviceId, Key>,
    by_agent: BTreeMap<AgentId, Key>,
    clients: BTreeMap<Client, Presence>,
    /// Agents whose desk may have come or gone.
    stirred: BTreeSet<AgentId>,
}

/// What is known of a machine on which clients run.
#[derive(Debug)]
struct Presence {
    registrations: usize,
    /// The last `CheckStatus`, which does not say of which client it is.
    seen: Timestamp,
}

impl Registrations {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Registration> {
        self.all.values()
    }

    pub(super) fn keys(&self) -> Vec<Key> {
        self.all.keys().copied().collect()
    }

    pub(super) fn get(&self, key: Key) -> Option<&Registration> {
        self.all.get(&key)
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Registration> {
        let registration = self.all.get_mut(&key);
        self.stirred.extend(registration.as_ref().and_then(|registration| registration.agent.clone()));
        registration
    }

    /// Takes the agents whose desk may have come or gone.
    pub(super) fn take_stirred(&mut self) -> BTreeSet<AgentId> {
        std::mem::take(&mut self.stirred)
    }

    /// Whether an agent is logged in from a client that is not silent.
    pub(super) fn is_attended(&self, agent: &AgentId) -> bool {
        let registration = self.of_agent(agent).and_then(|key| self.get(key));
        registration.is_some_and(|registration| registration.login.is_some() && !registration.stale)
    }

    pub(super) fn of_teleset(&self, teleset: &str) -> Option<Key> {
        self.by_teleset.get(teleset).copied()
    }

    pub(super) fn of_agent(&self, agent: &AgentId) -> Option<Key> {
        self.by_agent.get(agent).copied()
    }

    /// Takes one in. The teleset and the agent must be free.
    pub(super) fn insert(&mut self, key: Key, registration: Registration) {
        self.by_teleset.insert(registration.teleset.clone(), key);
        if let Some(agent) = &registration.agent {
            self.by_agent.insert(agent.clone(), key);
            self.stirred.insert(agent.clone());
        }
        let seen = registration.seen;
        self.clients
            .entry(registration.client)
            .or_insert(Presence { registrations: 0, seen })
            .registrations += 1;
        self.all.insert(key, registration);
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Registration> {
        let registration = self.all.remove(&key)?;
        self.by_teleset.remove(&registration.teleset);
        self.stirred.extend(registration.agent.clone());
        if let Some(agent) = registration.agent.as_ref().filter(|agent| self.of_agent(agent) == Some(key)) {
            self.by_agent.remove(agent);
        }
        if let Some(presence) = self.clients.get_mut(&registration.client) {
            presence.registrations -= 1;
            if presence.registrations == 0 {
                self.clients.remove(&registration.client);
            }
        }
        Some(registration)
    }

    /// Says whether somebody there is registered, and remembers that the machine was heard of.
    pub(super) fn check_in(&mut self, client: Client, now: Timestamp) -> bool {
        let Some(presence) = self.clients.get_mut(&client) else { return false };
        presence.seen = now;
        for registration in self.all.values_mut().filter(|one| one.client == client && one.stale) {
            registration.stale = false;
            self.stirred.extend(registration.agent.clone());
        }
        true
    }

    /// When a registration was last heard of, itself or its machine.
    pub(super) fn seen(&self, registration: &Registration) -> Timestamp {
        let machine = self.clients.get(&registration.client).map(|presence| presence.seen);
        registration.seen.max(machine.unwrap_or_default())
    }

    /// The floor has another agent for a registration, or none. Whoever it was is not logged in here any longer.
    pub(super) fn reassign(&mut self, key: Key, agent: Option<AgentId>) {
        let Some(registration) = self.all.get_mut(&key) else { return };
        let before = std::mem::replace(&mut registration.agent, agent.clone());
        self.stirred.extend(before.iter().chain(&agent).cloned());
        registration.login = None;
        registration.told.clear();
        if let Some(before) = before.filter(|before| self.by_agent.get(before) == Some(&key)) {
            self.by_agent.remove(&before);
        }
        if let Some(agent) = agent {
            self.by_agent.insert(agent, key);
        }
    }
}
