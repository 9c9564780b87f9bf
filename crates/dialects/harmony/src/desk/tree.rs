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

/// How far an object has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The client has yet to prepare it.
    Creating,
    /// The client has yet to say how it stands. No event may come before.
    Initialising,
    /// Objects within it have yet to be ready; events wait.
    Filling,
    /// Events are taken as they come.
    Ready,
}

/// One object.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) parent: Option<CompactString>,
    pub(super) children: BTreeSet<CompactString>,
    pub(super) agent: AgentId,
    /// The client's id for it.
    pub(super) native: CompactString,
    pub(super) stage: Stage,
    /// Events that wait, in the order in which they came.
    pub(super) waiting: VecDeque<Event>,
    pub(super) kind: Kind,
}

/// What an object is.
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
    /// The phone; none for an unsupported channel.
    pub(super) device: Option<DeviceId>,
    pub(super) login: LoginState,
    /// Data for the next call that is dialled there.
    pub(super) dialled: Option<Data>,
}

#[derive(Debug)]
pub(super) struct Interaction {
    pub(super) device: DeviceId,
    pub(super) state: InteractionState,
    /// As the client said last, with what it was asked to set since then.
    pub(super) data: Data,
    /// Names that the client was asked to set and has not answered about, and how often: what it says of them is older.
    pub(super) asked: BTreeMap<CompactString, usize>,
    /// The call of its first leg, by which the hub knows it.
    pub(super) call: Option<CallId>,
    /// The leg with the customer.
    pub(super) primary: Option<CompactString>,
    /// The hub has completed it, with this disposition, before it ended here.
    pub(super) completed: Option<Option<CompactString>>,
}

#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) device: DeviceId,
    pub(super) call: CallId,
    pub(super) state: ConversationState,
    pub(super) direction: Option<Direction>,
    pub(super) members: Vec<Member>,
    /// The state that the hub was told.
    pub(super) shown: Option<ConversationState>,
    /// We asked for its end.
    pub(super) leaving: bool,
}

/// All objects.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: BTreeMap<CompactString, Node>,
    /// Conversations by their calls.
    calls: BTreeMap<CallId, CompactString>,
    /// Interactions by the calls of their first legs.
    interactions: BTreeMap<CallId, CompactString>,
    /// How many objects each agent has.
    counts: BTreeMap<AgentId, usize>,
    /// Events that wait, over all objects.
    waiting: usize,
    /// How many objects are not ready.
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

    /// The child that the client calls `native`.
    pub(super) fn child(&self, target: &str, native: &str) -> Option<&CompactString> {
        let mut children = self.get(target)?.children.iter();
        children.find(|child| self.get(child).is_some_and(|node| node.native == native))
    }

    /// The one phone of an agent's session.
    pub(super) fn channel_of(&self, session: &str) -> Option<&CompactString> {
        let groups = self.get(session)?.children.iter().filter_map(|group| self.get(group));
        let mut channels = groups.flat_map(|group| group.children.iter());
        channels.find(|target| match self.get(target).map(|node| &node.kind) {
            Some(Kind::Channel(channel)) => channel.device.is_some(),
            Some(Kind::Session | Kind::Group | Kind::Interaction(_) | Kind::Conversation(_)) | None => false,
        })
    }

    /// Adds an object, if its agent may have another one.
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

    /// Says with which call an interaction began.
    pub(super) fn begin(&mut self, target: &CompactString, call: CallId) {
        if let Some(interaction) = self.interaction_mut(target) {
            interaction.call = Some(call.clone());
            self.interactions.insert(call, target.clone());
        }
    }

    /// Forgets an object and all within it.
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

    /// Lets an event wait; gives how many of the object's do.
    pub(super) fn wait(&mut self, target: &str, event: Event) -> usize {
        let Some(node) = self.nodes.get_mut(target) else { return 0 };
        node.waiting.push_back(event);
        self.waiting += 1;
        node.waiting.len()
    }

    /// Takes the events that waited.
    pub(super) fn release(&mut self, target: &str) -> VecDeque<Event> {
        let waiting = self.nodes.get_mut(target).map(|node| std::mem::take(&mut node.waiting));
        let waiting = waiting.unwrap_or_default();
        self.waiting -= waiting.len();
        waiting
    }

    /// Whether every object of every session is ready.
    pub(super) fn is_ready(&self) -> bool {
        self.unready == 0
    }

    /// An object is ready, and stays so.
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
    /// The client is asked to set data under these names.
    pub(super) fn ask(&mut self, names: &[CompactString]) {
        for name in names {
            *self.asked.entry(name.clone()).or_default() += 1;
        }
    }

    /// The client has answered about these names.
    pub(super) fn answered(&mut self, names: &[CompactString]) {
        for name in names {
            if let Some(count) = self.asked.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.asked.remove(name);
                }
            }
        }
    }

    /// Puts into data that the client told what it has yet to take over.
    pub(super) fn keep_asked(&self, data: &mut Data) {
        for name in self.asked.keys() {
            match self.data.get(name) {
                Some(value) => {
                    // A pair too many is left out.
                    let _ = data.set(name, value);
                }
                None => {
                    data.unset(name);
                }
            }
        }
    }
}
