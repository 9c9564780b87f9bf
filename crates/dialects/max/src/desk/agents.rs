//! The agents of MAX, with their calls.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgentId, CallId, DeviceId, SwitchEvent, Timestamp, switch::CallPicture};
use session::{Projection, Recent, Timers};

use super::{calls::Call, follow::Availability};
use crate::wire::{
    CallContact, ContactId, Status,
    limits::{CALLS_PER_AGENT_MAX, CONTACTS_REMEMBERED_MAX, PAGE_BACK_WITHIN},
};

/// The agents of MAX.
#[derive(Debug)]
pub(super) struct MaxAgents {
    all: BTreeMap<AgentId, MaxAgent>,
    /// The calls of recent contacts. Contacts of other agents can name them as the first of their chain.
    chains: Recent<ContactId, CallId>,
    /// Whether the party of a call changed since the hub received all calls.
    is_party_changed: bool,
    /// Agents with calls but without a page, with their time limits.
    without_page: Timers<AgentId>,
}

/// An agent of MAX.
#[derive(Debug)]
pub(super) struct MaxAgent {
    pub(super) device: DeviceId,
    pub(super) calls: BTreeMap<ContactId, Call>,
    pub(super) is_muted: bool,
    /// The availability that was last passed to the hub.
    pub(super) availability: Option<Availability>,
    /// During a complete report: the calls that it has not contained so far.
    unseen: Option<BTreeSet<ContactId>>,
}

impl Default for MaxAgents {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            chains: Recent::new(CONTACTS_REMEMBERED_MAX),
            is_party_changed: false,
            without_page: Timers::default(),
        }
    }
}

impl MaxAgents {
    pub(super) fn held(&self) -> usize {
        let calls = self.all.values().flat_map(|max_agent| max_agent.calls.values());
        calls.map(|call| 1 + call.joined().count()).sum::<usize>() + self.chains.len()
    }

    /// Adds an agent with its phone. A changed phone applies from the next call on.
    pub(super) fn take(&mut self, agent: &AgentId, device: &DeviceId) {
        let max_agent = self.all.entry(agent.clone()).or_insert_with(|| MaxAgent {
            device: device.clone(),
            calls: BTreeMap::new(),
            is_muted: false,
            availability: None,
            unseen: None,
        });
        if max_agent.calls.is_empty() {
            max_agent.device.clone_from(device);
        }
    }

    pub(super) fn get_mut(&mut self, agent: &AgentId) -> Option<&mut MaxAgent> {
        self.all.get_mut(agent)
    }

    /// Finds an agent by phone, and one of its calls by ID.
    pub(super) fn find(
        &self,
        device: &DeviceId,
        call: &CallId,
    ) -> Option<(&AgentId, &MaxAgent, &ContactId, &Call)> {
        let (agent, max_agent) = self.all.iter().find(|(_, max_agent)| max_agent.device == *device)?;
        let (contact, call) = max_agent.calls.iter().find(|(_, one)| one.id == *call)?;
        Some((agent, max_agent, contact, call))
    }

    pub(super) fn mute(&mut self, agent: &AgentId, muted: bool) {
        if let Some(max_agent) = self.all.get_mut(agent) {
            max_agent.is_muted = muted;
        }
    }

    /// MAX has reported a call.
    pub(super) fn call(
        &mut self,
        agent: &AgentId,
        contact: &CallContact,
        projection: Option<&Projection>,
    ) -> Vec<SwitchEvent> {
        let Some(max_agent) = self.all.get_mut(agent) else { return Vec::new() };
        if let Some(unseen) = &mut max_agent.unseen {
            unseen.remove(&contact.id);
        }
        if let Some(call) = max_agent.calls.values_mut().find(|call| call.has_joined(&contact.id)) {
            let left = contact.status.is_over().then(|| call.part(&contact.id)).flatten();
            return left.into_iter().collect();
        }
        let mut events = Vec::new();
        if !max_agent.calls.contains_key(&contact.id) {
            if contact.status.is_over() {
                return events;
            }
            events.extend(max_agent.make_room());
            let first = self.chains.get(&contact.master).filter(|_| contact.master != contact.id);
            let id = max_agent.open(contact, first.cloned(), projection);
            self.chains.put(contact.id.clone(), id);
        }
        let Some(call) = max_agent.calls.get_mut(&contact.id) else { return events };
        self.is_party_changed |= call.change_party(contact);
        events.extend(call.apply(contact));
        if contact.status.is_over() {
            max_agent.calls.remove(&contact.id);
        }
        if contact.status == Status::Joined {
            events.extend(max_agent.join(contact));
        }
        events
    }

