//! The client's objects, by their targets: sessions, channel groups, channels, interactions, conversations (harmony.md §3, §4).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use compact_str::CompactString;
use model::{AgentId, CallId, Data, DeviceId};

use crate::wire::{
    Event,
    limits::OBJECTS_PER_SESSION_MAX,
    reply::Member,
    words::{ConversationState, Direction, InteractionState, LoginState},
};

/// The stage of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The client is creating it.
    Creating,
    /// The client was queried for its state. No event may come before the response.
    Initialising,
    /// Its children are not ready yet. Events wait.
    Filling,
    /// Events are handled immediately.
    Ready,
}

/// An object.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) parent: Option<CompactString>,
    pub(super) children: BTreeSet<CompactString>,
    pub(super) agent: AgentId,
    /// The client's ID of it.
    pub(super) native: CompactString,
    pub(super) stage: Stage,
    /// Waiting events, in order.
    pub(super) waiting: VecDeque<Event>,
    pub(super) kind: Kind,
}

/// The kind of an object.
#[derive(Debug)]
pub(super) enum Kind {
    Session,
    Group,
    Channel(Channel),
    Interaction(Interaction),
    Conversation(Conversation),
}

#[derive(Debug)]
pub(super) struct Channel {
    /// The phone; `None` for an unsupported channel.
    pub(super) device: Option<DeviceId>,
    pub(super) login: LoginState,
    /// The data for the next dialed call.
    pub(super) dialled: Option<Data>,
}

#[derive(Debug)]
pub(super) struct Interaction {
    pub(super) device: DeviceId,
    pub(super) state: InteractionState,
    /// The data that the client reported, with the changes requested since then.
    pub(super) data: Data,
    /// The names with unanswered changes, and how many. Values that the client reports for them are outdated.
    pub(super) requested: BTreeMap<CompactString, usize>,
    /// Whether the agent was notified that a part of the data cannot be kept.
    pub(super) omission_reported: bool,
    /// The call of its first leg, which identifies it for the hub.
    pub(super) call: Option<CallId>,
    /// The leg with the customer.
    pub(super) primary: Option<CompactString>,
    /// Set if the hub has completed it before it ended, with the disposition.
    pub(super) completed: Option<Option<CompactString>>,
}

#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) device: DeviceId,
    pub(super) call: CallId,
    pub(super) state: ConversationState,
    pub(super) direction: Option<Direction>,
    pub(super) members: Vec<Member>,
    /// The state that was last reported to the hub.
    pub(super) shown: Option<ConversationState>,
    /// Whether this session has requested its end.
    pub(super) leaving: bool,
}

/// All objects.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: BTreeMap<CompactString, Node>,
    /// The conversations by call.
    calls: BTreeMap<CallId, CompactString>,
    /// The interactions by the call of their first leg.
    interactions: BTreeMap<CallId, CompactString>,
    /// The number of objects of each agent.
    counts: BTreeMap<AgentId, usize>,
    /// The number of waiting events of all objects.
    waiting: usize,
    /// The number of objects that are not ready.
    unready: usize,
}

impl Tree {
    pub(super) fn get(&self, target: &str) -> Option<&Node> {
        self.nodes.get(target)
    }

    pub(super) fn get_mut(&mut self, target: &str) -> Option<&mut Node> {
        self.nodes.get_mut(target)
    }

    pub(super) fn channel_mut(&mut self, target: &str) -> Option<&mut Channel> {
        match &mut self.nodes.get_mut(target)?.kind {
            Kind::Channel(channel) => Some(channel),
            Kind::Session | Kind::Group | Kind::Interaction(_) | Kind::Conversation(_) => None,
        }
    }

    pub(super) fn interaction(&self, target: &str) -> Option<&Interaction> {
        match &self.nodes.get(target)?.kind {
            Kind::Interaction(interaction) => Some(interaction),
            Kind::Session | Kind::Group | Kind::Channel(_) | Kind::Conversation(_) => None,
        }
    }

    pub(super) fn interaction_mut(&mut self, target: &str) -> Option<&mut Interaction> {
        match &mut self.nodes.get_mut(target)?.kind {
            Kind::Interaction(interaction) => Some(interaction),
            Kind::Session | Kind::Group | Kind::Channel(_) | Kind::Conversation(_) => None,
        }
    }

    pub(super) fn conversation(&self, target: &str) -> Option<&Conversation> {
        match &self.nodes.get(target)?.kind {
            Kind::Conversation(conversation) => Some(conversation),
            Kind::Session | Kind::Group | Kind::Channel(_) | Kind::Interaction(_) => None,
        }
    }

    pub(super) fn conversation_mut(&mut self, target: &str) -> Option<&mut Conversation> {
        match &mut self.nodes.get_mut(target)?.kind {
            Kind::Conversation(conversation) => Some(conversation),
            Kind::Session | Kind::Group | Kind::Channel(_) | Kind::Interaction(_) => None,
        }
    }

    /// The conversation of a call.
    pub(super) fn of_call(&self, call: &CallId) -> Option<&CompactString> {
        self.calls.get(call)
    }

    /// The interaction that began with a call.
    pub(super) fn began_with(&self, call: &CallId) -> Option<&CompactString> {
        self.interactions.get(call)
    }

