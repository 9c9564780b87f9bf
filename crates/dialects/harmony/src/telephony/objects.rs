//! The objects that the bridge has created, by their targets, which are opaque to the client (harmony.md §3).

use std::collections::{BTreeMap, BTreeSet};

use compact_str::{CompactString, format_compact};
use model::{AgentId, ConversationId, DeviceId, InteractionId, Principal};
use serde_json::Value;

use crate::wire::{
    Create,
    reply::{AgentState, ChannelEntry, GroupEntry, Member},
    words::{ConversationState, InteractionState, LoginState},
};

/// All objects.
#[derive(Debug, Default)]
pub(super) struct Objects {
    by_target: BTreeMap<CompactString, Object>,
    sessions: BTreeMap<AgentId, CompactString>,
    /// Whether sessions were added or removed since the last check.
    sessions_changed: bool,
}

/// An object.
#[derive(Debug)]
pub(super) struct Object {
    parent: Option<CompactString>,
    pub(super) children: BTreeSet<CompactString>,
    /// The bridge's ID of it.
    id: CompactString,
    /// Whether its first query was answered, so that it may send events.
    pub(super) ready: bool,
    pub(super) kind: Kind,
}

/// The kind of an object, and what was reported of it.
#[derive(Debug)]
pub(super) enum Kind {
    Session(Session),
    Group(Group),
    Channel(Channel),
    Interaction(ReportedInteraction),
    Conversation(ReportedConversation),
}

/// The session of an agent.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) agent: AgentId,
    /// The principal of the agent.
    pub(super) by: Principal,
    /// The phone that the bridge has named.
    pub(super) extension: Option<DeviceId>,
    /// The groups that the bridge has added.
    pub(super) groups: Vec<GroupEntry>,
}

#[derive(Debug)]
pub(super) struct Group {
    pub(super) native: CompactString,
    pub(super) channels: Vec<ChannelEntry>,
}

#[derive(Debug)]
pub(super) struct Channel {
    /// The phone; `None` for an unsupported channel.
    pub(super) device: Option<DeviceId>,
    pub(super) login: LoginState,
    pub(super) agent: Option<AgentState>,
    /// The interactions that were reported.
    pub(super) reported: BTreeSet<InteractionId>,
}

/// What was reported of an interaction.
#[derive(Debug)]
pub(super) struct ReportedInteraction {
    pub(super) id: InteractionId,
    pub(super) state: InteractionState,
    pub(super) data: Value,
    /// The conversations that were reported.
    pub(super) legs: BTreeSet<ConversationId>,
}

/// What was reported of a conversation.
#[derive(Debug)]
pub(super) struct ReportedConversation {
    pub(super) interaction: InteractionId,
    pub(super) id: ConversationId,
    pub(super) state: ConversationState,
    pub(super) members: Vec<Member>,
}

impl Objects {
    pub(super) fn get(&self, target: &str) -> Option<&Object> {
        self.by_target.get(target)
    }

    pub(super) fn get_mut(&mut self, target: &str) -> Option<&mut Object> {
        self.by_target.get_mut(target)
    }

    pub(super) fn session_of(&self, agent: &AgentId) -> Option<&CompactString> {
        self.sessions.get(agent)
    }

    pub(super) fn agents(&self) -> Vec<AgentId> {
        self.sessions.keys().cloned().collect()
    }

    /// The session that an object belongs to.
    pub(super) fn session(&self, target: &str) -> Option<&Session> {
        let mut object = self.get(target)?;
        while let Some(parent) = &object.parent {
            object = self.get(parent)?;
        }
        match &object.kind {
            Kind::Session(session) => Some(session),
            Kind::Group(_) | Kind::Channel(_) | Kind::Interaction(_) | Kind::Conversation(_) => None,
        }
    }

    pub(super) fn parent(&self, target: &str) -> Option<&CompactString> {
        self.get(target)?.parent.as_ref()
    }

    /// The targets of an object's children, in order.
    pub(super) fn children(&self, target: &str) -> Vec<CompactString> {
        self.get(target).map(|object| object.children.iter().cloned().collect()).unwrap_or_default()
    }

    /// The child with the bridge's ID `id`.
    pub(super) fn child(&self, target: &str, id: &str) -> Option<CompactString> {
        let mut children = self.get(target)?.children.iter();
        children.find(|child| self.get(child).is_some_and(|object| object.id == id)).cloned()
    }

    pub(super) fn put_session(&mut self, create: &Create, control: &str, session: Session) {
        let parent = control.rsplit_once('.').map_or(control, |(processor, _)| processor);
        let target = create.target.clone().unwrap_or_else(|| format_compact!("{parent}.{}", create.id));
        self.remove(&target);
        self.sessions_changed = true;
        self.sessions.insert(session.agent.clone(), target.clone());
        self.by_target.insert(target, Object::new(None, &create.id, Kind::Session(session)));
    }

    /// Adds a child. Replaces an object with the same target.
    pub(super) fn put(&mut self, parent: &CompactString, create: &Create, kind: Kind) {
        let target = create.target.clone().unwrap_or_else(|| format_compact!("{parent}.{}", create.id));
        if target == *parent {
            return;
        }
        self.remove(&target);
        if let Some(object) = self.by_target.get_mut(parent) {
            object.children.insert(target.clone());
            self.by_target.insert(target, Object::new(Some(parent.clone()), &create.id, kind));
        }
    }

    /// Binds an unknown target of a first query to its object. The bridge may form targets by its own rule; only the last part is expected to
    /// be the object's ID.
    pub(super) fn bind(&mut self, unknown: &CompactString) -> Option<()> {
        let id = unknown.rsplit('.').next()?;
        let mut fitting = self.by_target.iter().filter(|(_, object)| !object.ready && object.id == id);
        let (target, _) = fitting.next().filter(|_| fitting.next().is_none())?;
        let target = target.clone();
        let object = self.by_target.remove(&target)?;
        match object.parent.as_ref().and_then(|parent| self.by_target.get_mut(parent)) {
            Some(parent) => {
                parent.children.remove(&target);
                parent.children.insert(unknown.clone());
            }
            None => {
                let known = self.sessions.values_mut().find(|known| **known == target)?;
                known.clone_from(unknown);
            }
        }
        self.by_target.insert(unknown.clone(), object);
        Some(())
    }

    /// Removes an object and its children.
    pub(super) fn remove(&mut self, target: &str) {
        let Some(object) = self.by_target.remove(target) else { return };
        if let Some(parent) = object.parent.as_ref().and_then(|parent| self.by_target.get_mut(parent)) {
            parent.children.remove(target);
        }
        if object.parent.is_none() {
            self.sessions_changed = true;
            self.sessions.retain(|_, session| session != target);
        }
        object.children.iter().for_each(|child| self.remove(child));
    }

    pub(super) fn clear(&mut self) {
        *self = Self { sessions_changed: true, ..Self::default() };
    }

    /// Whether sessions were added or removed since the last call.
    pub(super) fn take_sessions_changed(&mut self) -> bool {
        std::mem::take(&mut self.sessions_changed)
    }

    pub(super) fn len(&self) -> usize {
        self.by_target.len()
    }
}

impl Object {
    fn new(parent: Option<CompactString>, id: &CompactString, kind: Kind) -> Self {
        Self { parent, children: BTreeSet::new(), id: id.clone(), ready: false, kind }
    }
}
