//! The objects that the bridge has created, by their targets, which mean nothing to us (harmony.md §3).

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
    /// Sessions began or ended since somebody asked.
    moved: bool,
}

/// One object.
#[derive(Debug)]
pub(super) struct Object {
    parent: Option<CompactString>,
    pub(super) children: BTreeSet<CompactString>,
    /// The bridge's id for it.
    id: CompactString,
    /// Its first query was answered: it may tell events.
    pub(super) ready: bool,
    pub(super) kind: Kind,
}

/// What an object is, and what the bridge was told of it.
#[derive(Debug)]
pub(super) enum Kind {
    Session(Session),
    Group(Group),
    Channel(Channel),
    Interaction(Told),
    Conversation(ToldLeg),
}

/// An agent at work with Harmony.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) agent: AgentId,
    /// Who asks, for this agent.
    pub(super) by: Principal,
    /// The phone that the bridge named.
    pub(super) extension: Option<DeviceId>,
    /// Groups that the bridge added.
    pub(super) groups: Vec<GroupEntry>,
}

#[derive(Debug)]
pub(super) struct Group {
    pub(super) native: CompactString,
    pub(super) channels: Vec<ChannelEntry>,
}

#[derive(Debug)]
pub(super) struct Channel {
    /// The phone; none for an unsupported channel.
    pub(super) device: Option<DeviceId>,
    pub(super) login: LoginState,
    pub(super) agent: Option<AgentState>,
    /// Interactions that the bridge was told of.
    pub(super) told: BTreeSet<InteractionId>,
}

/// What the bridge was told of an interaction.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) id: InteractionId,
    pub(super) state: InteractionState,
    pub(super) data: Value,
    /// Conversations that it was told of.
    pub(super) legs: BTreeSet<ConversationId>,
}

/// What the bridge was told of a conversation.
#[derive(Debug)]
pub(super) struct ToldLeg {
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

    /// Targets within an object of some depth, in order.
    pub(super) fn children(&self, target: &str) -> Vec<CompactString> {
        self.get(target).map(|object| object.children.iter().cloned().collect()).unwrap_or_default()
    }

    /// The child that the bridge calls `id`.
    pub(super) fn child(&self, target: &str, id: &str) -> Option<CompactString> {
        let mut children = self.get(target)?.children.iter();
        children.find(|child| self.get(child).is_some_and(|object| object.id == id)).cloned()
    }

    pub(super) fn put_session(&mut self, create: &Create, control: &str, session: Session) {
        let parent = control.rsplit_once('.').map_or(control, |(processor, _)| processor);
        let target = create.target.clone().unwrap_or_else(|| format_compact!("{parent}.{}", create.id));
        self.remove(&target);
        self.moved = true;
        self.sessions.insert(session.agent.clone(), target.clone());
        self.by_target.insert(target, Object::new(None, &create.id, Kind::Session(session)));
    }

    /// Registers a child; one that had the target before is forgotten.
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

    /// Finds the target that a first query to an unknown target is meant for: the bridge may name objects by a rule of its own, of
    /// which all that is expected is that a target ends with the object's id.
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

    /// Forgets an object and all within it.
    pub(super) fn remove(&mut self, target: &str) {
        let Some(object) = self.by_target.remove(target) else { return };
        if let Some(parent) = object.parent.as_ref().and_then(|parent| self.by_target.get_mut(parent)) {
            parent.children.remove(target);
        }
        if object.parent.is_none() {
            self.moved = true;
            self.sessions.retain(|_, session| session != target);
        }
        object.children.iter().for_each(|child| self.remove(child));
    }

    pub(super) fn clear(&mut self) {
        *self = Self { moved: true, ..Self::default() };
    }

    /// Whether sessions began or ended since this was asked last.
    pub(super) fn take_moved(&mut self) -> bool {
        std::mem::take(&mut self.moved)
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