    pub(super) fn parent(&self, target: &str) -> Option<&CompactString> {
        self.get(target)?.parent.as_ref()
    }

    pub(super) fn children(&self, target: &str) -> Vec<CompactString> {
        self.get(target).map(|node| node.children.iter().cloned().collect()).unwrap_or_default()
    }

    /// The child with the client's ID `native`.
    pub(super) fn child(&self, target: &str, native: &str) -> Option<&CompactString> {
        let mut children = self.get(target)?.children.iter();
        children.find(|child| self.get(child).is_some_and(|node| node.native == native))
    }

    /// The supported channel of an agent's session.
    pub(super) fn channel_of(&self, session: &str) -> Option<&CompactString> {
        let groups = self.get(session)?.children.iter().filter_map(|group| self.get(group));
        let mut channels = groups.flat_map(|group| group.children.iter());
        channels.find(|target| match self.get(target).map(|node| &node.kind) {
            Some(Kind::Channel(channel)) => channel.device.is_some(),
            Some(Kind::Session | Kind::Group | Kind::Interaction(_) | Kind::Conversation(_)) | None => false,
        })
    }

    /// Adds an object, unless its agent has too many. Returns whether it was added.
    pub(super) fn put(&mut self, target: CompactString, node: Node) -> bool {
        let count = self.counts.entry(node.agent.clone()).or_default();
        if *count >= OBJECTS_PER_SESSION_MAX {
            return false;
        }
        *count += 1;
        self.unready += 1;
        if let Some(parent) = node.parent.as_ref().and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.insert(target.clone());
        }
        if let Kind::Conversation(conversation) = &node.kind {
            self.calls.insert(conversation.call.clone(), target.clone());
        }
        self.nodes.insert(target, node);
        true
    }

    /// Sets the call with which an interaction began.
    pub(super) fn begin(&mut self, target: &CompactString, call: CallId) {
        if let Some(interaction) = self.interaction_mut(target) {
            interaction.call = Some(call.clone());
            self.interactions.insert(call, target.clone());
        }
    }

    /// Removes an object and its children.
    pub(super) fn remove(&mut self, target: &str) {
        let Some(node) = self.nodes.remove(target) else { return };
        if let Some(parent) = node.parent.as_ref().and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.remove(target);
        }
        self.waiting -= node.waiting.len();
        self.unready -= usize::from(node.stage != Stage::Ready);
        if let Some(count) = self.counts.get_mut(&node.agent) {
            *count -= 1;
        }
        match &node.kind {
            Kind::Conversation(conversation) => drop(self.calls.remove(&conversation.call)),
            Kind::Interaction(interaction) => {
                interaction.call.iter().for_each(|call| drop(self.interactions.remove(call)));
            }
            Kind::Session | Kind::Group | Kind::Channel(_) => {}
        }
        node.children.iter().for_each(|child| self.remove(child));
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds a waiting event. Returns how many the object has.
    pub(super) fn wait(&mut self, target: &str, event: Event) -> usize {
        let Some(node) = self.nodes.get_mut(target) else { return 0 };
        node.waiting.push_back(event);
        self.waiting += 1;
        node.waiting.len()
    }

    /// Takes the waiting events.
    pub(super) fn release(&mut self, target: &str) -> VecDeque<Event> {
        let waiting = self.nodes.get_mut(target).map(|node| std::mem::take(&mut node.waiting));
        let waiting = waiting.unwrap_or_default();
        self.waiting -= waiting.len();
        waiting
    }

    /// Whether all objects are ready.
    pub(super) fn is_ready(&self) -> bool {
        self.unready == 0
    }

    /// Marks an object as ready.
    pub(super) fn ready(&mut self, target: &str) {
        if let Some(node) = self.nodes.get_mut(target).filter(|node| node.stage != Stage::Ready) {
            node.stage = Stage::Ready;
            self.unready -= 1;
        }
    }

    /// All conversations, in the order of their calls.
    pub(super) fn conversations(&self) -> impl Iterator<Item = (&CompactString, &Conversation)> {
        self.calls.values().filter_map(|target| Some((target, self.conversation(target)?)))
    }

    pub(super) fn sessions(&self) -> Vec<CompactString> {
        let sessions = self.nodes.iter().filter(|(_, node)| matches!(node.kind, Kind::Session));
        sessions.map(|(target, _)| target.clone()).collect()
    }

    pub(super) fn held(&self) -> usize {
        self.nodes.len() + self.waiting
    }
}

impl Interaction {
    /// Counts requested changes of these names.
    pub(super) fn request(&mut self, names: &[CompactString]) {
        for name in names {
            *self.requested.entry(name.clone()).or_default() += 1;
        }
    }

    /// Counts answered changes of these names.
    pub(super) fn answered(&mut self, names: &[CompactString]) {
        for name in names {
            if let Some(count) = self.requested.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.requested.remove(name);
                }
            }
        }
    }

    /// Replaces outdated values in reported data by the requested ones.
    pub(super) fn keep_requested(&self, data: &mut Data) {
        for name in self.requested.keys() {
            match self.data.get(name) {
                Some(value) => {
                    // Pairs above the limit are left out.
                    let _ = data.set(name, value);
                }
                None => {
                    data.unset(name);
                }
            }
        }
    }
}