    /// Whether the party of a call changed since the last time.
    pub(super) fn take_party_change(&mut self) -> bool {
        std::mem::take(&mut self.is_party_changed)
    }

    /// A complete report of the agent's calls begins.
    pub(super) fn begin_picture(&mut self, agent: &AgentId) {
        self.without_page.cancel(agent);
        if let Some(max_agent) = self.all.get_mut(agent) {
            let joined = max_agent.calls.values().flat_map(Call::joined);
            max_agent.unseen = Some(max_agent.calls.keys().chain(joined).cloned().collect());
        }
    }

    /// A complete report has ended: ends the calls that it did not contain.
    pub(super) fn end_picture(&mut self, agent: &AgentId) -> Vec<SwitchEvent> {
        let Some(max_agent) = self.all.get_mut(agent) else { return Vec::new() };
        let unseen = max_agent.unseen.take().unwrap_or_default();
        let gone: Vec<Call> = unseen.iter().filter_map(|id| max_agent.calls.remove(id)).collect();
        let parted: Vec<SwitchEvent> = max_agent
            .calls
            .values_mut()
            .flat_map(|call| unseen.iter().filter_map(|id| call.part(id)))
            .collect();
        gone.iter().flat_map(Call::lose).chain(parted).collect()
    }

    /// All live calls, each after the one that it grew out of.
    pub(super) fn pictures(&self) -> Vec<CallPicture> {
        let calls = self.all.values().flat_map(|max_agent| max_agent.calls.values());
        let mut calls: Vec<&Call> = calls.collect();
        calls.sort_by_key(|call| (call.is_linked(), call.is_consult()));
        calls.into_iter().map(Call::picture).collect()
    }

    /// Starts the time limit for agents who have calls but no page.
    pub(super) fn note_missing_pages(&mut self, now: Timestamp, has_page: impl Fn(&AgentId) -> bool) {
        for (agent, max_agent) in &self.all {
            if !has_page(agent) && !max_agent.calls.is_empty() && !self.without_page.contains(agent) {
                self.without_page.set(agent.clone(), now + PAGE_BACK_WITHIN);
            }
        }
    }

    pub(super) fn due(&self) -> Option<Timestamp> {
        self.without_page.next().map(|(at, _)| at)
    }

    /// Ends the calls of agents whose page has not come back in time.
    pub(super) fn lose(&mut self, now: Timestamp) -> Vec<SwitchEvent> {
        let mut events = Vec::new();
        while let Some(agent) = self.without_page.take(now) {
            let Some(max_agent) = self.all.get_mut(&agent) else { continue };
            max_agent.availability = None;
            events.extend(std::mem::take(&mut max_agent.calls).values().flat_map(Call::lose));
        }
        events
    }
}

impl MaxAgent {
    /// Adds a call, which grew out of the one of its parent or out of the `first` call of its chain. Returns its ID.
    fn open(
        &mut self,
        contact: &CallContact,
        first: Option<CallId>,
        projection: Option<&Projection>,
    ) -> CallId {
        let linked = self.parent(contact).map(|parent| parent.id.clone()).or(first);
        let call = Call::new(contact, &self.device, linked, projection);
        let id = call.id.clone();
        self.calls.insert(contact.id.clone(), call);
        id
    }

    /// The call for which a consult was made.
    fn parent(&self, contact: &CallContact) -> Option<&Call> {
        self.calls.get(contact.parent.as_ref()?)
    }

    /// A consult that is `Joined` becomes part of the call for which it was made.
    fn join(&mut self, contact: &CallContact) -> Vec<SwitchEvent> {
        if !self.parent(contact).is_some_and(Call::can_join) {
            return Vec::new();
        }
        let Some(consult) = self.calls.remove(&contact.id) else { return Vec::new() };
        let parent = contact.parent.as_ref().and_then(|parent| self.calls.get_mut(parent));
        parent.map(|parent| parent.join(contact.id.clone(), consult)).unwrap_or_default()
    }

    /// Makes room for a call. The one with the smallest number must have ended without a report.
    fn make_room(&mut self) -> Vec<SwitchEvent> {
        if self.calls.len() < CALLS_PER_AGENT_MAX {
            return Vec::new();
        }
        self.calls.pop_first().map(|(_, call)| call.lose()).unwrap_or_default()
    }
}
