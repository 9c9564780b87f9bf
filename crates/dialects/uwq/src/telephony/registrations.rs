//! All registered EBS clients, by teleset, by agent and by machine.
//!
//! One teleset or agent may have several registrations. At most one of an agent is proven; the others are claims.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, DeviceId, Timestamp};

use super::registration::{Client, Key, Registration, RegistrationState};
use crate::wire::AgentLine;

/// All registered EBS clients.
#[derive(Debug, Default)]
pub(super) struct Registrations {
    all: BTreeMap<Key, Registration>,
    /// Registrations that callouts may mean, by teleset. Leaving ones are not included.
    by_teleset: BTreeMap<DeviceId, BTreeSet<Key>>,
    /// The proven registration of each agent.
    by_agent: BTreeMap<AgentId, Key>,
    /// The unproven registrations, the oldest first.
    unproven: BTreeSet<Key>,
    clients: BTreeMap<Client, Presence>,
    /// Agents whose desk may have come or gone.
    changed: BTreeSet<AgentId>,
}

/// What is known of a machine with clients.
#[derive(Debug)]
struct Presence {
    registrations: usize,
    /// Its unproven registrations, the oldest first.
    unproven: BTreeSet<Key>,
    /// When the last `CheckStatus` came. It does not say from which client.
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
        self.changed.extend(registration.as_ref().and_then(|registration| registration.agent.clone()));
        registration
    }

    /// Takes the agents whose desk may have come or gone.
    pub(super) fn take_changed(&mut self) -> BTreeSet<AgentId> {
        std::mem::take(&mut self.changed)
    }

    /// Whether an agent is logged in from a client that is not silent.
    pub(super) fn is_attended(&self, agent: &AgentId) -> bool {
        let registration = self.of_agent(agent).and_then(|key| self.get(key));
        registration.is_some_and(|registration| registration.login.is_some() && !registration.stale)
    }

    /// All registrations of a teleset, the oldest first.
    pub(super) fn of_teleset(&self, teleset: &str) -> impl Iterator<Item = (Key, &Registration)> {
        let keys = self.by_teleset.get(teleset).into_iter().flatten();
        keys.filter_map(|key| Some((*key, self.all.get(key)?)))
    }

    /// The registrations of a line at one machine: at most one proven and one unproven.
    pub(super) fn of_line(
        &self,
        client: Client,
        line: &AgentLine,
    ) -> impl Iterator<Item = (Key, &Registration)> {
        let here = self.of_teleset(&line.teleset).filter(move |(_, known)| known.client == client);
        here.filter(|(_, known)| known.acd_id == line.agent)
    }

    /// The registration where an agent has logged in.
    pub(super) fn of_agent(&self, agent: &AgentId) -> Option<Key> {
        self.by_agent.get(agent).copied()
    }

    /// The oldest unproven registration, of one machine or of all.
    pub(super) fn oldest_unproven(&self, client: Option<Client>) -> Option<Key> {
        let keys = match client {
            Some(client) => &self.clients.get(&client)?.unproven,
            None => &self.unproven,
        };
        keys.first().copied()
    }

    /// The number of unproven registrations of a machine.
    pub(super) fn unproven_of(&self, client: Client) -> usize {
        self.clients.get(&client).map_or(0, |presence| presence.unproven.len())
    }

    /// Adds a registration. An agent must have no more than one proven registration.
    pub(super) fn insert(&mut self, key: Key, registration: Registration) {
        let (unproven, proven) = (registration.is_unproven(), registration.is_proven());
        if unproven || proven {
            self.by_teleset.entry(registration.teleset.clone()).or_default().insert(key);
            let seen = registration.seen;
            let presence = self.clients.entry(registration.client).or_insert(Presence {
                registrations: 0,
                unproven: BTreeSet::new(),
                seen,
            });
            presence.registrations += 1;
            if unproven {
                presence.unproven.insert(key);
                self.unproven.insert(key);
            }
        }
        if let Some(agent) = registration.agent.as_ref().filter(|_| proven) {
            self.by_agent.insert(agent.clone(), key);
            self.changed.insert(agent.clone());
        }
        self.all.insert(key, registration);
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Registration> {
        let registration = self.all.remove(&key)?;
        self.unproven.remove(&key);
        if let Some(keys) = self.by_teleset.get_mut(&registration.teleset) {
            keys.remove(&key);
            if keys.is_empty() {
                self.by_teleset.remove(&registration.teleset);
            }
        }
        self.changed.extend(registration.agent.clone());
        if let Some(agent) = registration.agent.as_ref().filter(|agent| self.of_agent(agent) == Some(key)) {
            self.by_agent.remove(agent);
        }
        if registration.state != RegistrationState::Leaving {
            self.leave_machine(key, registration.client);
        }
        Some(registration)
    }

    fn leave_machine(&mut self, key: Key, client: Client) {
        let Some(presence) = self.clients.get_mut(&client) else { return };
        presence.unproven.remove(&key);
        presence.registrations -= 1;
        if presence.registrations == 0 {
            self.clients.remove(&client);
        }
    }

    /// Changes the state of a registration.
    pub(super) fn set_state(&mut self, key: Key, state: RegistrationState) {
        if let Some(mut registration) = self.remove(key) {
            registration.state = state;
            self.insert(key, registration);
        }
    }

    /// Records a `CheckStatus` from a machine. Returns whether it has registrations.
    pub(super) fn check_in(&mut self, client: Client, now: Timestamp) -> bool {
        let Some(presence) = self.clients.get_mut(&client) else { return false };
        presence.seen = now;
        for registration in self.all.values_mut().filter(|one| one.client == client && one.stale) {
            registration.stale = false;
            self.changed.extend(registration.agent.clone());
        }
        true
    }

    /// When a registration or its machine was last active.
    pub(super) fn seen(&self, registration: &Registration) -> Timestamp {
        let machine = self.clients.get(&registration.client).map(|presence| presence.seen);
        registration.seen.max(machine.unwrap_or_default())
    }

    /// Changes the agent of a registration. The former agent is no longer logged in here, and the new one must log in.
    pub(super) fn reassign(&mut self, key: Key, agent: Option<AgentId>) {
        let Some(mut registration) = self.remove(key) else { return };
        registration.agent = agent;
        registration.login = None;
        registration.announced.clear();
        registration.state = RegistrationState::Unproven;
        self.insert(key, registration);
    }
}
